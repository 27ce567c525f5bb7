import type { LoadedArray } from '../../main/contract/client.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';

type Values = LoadedArray['data'];

/** Numbers per element and bytes per number of what can be fetched; complex and colour elements come interleaved. */
const layouts: Readonly<Record<string, { numbers: number; bytes: number; read(buffer: ArrayBuffer): Values }>> = {
  bool: { numbers: 1, bytes: 1, read: (b) => new Uint8Array(b) },
  int8: { numbers: 1, bytes: 1, read: (b) => new Int8Array(b) },
  uint8: { numbers: 1, bytes: 1, read: (b) => new Uint8Array(b) },
  int16: { numbers: 1, bytes: 2, read: (b) => new Int16Array(b) },
  uint16: { numbers: 1, bytes: 2, read: (b) => new Uint16Array(b) },
  int32: { numbers: 1, bytes: 4, read: (b) => new Int32Array(b) },
  uint32: { numbers: 1, bytes: 4, read: (b) => new Uint32Array(b) },
  int64: { numbers: 1, bytes: 8, read: (b) => Float64Array.from(new BigInt64Array(b), Number) },
  uint64: { numbers: 1, bytes: 8, read: (b) => Float64Array.from(new BigUint64Array(b), Number) },
  float16: { numbers: 1, bytes: 2, read: (b) => Float32Array.from(new Uint16Array(b), halfToNumber) },
  float32: { numbers: 1, bytes: 4, read: (b) => new Float32Array(b) },
  float64: { numbers: 1, bytes: 8, read: (b) => new Float64Array(b) },
  complex64: { numbers: 2, bytes: 4, read: (b) => new Float32Array(b) },
  complex128: { numbers: 2, bytes: 8, read: (b) => new Float64Array(b) },
  rgb8: { numbers: 3, bytes: 1, read: (b) => new Uint8Array(b) },
  rgba8: { numbers: 4, bytes: 1, read: (b) => new Uint8Array(b) },
  rgb16: { numbers: 3, bytes: 2, read: (b) => new Uint16Array(b) },
  rgba16: { numbers: 4, bytes: 2, read: (b) => new Uint16Array(b) },
};

/** IEEE 754 half precision, given as its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** `x-shape` header: sizes with commas between, slowest axis first; empty for a scalar. Null when it is not that. */
export function parseShape(header: string | null): number[] | null {
  if (header === null) return null;
  const text = header.trim().replace(/^\[|\]$/g, '');
  if (text === '') return [];
  const sizes = text.split(',').map((part) => Number(part.trim()));
  return sizes.every((n) => Number.isInteger(n) && n >= 0) ? sizes : null;
}

/**
 * The array in a response: little-endian C-order bytes, described by the headers `x-dtype` and `x-shape`.
 * @throws EigenscopeError `corrupt-file` when headers and length do not agree.
 */
export function decodeArray(dtype: string | null, shapeHeader: string | null, buffer: ArrayBuffer): LoadedArray {
  const layout = dtype === null ? undefined : layouts[dtype];
  const shape = parseShape(shapeHeader);
  if (dtype === null || layout === undefined || shape === null) {
    throw new EigenscopeError(
      'corrupt-file',
      `The array came with type "${dtype ?? 'none'}" and shape "${shapeHeader ?? 'none'}", which this window cannot read. Restart Eigenscope.`,
    );
  }
  const expected = shape.reduce((n, size) => n * size, 1) * layout.numbers * layout.bytes;
  if (buffer.byteLength !== expected) {
    throw new EigenscopeError(
      'corrupt-file',
      `The array has ${buffer.byteLength} bytes where its shape asks for ${expected}. Try again; the file may be changing.`,
      { found: buffer.byteLength, expected },
    );
  }
  return { dtype, shape, data: layout.read(buffer) };
}
