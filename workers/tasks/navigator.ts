import { rowRuns, type RowReader } from './row-reader.ts';

export interface NavigatorRequest {
  reduce: 'sum' | 'mean' | 'max';
  /** features [first, end) */
  channels: readonly [number, number];
}

/** One value per sample, over a window of features; NaN left out, NaN when nothing is left. [samples], float64. */
export function computeNavigator(
  reader: RowReader,
  { reduce, channels: [first, end] }: NavigatorRequest,
): Float64Array {
  const { samples, features, band } = reader;
  const image = new Float64Array(samples);
  for (const { start, end: stop } of rowRuns(reader, Array(Math.ceil(samples / band)).keys())) {
    const rows = reader.read(start, stop);
    for (let r = 0; r * features < rows.length; r++) {
      let value = reduce === 'max' ? -Infinity : 0;
      let count = 0;
      for (let at = r * features + first, after = r * features + end; at < after; at++) {
        const v = rows[at]!;
        if (v !== v) continue;
        count++;
        if (reduce === 'max') value = Math.max(value, v);
        else value += v;
      }
      image[start + r] = count === 0 ? Number.NaN : reduce === 'mean' ? value / count : value;
    }
  }
  return image;
}
