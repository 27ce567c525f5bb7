import type { Run } from '../../../job.ts';
import { elementCount } from '../../../model/dtype.ts';
import { shareIndices } from '../../../passes/share.ts';
import { sumsPass } from '../../../passes/sums.ts';
import { channelsOf, maskOfSums, type Values } from './mask-of-sums.ts';

/** Which pixels are left out by the sum over their channels, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const channels = channelsOf(input, values);
  const view = { source: input.data, ...(channels === null ? {} : { columns: shareIndices(channels) }) };
  const rowSums = job.allocate(elementCount(input.navigationShape));
  await job.run(sumsPass, view, { rowSums }, 0);
  const { mask: data, masked, threshold } = maskOfSums(rowSums, values);
  return {
    arrays: { navigation_mask: { dtype: 'bool', shape: [...input.navigationShape], data } },
    scalars: { threshold, masked_pixels: masked },
    notes: masked === 0 ? ['No pixel is left out at this threshold.'] : [],
  };
};
