import type { DType } from '../../../workers/model/dtype.ts';
import { itemSize } from '../../../workers/model/dtype.ts';
import { componentsOf, componentsToFloat64, elementsOver } from '../../../workers/readers/elements.ts';

/** Elements as they come from a signal, as numbers; colours and complex numbers as their components. */
export function numbersOf(bytes: Uint8Array, dtype: DType): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const count = Math.floor(bytes.byteLength / itemSize(dtype));
  return componentsToFloat64(elementsOver(aligned.buffer, aligned.byteOffset, count, dtype), dtype);
}

/**
 * Numbers in another type of real elements, little-endian. Floats are rounded to whole numbers for integer types and
 * kept within their range.
 */
export function bytesAs(numbers: Float64Array, dtype: DType): Uint8Array {
  const bytes = new Uint8Array(numbers.length * itemSize(dtype));
  const target = elementsOver(bytes.buffer, 0, numbers.length, dtype);
  if (target instanceof BigInt64Array || target instanceof BigUint64Array) {
    for (let i = 0; i < numbers.length; i++) target[i] = BigInt(Math.round(numbers[i]!));
  } else if (target instanceof Float32Array || target instanceof Float64Array) {
    target.set(numbers);
  } else {
    const bits = 8 * itemSize(dtype);
    const [low, high] = dtype.startsWith('u') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    for (let i = 0; i < numbers.length; i++) target[i] = Math.min(high, Math.max(low, Math.round(numbers[i]!)));
  }
  return bytes;
}

/** Whole elements a million at a time: as float64 they take up to eight times the room, and the window is served in between. */
export function* slicesOf(bytes: Uint8Array, dtype: DType): Generator<Uint8Array> {
  const step = itemSize(dtype) * 2 ** 20;
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

/** Elements of one type as another; the same bytes when the types are one, or lie in a file alike. */
export function changeElements(bytes: Uint8Array, from: DType, to: DType): Uint8Array {
  return from === to || (from === 'bool' && to === 'uint8') ? bytes : bytesAs(numbersOf(bytes, from), to);
}

/** Bytes of one component: of the plain numbers that an element is made of. */
export const componentSize = (dtype: DType): number => itemSize(componentsOf(dtype).dtype);
