import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { inverse } from '../../../passes/row-runs.ts';
import { shareFloats } from '../../../passes/share.ts';
import { isSingle } from '../../../passes/single-rows.ts';
import type { Prepared } from '../pipeline/prepare.ts';

/** How the sweeps read the data. */
export interface Reading {
  view: MatrixView;
  /** products in single precision: float32 rows are taken as they are */
  single: boolean;
  /** what the view's rows and columns are still to be multiplied with */
  factors: { row: Float64Array<SharedArrayBuffer>; column: Float64Array<SharedArrayBuffer> } | null;
}

/** Mean squares and largest values for which sums of products in single precision neither overflow nor vanish. */
const safe = { least: 1e-24, most: 1e24, largest: 1e15 };

/**
 * Float32 data in memory are multiplied as they are, in single precision with double-precision sums over pieces: the
 * products, not the arithmetic of the fit, take the time, and converting the data for every sweep would double it.
 * Scaling for Poisson noise moves to the factors. Everything else, and values of unusual size, is read as float64.
 */
export function planReading(
  { view, poisson, sums, pixels, channels }: Prepared,
  mayBeSingle: boolean,
  job: Job,
): Reading {
  const { rowScale: _row, columnScale: _column, ...plain } = view;
  const meanSquare = sums.energy / (pixels.keptCount * channels.keptCount);
  const isSafe = meanSquare > safe.least && meanSquare < safe.most && sums.max < safe.largest;
  if (!mayBeSingle || !isSafe || !isSingle(plain)) return { view, single: false, factors: null };
  if (!poisson) return { view: plain, single: true, factors: null };
  return {
    view: plain,
    single: true,
    factors: { row: shareFloats(job, inverse(poisson.pixel)), column: shareFloats(job, inverse(poisson.channel)) },
  };
}
