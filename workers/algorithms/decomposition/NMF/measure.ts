import type { Job } from '../../../job.ts';
import { sumsPass } from '../../../passes/sums.ts';
import type { Prepared } from '../pipeline/prepare.ts';

/** ‖A‖² and the mean of the masked, scaled data. After scaling for Poisson noise this takes one more look at them. */
export async function measure(prepared: Prepared, job: Job, phase: number): Promise<{ energy: number; mean: number }> {
  const { pixels, channels, poisson, view } = prepared;
  const sums = poisson
    ? await job.run(sumsPass, view, { rowSums: job.allocate(pixels.keptCount) }, phase)
    : prepared.sums;
  const total = sums.columnSums.reduce((sum, value) => sum + value, 0);
  return { energy: sums.energy, mean: total / (pixels.keptCount * channels.keptCount) };
}
