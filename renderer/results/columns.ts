/**
 * One column of a matrix in C order as an array of its own.
 *
 * @param data     rows × columns
 * @param columns  columns of `data`
 */
export function columnOf(data: ArrayLike<number>, columns: number, column: number): Float64Array {
  const rows = columns > 0 ? Math.floor(data.length / columns) : 0;
  return Float64Array.from({ length: rows }, (_, i) => data[i * columns + column] as number);
}

/** All columns of a matrix in C order, each on its own: components are drawn one at a time. */
export const splitColumns = (data: ArrayLike<number>, columns: number): Float64Array[] =>
  Array.from({ length: columns }, (_, k) => columnOf(data, columns, k));

/** Bytes of loadings that a page holds at most before it fetches them component by component. */
const HELD_BYTES = 64 * 2 ** 20;
/** Components that a page ever asks for. */
export const MOST_COMPONENTS = 64;

/** How many components to fetch at once: all of them up to 64 while they are small, at least four. */
export function fetchAtOnce(components: number, samples: number, features: number): number {
  const fits = Math.floor(HELD_BYTES / (8 * Math.max(1, samples + features)));
  return Math.max(1, Math.min(components, MOST_COMPONENTS, Math.max(4, fits)));
}
