import { EigenscopeError } from '../model/errors.ts';
import { isColour, isComplex, type DType } from '../model/dtype.ts';

/**
 * Copies `count` elements from element `start` of a buffer to `out[offset…]` as float64.
 * 64-bit integers beyond 2^53 are rounded to the nearest double; bool gives 0 or 1.
 */
export type Decoder = (start: number, count: number, out: Float64Array, offset: number) => void;

// One loop per element type: the engine compiles each for one kind of memory. A shared generic loop would be ten times slower.
function copyFloat64(from: Float64Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyFloat32(from: Float32Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyUint16(from: Uint16Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyInt16(from: Int16Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyUint8(from: Uint8Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyInt8(from: Int8Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyUint32(from: Uint32Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyInt32(from: Int32Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i]!;
}
function copyBool(from: Uint8Array, start: number, count: number, out: Float64Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[start + i] === 0 ? 0 : 1;
}
/** Two 32-bit halves, low half first: much faster than BigInt. */
function copyWide(
  low: Uint32Array,
  high: Uint32Array | Int32Array,
  start: number,
  count: number,
  out: Float64Array,
  offset: number,
): void {
  for (let i = 0; i < count; i++) {
    const at = 2 * (start + i);
    out[offset + i] = high[at + 1]! * 4294967296 + low[at]!;
  }
}
function copyTable(
  table: Float32Array,
  from: Uint16Array,
  start: number,
  count: number,
  out: Float64Array,
  offset: number,
): void {
  for (let i = 0; i < count; i++) out[offset + i] = table[from[start + i]!]!;
}

let halfTable: Float32Array | null = null;

/** Value of every half-precision bit pattern (IEEE 754 binary16). */
function halfValues(): Float32Array {
  if (halfTable) return halfTable;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  halfTable = table;
  return table;
}

/**
 * The decoder of a little-endian buffer that holds elements of this type from its first byte on.
 * @throws EigenscopeError `unsupported-format` for complex numbers and colours
 */
export function createDecoder(buffer: ArrayBufferLike, dtype: DType): Decoder {
  switch (dtype) {
    case 'float64': {
      const from = new Float64Array(buffer);
      return (start, count, out, offset) => copyFloat64(from, start, count, out, offset);
    }
    case 'float32': {
      const from = new Float32Array(buffer);
      return (start, count, out, offset) => copyFloat32(from, start, count, out, offset);
    }
    case 'uint16': {
      const from = new Uint16Array(buffer);
      return (start, count, out, offset) => copyUint16(from, start, count, out, offset);
    }
    case 'int16': {
      const from = new Int16Array(buffer);
      return (start, count, out, offset) => copyInt16(from, start, count, out, offset);
    }
    case 'uint8': {
      const from = new Uint8Array(buffer);
      return (start, count, out, offset) => copyUint8(from, start, count, out, offset);
    }
    case 'int8': {
      const from = new Int8Array(buffer);
      return (start, count, out, offset) => copyInt8(from, start, count, out, offset);
    }
    case 'uint32': {
      const from = new Uint32Array(buffer);
      return (start, count, out, offset) => copyUint32(from, start, count, out, offset);
    }
    case 'int32': {
      const from = new Int32Array(buffer);
      return (start, count, out, offset) => copyInt32(from, start, count, out, offset);
    }
    case 'bool': {
      const from = new Uint8Array(buffer);
      return (start, count, out, offset) => copyBool(from, start, count, out, offset);
    }
    case 'int64':
    case 'uint64': {
      const low = new Uint32Array(buffer);
      const high = dtype === 'int64' ? new Int32Array(buffer) : low;
      return (start, count, out, offset) => copyWide(low, high, start, count, out, offset);
    }
    case 'float16': {
      const table = halfValues();
      const from = new Uint16Array(buffer);
      return (start, count, out, offset) => copyTable(table, from, start, count, out, offset);
    }
    default: {
      const what = isComplex(dtype) ? 'complex numbers' : isColour(dtype) ? 'colour pixels' : 'values';
      const advice = isComplex(dtype) ? 'their amplitude or real part' : 'one colour or their brightness';
      throw new EigenscopeError(
        'unsupported-format',
        `The data are ${what} (${dtype}); real numbers are needed. Convert the data to ${advice} first.`,
        { dtype },
      );
    }
  }
}
