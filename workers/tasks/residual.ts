import type { RowReader } from './row-reader.ts';
import { rowRuns } from './row-reader.ts';

/** A model of some components, to be compared with the data: X ≈ L Fᵀ + mean. */
export interface ComponentModel {
  /** [samples × k] */
  loadings: Float64Array;
  /** [features × k] */
  factors: Float64Array;
  k: number;
  /** one value per feature, per sample, or none */
  mean: { over: 'features' | 'samples'; values: Float64Array } | null;
}

export interface Residual {
  /** root mean square over the features of every sample [samples], in units of the data; NaN where the model is NaN */
  map: Float64Array;
  /** mean over the samples of every feature [features], signed: structure here is what the components miss */
  spectrum: Float64Array;
  /** root mean square over the samples of every feature [features] */
  spread: Float64Array;
  /** ‖X − model‖ / ‖X‖ over what is not NaN */
  relativeError: number;
}

/** What a model leaves of the data; one pass, nothing of the size of the data is kept. */
export function computeResidual(reader: RowReader, model: ComponentModel): Residual {
  const { samples, features, band } = reader;
  const { loadings, factors, k, mean } = model;
  const map = new Float64Array(samples);
  const sums = new Float64Array(features);
  const squares = new Float64Array(features);
  const counts = new Float64Array(features);
  let lost = 0;
  let all = 0;
  for (const { start, end } of rowRuns(reader, Array(Math.ceil(samples / band)).keys())) {
    const rows = reader.read(start, end);
    for (let i = start; i < end; i++) {
      const offset = mean?.over === 'samples' ? mean.values[i]! : 0;
      let energy = 0;
      let counted = 0;
      for (let j = 0, at = (i - start) * features; j < features; j++, at++) {
        let fit = mean?.over === 'features' ? mean.values[j]! : offset;
        for (let c = 0, l = i * k, f = j * k; c < k; c++) fit += loadings[l + c]! * factors[f + c]!;
        const value = rows[at]!;
        const left = value - fit;
        if (left !== left) continue;
        counted++;
        energy += left * left;
        all += value * value;
        sums[j]! += left;
        squares[j]! += left * left;
        counts[j]! += 1;
      }
      lost += energy;
      map[i] = counted === 0 ? Number.NaN : Math.sqrt(energy / counted);
    }
  }
  return {
    map,
    spectrum: sums.map((sum, j) => sum / counts[j]!),
    spread: squares.map((square, j) => Math.sqrt(square / counts[j]!)),
    relativeError: all > 0 ? Math.sqrt(lost / all) : 0,
  };
}
