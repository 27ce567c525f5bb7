import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';

/**
 * The delays that are meant: 1 … n for a number n, those listed, or 1.
 * @throws EigenscopeError `parameter-out-of-range` for a delay that leaves fewer than two pairs of samples
 */
export function lagsOf(lags: number | readonly number[] | null, samples: number): number[] {
  const given = typeof lags === 'number' ? [lags] : (lags ?? [1]);
  const wrong = given.find((lag) => lag < 1 || lag > samples - 2);
  if (wrong !== undefined) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `lags must be from 1 to ${samples - 2} for ${samples} samples; got ${wrong}.`,
      { parameter: 'lags', samples },
    );
  }
  return typeof lags === 'number' ? Array.from({ length: lags }, (_, i) => i + 1) : [...given];
}

/**
 * Symmetric delayed covariances of y [samples × k], one k × k matrix per lag τ: (C + Cᵀ)/2 with
 * C = Σ_t (y_t − ȳ)(y_{t+τ} − ȳ')ᵀ/(samples − τ − 1), means over the two overlapping parts.
 */
export function delayedCovariances({ rows, cols: k, data }: Matrix, lags: readonly number[]): Float64Array {
  const out = new Float64Array(lags.length * k * k);
  lags.forEach((lag, at) => {
    const count = rows - lag;
    const early = createMatrix(count, k, data.subarray(0, count * k));
    const late = createMatrix(count, k, data.subarray(lag * k));
    const products = multiply(early, late, { transposeA: true }).data;
    const [a, b] = [columnSums(early), columnSums(late)];
    const entry = (i: number, j: number): number => (products[i * k + j]! - (a[i]! * b[j]!) / count) / (count - 1);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) out[at * k * k + i * k + j] = (entry(i, j) + entry(j, i)) / 2;
    }
  });
  return out;
}

function columnSums({ cols: k, data }: Matrix): Float64Array {
  const sums = new Float64Array(k);
  for (let at = 0; at < data.length; at += k) for (let c = 0; c < k; c++) sums[c]! += data[at + c]!;
  return sums;
}
