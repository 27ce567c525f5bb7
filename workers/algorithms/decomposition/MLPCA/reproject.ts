import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { Prepared } from '../pipeline/prepare.ts';
import { reprojectChannels, reprojectPixels, type FullComponents } from '../pipeline/reproject.ts';
import { factorSystems } from './packed-systems.ts';
import { weightedSweepPass } from './sweep-pass.ts';
import { requireNoNegative } from './variance.ts';
import type { VarianceSource } from './variance-input.ts';

/**
 * Fills in left-out pixels by weighted least squares of their kept channels on the factors, where their variances are
 * known; else, an array of variances covering the kept data alone, all values count alike.
 * @returns a sentence for the user in the latter case
 */
export async function fillPixels(
  prepared: Prepared,
  variances: VarianceSource,
  components: FullComponents,
  job: Job,
  phase: number,
): Promise<string | null> {
  const { source, pixels, channels } = prepared;
  if (pixels.masked.length === 0) return null;
  const variance = variances.of(pixels.masked, channels.kept);
  if (!variance) {
    await reprojectPixels(prepared, null, components, job, phase);
    return unweighted('pixels');
  }
  const { k: p, loadings } = components;
  const factors = pick(components.factors, p, channels.kept);
  const view: MatrixView = { source, rows: pixels.masked, ...(channels.kept ? { columns: channels.kept } : {}) };
  const shared = { variance, p, factors, loadings, rows: pixels.masked, collect: false };
  const { tally } = await job.run(weightedSweepPass, view, shared, phase);
  requireNoNegative(tally, variance);
  return null;
}

/** The same for left-out channels on the loadings of the kept pixels. */
export async function fillChannels(
  prepared: Prepared,
  variances: VarianceSource,
  components: FullComponents,
  job: Job,
  phase: number,
): Promise<string | null> {
  const { source, pixels, channels } = prepared;
  if (channels.masked.length === 0) return null;
  const variance = variances.of(pixels.kept, channels.masked);
  if (!variance) {
    await reprojectChannels(prepared, null, components, job, phase);
    return unweighted('channels');
  }
  const { k: p, loadings, factors } = components;
  const view: MatrixView = { source, columns: channels.masked, ...(pixels.kept ? { rows: pixels.kept } : {}) };
  const rows = pixels.kept ? { rows: pixels.kept } : {};
  const state = await job.run(
    weightedSweepPass,
    view,
    { variance, p, factors: null, loadings, ...rows, collect: true },
    phase,
  );
  requireNoNegative(state.tally, variance);
  factorSystems(state.normal, channels.masked.length, p).solve(state.right);
  channels.masked.forEach((channel, i) => factors.set(state.right.subarray(i * p, (i + 1) * p), channel * p));
  return null;
}

const unweighted = (what: string): string =>
  `var_array holds no variances of the left-out ${what}; they were filled in with all values counting alike.`;

function pick(rows: Float64Array, k: number, kept: Int32Array | undefined): Float64Array {
  if (!kept) return rows;
  const out = new Float64Array(kept.length * k);
  kept.forEach((row, i) => out.set(rows.subarray(row * k, (row + 1) * k), i * k));
  return out;
}
