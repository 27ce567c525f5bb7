import type { DType } from '../../../workers/model/dtype.ts';

/** Real element types a builder writes. */
export type BuiltType = Extract<
  DType,
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128'
>;

const sizes: Readonly<Record<BuiltType, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
};

/** Half-precision bits of a value that half precision holds exactly (small whole numbers and simple fractions). */
function halfBits(value: number): number {
  if (value === 0) return 0;
  const sign = value < 0 ? 0x8000 : 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return sign | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
}

/** Bytes of numbers in one element type; complex types take re, im, re, im … */
export function encodeElements(values: ArrayLike<number>, dtype: BuiltType, littleEndian = true): Uint8Array {
  const complex = dtype.startsWith('complex');
  const size = complex ? sizes[dtype] / 2 : sizes[dtype];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const at = i * size;
    const value = values[i]!;
    if (dtype === 'int8') view.setInt8(at, value);
    else if (size === 1) view.setUint8(at, value);
    else if (dtype === 'int16') view.setInt16(at, value, littleEndian);
    else if (dtype === 'uint16') view.setUint16(at, value, littleEndian);
    else if (dtype === 'float16') view.setUint16(at, halfBits(value), littleEndian);
    else if (dtype === 'int32') view.setInt32(at, value, littleEndian);
    else if (dtype === 'uint32') view.setUint32(at, value, littleEndian);
    else if (dtype === 'int64') view.setBigInt64(at, BigInt(value), littleEndian);
    else if (dtype === 'uint64') view.setBigUint64(at, BigInt(value), littleEndian);
    else if (size === 4) view.setFloat32(at, value, littleEndian);
    else view.setFloat64(at, value, littleEndian);
  }
  return bytes;
}

/** 0, 1, 2 … of an array of this shape (twice as many numbers for complex types). */
export function ramp(shape: readonly number[], dtype: BuiltType = 'float64'): number[] {
  const elements = shape.reduce((n, size) => n * size, 1);
  return Array.from({ length: dtype.startsWith('complex') ? 2 * elements : elements }, (_, i) =>
    dtype === 'bool' ? i % 2 : i,
  );
}
