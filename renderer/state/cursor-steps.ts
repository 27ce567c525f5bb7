/* Pure steps of cursors, boxes and channel windows. Shapes and indices slowest axis first; ends exclusive. */

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A cursor inside the shape, in the middle where it was not given. */
export const placedCursor = (at: readonly number[], shape: readonly number[]): number[] =>
  shape.map((size, axis) => clamp(Math.round(at[axis] ?? (size - 1) / 2), 0, size - 1));

/** Moves a cursor by `delta` along one axis and keeps it inside. */
export function moveCursor(at: readonly number[], shape: readonly number[], axis: number, delta: number): number[] {
  const next = placedCursor(at, shape);
  next[axis] = clamp((next[axis] ?? 0) + delta, 0, (shape[axis] ?? 1) - 1);
  return next;
}

/** The box between two cursors, both included: starts, then exclusive ends. */
export function boxBetween(a: readonly number[], b: readonly number[]): number[] {
  const starts = a.map((v, i) => Math.min(v, b[i] ?? v));
  const ends = a.map((v, i) => Math.max(v, b[i] ?? v) + 1);
  return [...starts, ...ends];
}

/** A box of `side` pixels around a cursor, shifted inside the shape; axes shorter than `side` are taken whole. */
export function boxAround(at: readonly number[], shape: readonly number[], side: number): number[] {
  const starts = shape.map((size, i) => clamp((at[i] ?? 0) - Math.floor(side / 2), 0, Math.max(0, size - side)));
  const ends = shape.map((size, i) => Math.min(size, (starts[i] ?? 0) + side));
  return [...starts, ...ends];
}

/** A box that fits the shape, or null when it does not describe one. */
export function validBox(box: readonly number[] | null, shape: readonly number[]): number[] | null {
  if (box === null || shape.length === 0 || box.length !== 2 * shape.length) return null;
  const starts = shape.map((size, i) => clamp(Math.round(box[i] ?? 0), 0, size - 1));
  const ends = shape.map((size, i) => clamp(Math.round(box[i + shape.length] ?? size), (starts[i] ?? 0) + 1, size));
  return [...starts, ...ends];
}

/** Moves a box along one axis without changing its size. */
export function moveBox(box: readonly number[], shape: readonly number[], axis: number, delta: number): number[] {
  const n = shape.length;
  const start = box[axis] ?? 0;
  const end = box[axis + n] ?? start + 1;
  const step = clamp(delta, -start, (shape[axis] ?? end) - end);
  return box.map((v, i) => (i % n === axis ? v + step : v));
}

/** Pixels in a box. */
export const boxCount = (box: readonly number[]): number => {
  const n = box.length / 2;
  return box.slice(0, n).reduce((count, start, i) => count * ((box[i + n] ?? start) - start), 1);
};

/** A channel window that fits `size` channels, or null for all of them. */
export function validWindow(window: readonly [number, number] | null, size: number): [number, number] | null {
  if (window === null || size < 1) return null;
  const first = clamp(Math.round(Math.min(...window)), 0, size - 1);
  const end = clamp(Math.round(Math.max(...window)), first + 1, size);
  return first === 0 && end === size ? null : [first, end];
}
