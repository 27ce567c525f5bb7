import type { Job } from '../../../job.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { nnls } from '../../../linalg/nnls.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { crossPass } from '../../../passes/cross.ts';
import { gramPass } from '../../../passes/gram.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Mean } from './centre.ts';
import { invertGram } from './gram-inverse.ts';
import type { Prepared } from './prepare.ts';

/** A model without negative values is filled in without negative values. */
export type Fit = 'least-squares' | 'non-negative';

/** Factors [channels × k] and loadings [pixels × k] of full size; rows left out are NaN until they are reprojected. */
export interface FullComponents {
  k: number;
  factors: Float64Array<SharedArrayBuffer>;
  loadings: Float64Array<SharedArrayBuffer>;
}

/**
 * Loadings of the masked pixels: least squares of their kept channels on the factors,
 * L = (X − mean) F (FᵀF)⁻¹. After noise scaling the channels weigh 1/b_j; the pixel's own scale cancels.
 */
export async function reprojectPixels(
  prepared: Prepared,
  mean: Mean | null,
  components: FullComponents,
  job: Job,
  phase: number,
  fit: Fit = 'least-squares',
): Promise<void> {
  const { source, pixels, channels, poisson } = prepared;
  if (pixels.masked.length === 0) return;
  const { k, factors, loadings } = components;
  const kept = keptRows(factors, channels.keptCount, k, channels.kept, poisson?.channel);
  const gram = createMatrix(k, k, gramOf(kept.data, k));
  const map = fit === 'non-negative' ? kept : multiply(kept, invertGram(gram));
  const view: MatrixView = {
    source,
    rows: pixels.masked,
    ...(channels.kept ? { columns: channels.kept } : {}),
    ...(mean?.centre === 'navigation' ? { columnMean: mean.kept } : {}),
    ...(mean?.centre === 'signal' ? { rowMean: mean.masked } : {}),
    ...(poisson ? { columnScale: poisson.channel } : {}),
  };
  const shared = { v: shareFloats(job, map.data), k, out: loadings, stride: k, column: 0, rows: pixels.masked };
  await job.run(projectPass, view, shared, phase);
  if (fit === 'least-squares') return;
  const right = createMatrix(pixels.masked.length, k);
  pixels.masked.forEach((row, i) => right.data.set(loadings.subarray(row * k, (row + 1) * k), i * k));
  const found = nnls(gram, right, () => job.control.check());
  pixels.masked.forEach((row, i) => loadings.set(found.data.subarray(i * k, (i + 1) * k), row * k));
}

/**
 * Factors of the masked channels: least squares of their kept pixels on the loadings,
 * F = (X − mean)ᵀ L (LᵀL)⁻¹. After noise scaling the pixels weigh 1/a_i.
 */
export async function reprojectChannels(
  prepared: Prepared,
  mean: Mean | null,
  components: FullComponents,
  job: Job,
  phase: number,
  fit: Fit = 'least-squares',
): Promise<void> {
  const { source, pixels, channels, poisson } = prepared;
  if (channels.masked.length === 0) return;
  const { k, factors, loadings } = components;
  const loadingsView: MatrixView = {
    source: { kind: 'shared', buffer: loadings.buffer, dtype: 'float64', samples: pixels.size, features: k },
    ...(pixels.kept ? { rows: pixels.kept } : {}),
    ...(poisson ? { rowScale: poisson.pixel } : {}),
  };
  const gram = createMatrix(k, k, await job.run(gramPass, loadingsView, null, phase));
  const view: MatrixView = {
    source,
    ...(pixels.kept ? { rows: pixels.kept } : {}),
    columns: channels.masked,
    ...(mean?.centre === 'navigation' ? { columnMean: mean.masked } : {}),
    ...(mean?.centre === 'signal' ? { rowMean: mean.kept } : {}),
    ...(poisson ? { rowScale: poisson.pixel } : {}),
  };
  const shared = {
    b: loadings,
    k,
    ...(pixels.kept ? { rows: pixels.kept } : {}),
    ...(poisson
      ? {
          scale: shareFloats(
            job,
            poisson.pixel.map((a) => (a === 0 ? 0 : 1 / a)),
          ),
        }
      : {}),
  };
  const cross = createMatrix(channels.masked.length, k, await job.run(crossPass, view, shared, phase));
  const found =
    fit === 'non-negative' ? nnls(gram, cross, () => job.control.check()) : multiply(cross, invertGram(gram));
  channels.masked.forEach((channel, i) => factors.set(found.data.subarray(i * k, (i + 1) * k), channel * k));
}

/** The kept rows, one below the other, divided by their scale (0 where the scale is 0). */
export function keptRows(
  data: Float64Array,
  count: number,
  k: number,
  kept: Int32Array | undefined,
  scale: Float64Array | undefined,
): Matrix {
  const rows = createMatrix(count, k);
  for (let i = 0; i < count; i++) {
    const from = (kept ? kept[i]! : i) * k;
    const factor = scale ? (scale[i] === 0 ? 0 : 1 / scale[i]!) : 1;
    for (let j = 0; j < k; j++) rows.data[i * k + j] = data[from + j]! * factor;
  }
  return rows;
}
