import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { sumsPass } from '../../../passes/sums.ts';
import { findMean, type Mean } from '../pipeline/centre.ts';
import { maskedView, type Prepared } from '../pipeline/prepare.ts';

/**
 * The spectrum whose removal leaves scaled data without a mean: for A_ij = (X_ij − m_j) / (a_i b_j) every Σ_i A_ij is 0 when
 * m_j = Σ_i (X_ij / a_i) / Σ_i (1 / a_i), the mean in which pixels weigh 1/a_i. Subtracting the mean of X_ij / (a_i b_j)
 * instead would leave a rest a_i b_j m̃_j in the data's own units, another spectrum in every pixel, which no stored mean could
 * put back. Without noise scaling this is the plain mean spectrum. Pixels without counts do not take part.
 */
export async function findScaledMean(prepared: Prepared, job: Job, phase: number): Promise<Mean> {
  const { source, pixels, channels, poisson } = prepared;
  if (!poisson) return findMean(prepared, 'navigation', job, phase);
  const plain = maskedView(source, pixels, channels);
  let weight = 0;
  for (const a of poisson.pixel) if (a !== 0) weight += 1 / a;
  const rowSums = job.allocate(pixels.keptCount);
  const meanOf = async (view: MatrixView): Promise<Float64Array> => {
    const { columnSums } = await job.run(sumsPass, { ...view, rowScale: poisson.pixel }, { rowSums }, phase);
    return columnSums.map((sum) => (weight > 0 ? sum / weight : 0));
  };
  const kept = shareFloats(job, await meanOf(plain));
  const masked = shareFloats(
    job,
    channels.masked.length > 0 ? await meanOf({ ...plain, columns: channels.masked }) : [],
  );
  const values = new Float64Array(channels.size);
  kept.forEach((value, i) => (values[channels.kept ? channels.kept[i]! : i] = value));
  masked.forEach((value, i) => (values[channels.masked[i]!] = value));
  return { centre: 'navigation', values, kept, masked };
}
