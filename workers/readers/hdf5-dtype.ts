import type { Metadata as Hdf5Type } from 'h5wasm/node';
import type { DType } from '../model/dtype.ts';

/** Type classes of the HDF5 specification. */
export const typeClass = {
  integer: 0,
  float: 1,
  string: 3,
  bitfield: 4,
  opaque: 5,
  compound: 6,
  reference: 7,
  enumeration: 8,
  variableLength: 9,
  array: 10,
  complex: 11,
} as const;

type Member = NonNullable<Hdf5Type['compound_type']>['members'][number];

/** NumPy stores booleans as an enumeration FALSE = 0, TRUE = 1 over int8. */
export function isBooleanEnumeration(type: Hdf5Type): boolean {
  const members = type.enum_type?.members ?? {};
  return type.size === 1 && Object.keys(members).length === 2 && members['FALSE'] === 0 && members['TRUE'] === 1;
}

function integerType(size: number, signed: boolean): DType | null {
  if (size === 1) return signed ? 'int8' : 'uint8';
  if (size === 2) return signed ? 'int16' : 'uint16';
  if (size === 4) return signed ? 'int32' : 'uint32';
  if (size === 8) return signed ? 'int64' : 'uint64';
  return null;
}

function floatType(size: number): DType | null {
  if (size === 2) return 'float16';
  if (size === 4) return 'float32';
  if (size === 8) return 'float64';
  return null;
}

function compoundType(members: readonly Member[]): DType | null {
  const first = members[0];
  if (!first || members.some((m) => m.type !== first.type || m.size !== first.size)) return null;
  const names = members.map((m) => m.name.toLowerCase()).join(',');
  if (first.type === typeClass.integer && !first.signed) {
    const wide = first.size === 2;
    if (first.size !== 1 && !wide) return null;
    if (names === 'r,g,b') return wide ? 'rgb16' : 'rgb8';
    if (names === 'r,g,b,a') return wide ? 'rgba16' : 'rgba8';
  }
  if (first.type === typeClass.float && members.length === 2 && /^r[^,]*,i/.test(names)) {
    if (first.size === 4) return 'complex64';
    if (first.size === 8) return 'complex128';
  }
  return null;
}

/** The element type of a data set by NumPy's name, or null when it holds no numbers (text, references, ragged rows). */
export function elementType(type: Hdf5Type): DType | null {
  switch (type.type) {
    case typeClass.integer:
      return integerType(type.size, type.signed);
    case typeClass.bitfield:
      return integerType(type.size, false);
    case typeClass.float:
      return floatType(type.size);
    case typeClass.enumeration:
      return isBooleanEnumeration(type) ? 'bool' : integerType(type.size, type.signed);
    case typeClass.complex:
      return type.size === 8 ? 'complex64' : type.size === 16 ? 'complex128' : null;
    case typeClass.compound:
      return compoundType(type.compound_type?.members ?? []);
    default:
      return null;
  }
}
