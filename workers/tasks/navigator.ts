import type { RowReader } from './row-reader.ts';

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
  for (let start = 0; start < samples; start += band) {
    const rows = reader.read(start, Math.min(start + band, samples));
    for (let r = 0; r * features < rows.length; r++) {
      let value = reduce === 'max' ? -Infinity : 0;
      let count = 0;
      for (let at = r * features + first, stop = r * features + end; at < stop; at++) {
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

/** Sum or mean of the spectra of some samples; [features], float64, NaN left out. */
export function computeBoxSpectrum(reader: RowReader, samples: Int32Array, reduce: 'sum' | 'mean'): Float64Array {
  const sums = new Float64Array(reader.features);
  const counts = new Float64Array(reader.features);
  for (const sample of samples) {
    const row = reader.read(sample, sample + 1);
    for (let j = 0; j < row.length; j++) {
      const v = row[j]!;
      if (v !== v) continue;
      sums[j]! += v;
      counts[j]! += 1;
    }
  }
  return reduce === 'sum' ? sums : sums.map((sum, j) => sum / counts[j]!);
}
