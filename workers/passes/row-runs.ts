/** 1/scale, and 0 where the scale is 0. */
export const inverse = (scale: Float64Array): Float64Array => scale.map((s) => (s === 0 ? 0 : 1 / s));

/** Number of indices from `start` on that follow each other by one, at most up to `end`. */
export function runLength(indices: Int32Array, start: number, end: number): number {
  let n = 1;
  while (start + n < end && indices[start + n] === indices[start]! + n) n++;
  return n;
}
