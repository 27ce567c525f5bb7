/**
 * The smallest box around the pixels of a set, over navigation axes of this shape (slowest first).
 * @param set one byte per pixel in C order, 1 = in the set
 * @returns first pixel and end (exclusive) on every axis, or null for an empty set
 */
export function boxOfPixels(
  set: ArrayLike<number>,
  shape: readonly number[],
): { start: number[]; end: number[] } | null {
  const start = [...shape];
  const end = shape.map(() => 0);
  for (let p = 0; p < set.length; p++) {
    if (set[p] !== 1) continue;
    for (let axis = shape.length - 1, left = p; axis >= 0; axis--) {
      const size = shape[axis] ?? 1;
      const at = left % size;
      left = Math.floor(left / size);
      start[axis] = Math.min(start[axis] ?? at, at);
      end[axis] = Math.max(end[axis] ?? 0, at + 1);
    }
  }
  return end.every((n) => n > 0) && shape.length > 0 ? { start, end } : null;
}
