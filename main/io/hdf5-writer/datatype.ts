import { itemSize, type DType } from '../../../workers/model/dtype.ts';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import { buildBytes } from './bytes.ts';

/* Datatype messages: HDF5 file format specification, IV.A.2.d. Little-endian throughout. */

const classAndVersion = (typeClass: number, version: number): number => (version << 4) | typeClass;

const fixedPoint = (size: number, isSigned: boolean): Uint8Array =>
  buildBytes()
    .u8(classAndVersion(0, 1))
    .u8(isSigned ? 0x08 : 0)
    .u16(0)
    .u32(size)
    .u16(0)
    .u16(8 * size)
    .done();

/** IEEE 754: bits of exponent and mantissa, and the bias of the exponent. */
function floatingPoint(size: number, exponentBits: number, mantissaBits: number): Uint8Array {
  return buildBytes()
    .u8(classAndVersion(1, 1))
    .u8(0x20)
    .u8(8 * size - 1)
    .u8(0)
    .u32(size)
    .u16(0)
    .u16(8 * size)
    .u8(mantissaBits)
    .u8(exponentBits)
    .u8(0)
    .u8(mantissaBits)
    .u32(2 ** (exponentBits - 1) - 1)
    .done();
}

/** Members of one type, one behind the other without gaps. */
function compound(names: readonly string[], member: Uint8Array, memberSize: number): Uint8Array {
  const type = buildBytes()
    .u8(classAndVersion(6, 3))
    .u16(names.length)
    .u8(0)
    .u32(names.length * memberSize);
  // Offsets take as many bytes as the size of the whole needs: one.
  names.forEach((name, i) =>
    type
      .text(name)
      .u8(0)
      .u8(i * memberSize)
      .raw(member),
  );
  return type.done();
}

/** The enumeration over int8 by which NumPy's booleans are known: readers take nothing else for a boolean. */
const booleanEnumeration = (): Uint8Array =>
  buildBytes()
    .u8(classAndVersion(8, 3))
    .u16(2)
    .u8(0)
    .u32(1)
    .raw(fixedPoint(1, true))
    .text('FALSE\0TRUE\0')
    .u8(0)
    .u8(1)
    .done();

/** Text of any length in UTF-8, kept in the global heap: length, address of the collection, index in it. */
export const variableText = (): Uint8Array =>
  buildBytes()
    .u8(classAndVersion(9, 1))
    .u8(0x01)
    .u8(0x01)
    .u8(0)
    .u32(16)
    .raw(buildBytes().u8(classAndVersion(3, 1)).u8(0x10).u16(0).u32(1).done())
    .done();

/** The datatype message of an element type of ours. */
export function elementDatatype(dtype: DType): Uint8Array {
  const size = itemSize(dtype);
  switch (dtype) {
    case 'bool':
      return booleanEnumeration();
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return fixedPoint(size, true);
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return fixedPoint(size, false);
    case 'float16':
      return floatingPoint(2, 5, 10);
    case 'float32':
      return floatingPoint(4, 8, 23);
    case 'float64':
      return floatingPoint(8, 11, 52);
    case 'complex64':
      return compound(['r', 'i'], floatingPoint(4, 8, 23), 4);
    case 'complex128':
      return compound(['r', 'i'], floatingPoint(8, 11, 52), 8);
    case 'rgb8':
      return compound(['R', 'G', 'B'], fixedPoint(1, false), 1);
    case 'rgba8':
      return compound(['R', 'G', 'B', 'A'], fixedPoint(1, false), 1);
    case 'rgb16':
      return compound(['R', 'G', 'B'], fixedPoint(2, false), 2);
    case 'rgba16':
      return compound(['R', 'G', 'B', 'A'], fixedPoint(2, false), 2);
    default:
      throw new EigenscopeError('bad-request', `HDF5 has no type for ${String(dtype)}.`, { dtype: String(dtype) });
  }
}
