import type { Run, RunInput } from '../../../job.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { elementCount } from '../../../model/dtype.ts';
import { shareIndices } from '../../../passes/share.ts';
import { sumsPass } from '../../../passes/sums.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { channelRange } from '../../preprocess/pipeline/channel-range.ts';
import { otsu, quantile } from './threshold.ts';
import type { thresholdMask } from './spec.ts';

type Values = ValuesOf<typeof thresholdMask.params>;

/** Indices of the channels that are summed; null for all of them. */
function channelsOf({ axes, signalShape }: RunInput, { start, end }: Values): Int32Array | null {
  if (start === null && end === null) return null;
  const axis = signalShape.length === 1 ? axes?.at(-1) : undefined;
  if (axis === undefined) {
    throw new EigenscopeError('parameter-out-of-range', 'start: a range of channels needs data with one signal axis.', {
      param: 'start',
    });
  }
  const [first, last] = channelRange(axis, start, end);
  return Int32Array.from({ length: last - first }, (_, i) => first + i);
}

function thresholdOf(sums: Float64Array, { method, threshold, fraction, leave_out: side }: Values): number {
  if (method === 'value') return threshold!;
  const sorted = sums.filter(Number.isFinite).sort();
  if (method === 'fraction') return quantile(sorted, side === 'below' ? fraction : 1 - fraction);
  const found = otsu(sorted);
  if (found !== null) return found;
  throw new EigenscopeError(
    'parameter-out-of-range',
    'method: all pixels have the same sum, so nothing parts them. Choose other channels, or give a value.',
    { param: 'method' },
  );
}

/** Which pixels are left out by the sum over their channels, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const channels = channelsOf(input, values);
  const view = { source: input.data, ...(channels === null ? {} : { columns: shareIndices(channels) }) };
  const samples = elementCount(input.navigationShape);
  const rowSums = job.allocate(samples);
  await job.run(sumsPass, view, { rowSums }, 0);
  const threshold = thresholdOf(rowSums, values);
  const isBelow = values.leave_out === 'below';
  const data = Uint8Array.from(rowSums, (sum) =>
    Number(Number.isNaN(sum) || (isBelow ? sum < threshold : sum > threshold)),
  );
  const masked = data.reduce((n, v) => n + v, 0);
  if (masked === samples) {
    throw new EigenscopeError(
      'all-masked',
      `All ${samples} pixels are ${values.leave_out} ${threshold}, so that nothing would be left. Change the threshold.`,
    );
  }
  return {
    arrays: { navigation_mask: { dtype: 'bool', shape: [...input.navigationShape], data } },
    scalars: { threshold, masked_pixels: masked },
    notes: masked === 0 ? ['No pixel is left out at this threshold.'] : [],
  };
};
