import type { Job } from '../../../job.ts';
import type { AlgorithmOutput, ResultArray, Scalar } from '../../../model/result.ts';
import { capturedFractions, findCaptured, type KeptComponents } from './captured.ts';
import type { Mean } from './centre.ts';
import type { Selection } from './masks.ts';
import type { Prepared } from './prepare.ts';
import { reprojectChannels, reprojectPixels, type Fit, type FullComponents } from './reproject.ts';

export interface FinishOptions {
  reproject: 'navigation' | 'signal' | 'both' | null;
  /** how left-out pixels and channels are fitted; least squares unless given */
  fit?: Fit;
  /** subtracted before the fit, added back in a model */
  mean?: Mean | null;
  /** what `mean` is called in the result: shape [1 × channels], [pixels × 1] or, as in scikit-learn, [channels] */
  meanShape?: readonly number[];
  /** progress phase of the passes that follow the fit */
  phase: number;
  /** Σ_i L_ij (A F)_ij and ‖A‖² where the method knows them already; else one more pass finds them */
  capture?: { cross: Float64Array; energy: number };
}

/**
 * The common end of a decomposition that found A ≈ L Fᵀ (+ mean) on kept, scaled data: the scaling for Poisson noise is
 * undone, left-out pixels and channels become NaN or are reprojected, and the captured fractions are added.
 * @returns arrays factors [channels × k], loadings [pixels × k], captured_fractions [k], mean where there is one;
 *   scalar captured_fraction
 */
export async function finishDecomposition(
  prepared: Prepared,
  kept: KeptComponents,
  options: FinishOptions,
  scalars: Record<string, Scalar>,
  job: Job,
): Promise<AlgorithmOutput> {
  const { pixels, channels, poisson, view } = prepared;
  const { k } = kept;
  const mean = options.mean ?? null;
  const centred = mean
    ? { ...view, ...(mean.centre === 'navigation' ? { columnMean: mean.kept } : { rowMean: mean.kept }) }
    : view;
  const captured = options.capture
    ? capturedFractions(kept, options.capture.cross, options.capture.energy)
    : await findCaptured(centred, kept, job, options.phase);
  const full: FullComponents = {
    k,
    factors: spread(kept.factors, k, channels, poisson?.channel, job),
    loadings: spread(kept.loadings, k, pixels, poisson?.pixel, job),
  };
  const { reproject } = options;
  if (reproject === 'navigation' || reproject === 'both') {
    await reprojectPixels(prepared, mean, full, job, options.phase, options.fit);
  }
  if (reproject === 'signal' || reproject === 'both') {
    await reprojectChannels(prepared, mean, full, job, options.phase, options.fit);
  }
  const arrays: Record<string, ResultArray> = {
    factors: { dtype: 'float64', shape: [channels.size, k], data: full.factors },
    loadings: { dtype: 'float64', shape: [pixels.size, k], data: full.loadings },
    captured_fractions: { dtype: 'float64', shape: [k], data: captured },
  };
  if (mean) {
    const shape = options.meanShape ?? (mean.centre === 'navigation' ? [1, channels.size] : [pixels.size, 1]);
    arrays['mean'] = { dtype: 'float64', shape, data: mean.values };
  }
  return {
    arrays,
    scalars: { ...scalars, captured_fraction: captured[k - 1] ?? 1 },
    notes: [...prepared.notes],
  };
}

/** All kept rows at their places, times the scale of the row; left-out rows NaN. */
export function spread(
  rows: Float64Array,
  k: number,
  side: Selection,
  scale: Float64Array | undefined,
  job: Job,
): Float64Array<SharedArrayBuffer> {
  const out = job.allocate(side.size * k);
  for (const row of side.masked) out.fill(NaN, row * k, (row + 1) * k);
  for (let i = 0; i < side.keptCount; i++) {
    const to = (side.kept ? side.kept[i]! : i) * k;
    const factor = scale ? scale[i]! : 1;
    for (let j = 0; j < k; j++) out[to + j] = rows[i * k + j]! * factor;
  }
  return out;
}

/**
 * Components by size ‖L_j‖·‖F_j‖, largest first (ties keep their order), for methods that leave them unordered.
 * @returns the components in that order, and for each the index it had
 */
export function orderBySize(components: KeptComponents): { components: KeptComponents; order: Int32Array } {
  const { k, factors, loadings } = components;
  const lengths = columnNorms(loadings, k);
  const size = columnNorms(factors, k).map((length, j) => length * lengths[j]!);
  const order = Int32Array.from({ length: k }, (_, j) => j).sort((a, b) => size[b]! - size[a]! || a - b);
  const reorder = (rows: Float64Array): Float64Array => {
    const out = new Float64Array(rows.length);
    for (let at = 0; at < rows.length; at += k) for (let j = 0; j < k; j++) out[at + j] = rows[at + order[j]!]!;
    return out;
  };
  return { components: { k, factors: reorder(factors), loadings: reorder(loadings) }, order };
}

/** Euclidean length of every column of a row-major matrix of k columns. */
export function columnNorms(rows: Float64Array, k: number): Float64Array {
  const squares = new Float64Array(k);
  for (let at = 0; at < rows.length; at += k) for (let j = 0; j < k; j++) squares[j]! += rows[at + j]! ** 2;
  return squares.map(Math.sqrt);
}
