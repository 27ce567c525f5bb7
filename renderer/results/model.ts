/*
 * The model of a decomposition, X ≈ L Fᵀ (+ mean), computed in the page for one pixel or for the sum over channels:
 * a page never holds the cube. `factors` and `loadings` are one array per component, [features] and [samples].
 */

/** What was subtracted before decomposing: a mean spectrum [features], or one number per pixel [samples]. */
export type Mean = { over: 'navigation' | 'signal'; values: ArrayLike<number> } | null;

/** Which way a stored mean goes: [samples × 1] is one number per pixel, anything else of `features` values a spectrum. */
export function meanOf(
  stored: { shape: readonly number[]; data: ArrayLike<number> } | null,
  shape: { samples: number; features: number },
): Mean {
  if (stored === null) return null;
  const isPerPixel = stored.shape.length === 2 && stored.shape[0] === shape.samples && stored.shape[1] === 1;
  if (isPerPixel) return { over: 'signal', values: stored.data };
  return stored.data.length === shape.features ? { over: 'navigation', values: stored.data } : null;
}

/**
 * Model of one pixel from the first `k` components: Σ_c L[pixel, c] F[·, c] + mean; length `features`.
 * NaN where the channel, or the whole pixel, was left out.
 */
export function modelSpectrum(
  factors: readonly ArrayLike<number>[],
  loadings: readonly ArrayLike<number>[],
  pixel: number,
  k: number,
  mean: Mean = null,
): Float64Array {
  const features = factors[0]?.length ?? 0;
  const model = new Float64Array(features);
  for (let c = 0; c < Math.min(k, factors.length, loadings.length); c++) {
    const factor = factors[c] as ArrayLike<number>;
    const weight = (loadings[c] as ArrayLike<number>)[pixel] as number;
    for (let j = 0; j < features; j++) model[j] = (model[j] as number) + weight * (factor[j] as number);
  }
  if (mean !== null) {
    for (let j = 0; j < features; j++) {
      model[j] = (model[j] as number) + (mean.values[mean.over === 'navigation' ? j : pixel] as number);
    }
  }
  return model;
}

/**
 * Model summed over channels, from the first `k` components: one value per pixel, length `samples`.
 * Pixels that were left out are NaN.
 * @param isUsed  1 for each channel in the sum; default all that were not left out
 */
export function modelSum(
  factors: readonly ArrayLike<number>[],
  loadings: readonly ArrayLike<number>[],
  k: number,
  mean: Mean = null,
  isUsed: Uint8Array = keptChannels(factors),
): Float64Array {
  const samples = loadings[0]?.length ?? 0;
  const sum = new Float64Array(samples);
  for (let c = 0; c < Math.min(k, factors.length, loadings.length); c++) {
    const weight = sumOver(factors[c] as ArrayLike<number>, isUsed);
    const loading = loadings[c] as ArrayLike<number>;
    for (let i = 0; i < samples; i++) sum[i] = (sum[i] as number) + weight * (loading[i] as number);
  }
  if (mean === null) return sum;
  const meanSum = mean.over === 'navigation' ? sumOver(mean.values, isUsed) : 0;
  const used = isUsed.reduce((n, one) => n + one, 0);
  for (let i = 0; i < samples; i++) {
    sum[i] = (sum[i] as number) + (mean.over === 'navigation' ? meanSum : used * (mean.values[i] as number));
  }
  return sum;
}

function sumOver(values: ArrayLike<number>, isKept: Uint8Array): number {
  let sum = 0;
  for (let j = 0; j < isKept.length; j++) if (isKept[j] === 1) sum += values[j] as number;
  return sum;
}

/** 1 where a channel has a factor, 0 where it was left out (NaN). */
export const keptChannels = (factors: readonly ArrayLike<number>[]): Uint8Array =>
  Uint8Array.from({ length: factors[0]?.length ?? 0 }, (_, j) => (Number.isNaN(factors[0]?.[j]) ? 0 : 1));

/** The kept channels inside a window [first, end); all kept ones without a window. */
export const channelsIn = (isKept: Uint8Array, window: readonly [number, number] | null): Uint8Array =>
  window === null ? isKept : isKept.map((one, j) => (j >= window[0] && j < window[1] ? one : 0));

/**
 * Is a residual only rounding? After noise scaling the first component carries every pixel's sum exactly, so that data
 * and model summed over all channels agree to the last digits; a map of that would show rounding errors as structure.
 * @see Keenan & Kotula, Surf. Interface Anal. 36, 203 (2004): the trivial first component of the scaled data.
 */
export const isRounding = (residualSize: number, dataSize: number): boolean => residualSize < 1e-9 * dataSize;

/** Runs of kept channels [first, end), so that the sum image of the data can be asked for over the same channels. */
export function keptRuns(isKept: Uint8Array): [number, number][] {
  const runs: [number, number][] = [];
  for (let j = 0; j < isKept.length;) {
    if (isKept[j] === 0) {
      j++;
      continue;
    }
    const first = j;
    while (j < isKept.length && isKept[j] === 1) j++;
    runs.push([first, j]);
  }
  return runs;
}

/** data − model, element by element; NaN where either is. Lengths must agree; the shorter one counts. */
export const residualOf = (data: ArrayLike<number>, model: ArrayLike<number>): Float64Array =>
  Float64Array.from(
    { length: Math.min(data.length, model.length) },
    (_, i) => (data[i] as number) - (model[i] as number),
  );

/** Root of the mean square of the finite values; NaN when there are none. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    sum += v * v;
    n++;
  }
  return n > 0 ? Math.sqrt(sum / n) : NaN;
}
