import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { sumsPass } from '../../../passes/sums.ts';
import { maskedView, type Prepared } from './prepare.ts';

export type Centre = 'navigation' | 'signal';

/** What is subtracted before a decomposition and added back in a model. */
export interface Mean {
  centre: Centre;
  /** full length: the mean spectrum (all channels), or the mean of every pixel (all pixels) */
  values: Float64Array;
  /** the same for the kept channels or pixels only, in shared memory */
  kept: Float64Array<SharedArrayBuffer>;
  /** the same for the left-out ones */
  masked: Float64Array<SharedArrayBuffer>;
}

/**
 * Mean spectrum over the kept pixels (`navigation`) or mean of each spectrum over the kept channels (`signal`).
 * Left-out channels or pixels get their own mean, from the data, so that a model can be built everywhere.
 */
export async function findMean(prepared: Prepared, centre: Centre, job: Job, phase: number): Promise<Mean> {
  const { pixels, channels, sums, pixelSums } = prepared;
  const along = centre === 'navigation' ? channels : pixels;
  const count = centre === 'navigation' ? pixels.keptCount : channels.keptCount;
  const kept = shareFloats(
    job,
    (centre === 'navigation' ? sums.columnSums : pixelSums).map((sum) => sum / count),
  );
  const maskedSums = along.masked.length > 0 ? await sumsOfMasked(prepared, centre, job, phase) : new Float64Array(0);
  const masked = shareFloats(
    job,
    maskedSums.map((sum) => sum / count),
  );
  const values = new Float64Array(along.size);
  kept.forEach((value, i) => (values[along.kept ? along.kept[i]! : i] = value));
  masked.forEach((value, i) => (values[along.masked[i]!] = value));
  return { centre, values, kept, masked };
}

async function sumsOfMasked(prepared: Prepared, centre: Centre, job: Job, phase: number): Promise<Float64Array> {
  const { source, pixels, channels } = prepared;
  const kept = maskedView(source, pixels, channels);
  const view: MatrixView =
    centre === 'navigation' ? { ...kept, columns: channels.masked } : { ...kept, rows: pixels.masked };
  const rowSums = job.allocate(view.rows?.length ?? pixels.size);
  const sums = await job.run(sumsPass, view, { rowSums }, phase);
  return centre === 'navigation' ? sums.columnSums : rowSums;
}

/** The view with the mean subtracted. */
export function centredView(view: MatrixView, mean: Mean | null): MatrixView {
  if (!mean) return view;
  return mean.centre === 'navigation' ? { ...view, columnMean: mean.kept } : { ...view, rowMean: mean.kept };
}
