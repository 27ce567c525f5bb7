import type { DType } from '../../../model/dtype.ts';
import { isColour, isComplex, isFloating, itemSize } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { elementsOver } from '../../../readers/elements.ts';

/** Limits of the integer types that hold every value between them. */
const integerRange: Partial<Record<DType, readonly [number, number]>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
};

/**
 * Writes real numbers as elements of a type into memory that holds them in native order. Integers are rounded to the
 * nearest and kept within their range; NaN becomes 0 there.
 * @param at first element within `target`
 */
export function writeElements(values: Float64Array, dtype: DType, target: Uint8Array, at = 0): void {
  const size = itemSize(dtype);
  const range = integerRange[dtype];
  if (!isFloating(dtype) && range === undefined) throw new TypeError(`${dtype} cannot be written from real numbers.`);
  // blocks begin at any byte of shared memory; elements must be aligned
  const aligned = (target.byteOffset + at * size) % size === 0;
  const bytes = aligned
    ? target.subarray(at * size, (at + values.length) * size)
    : new Uint8Array(values.length * size);
  const out = elementsOver(bytes.buffer, bytes.byteOffset, values.length, dtype);
  if (range !== undefined) {
    const [low, high] = range;
    for (let i = 0; i < values.length; i++) out[i] = Math.min(high, Math.max(low, Math.round(values[i]!))) || 0;
  } else if (dtype === 'float16') {
    const half = new Float16Array(bytes.buffer, bytes.byteOffset, values.length);
    half.set(values);
  } else (out as Float64Array).set(values);
  if (!aligned) target.set(bytes, at * size);
}

/** The type that results of arithmetic on these data have: float32 stays, everything else becomes float64. */
export const floatingTypeOf = (dtype: DType): DType =>
  dtype === 'float32' || dtype === 'float16' ? 'float32' : 'float64';

/** The type that holds sums of up to `count` such values: whole numbers stay whole where 32 bits are enough. */
export function sumTypeOf(dtype: DType, count: number): DType {
  const range = integerRange[dtype];
  if (range === undefined) return floatingTypeOf(dtype);
  if (range[0] >= 0) return range[1] * count <= 4294967295 ? 'uint32' : 'float64';
  return -range[0] * count <= 2147483648 ? 'int32' : 'float64';
}

/** @throws EigenscopeError `unsupported-format` for complex numbers and colours */
export function requireReal({ dtype, title }: Pick<SignalHeader, 'dtype' | 'title'>, what: string): void {
  if (!isComplex(dtype) && !isColour(dtype)) return;
  throw new EigenscopeError(
    'unsupported-format',
    `“${title}” holds ${dtype}; ${what} takes real numbers. Convert it first (Real part, amplitude or one colour).`,
    { dtype },
  );
}
