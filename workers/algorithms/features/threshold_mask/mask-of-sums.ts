import type { RunInput } from '../../../job.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { channelRange } from '../../preprocess/pipeline/channel-range.ts';
import { otsu, quantile } from './threshold.ts';
import type { thresholdMask } from './spec.ts';

export type Values = ValuesOf<typeof thresholdMask.params>;

/**
 * Indices of the channels that are summed; null for all of them.
 * @throws EigenscopeError `parameter-out-of-range`
 */
export function channelsOf(
  { axes, signalShape }: Pick<RunInput, 'axes' | 'signalShape'>,
  { start, end }: Pick<Values, 'start' | 'end'>,
): Int32Array | null {
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

function thresholdOf(
  sums: Float64Array,
  { method, threshold, fraction, leave_out: side }: Omit<Values, 'start' | 'end'>,
): number {
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

/**
 * Which pixels are left out by their sums; those whose sum is no number always are.
 * @param rowSums one per pixel
 * @throws EigenscopeError `parameter-out-of-range` when nothing parts them, `all-masked`
 */
export function maskOfSums(
  rowSums: Float64Array,
  values: Omit<Values, 'start' | 'end'>,
): { mask: Uint8Array; masked: number; threshold: number } {
  const threshold = thresholdOf(rowSums, values);
  const isBelow = values.leave_out === 'below';
  const mask = Uint8Array.from(rowSums, (sum) =>
    Number(Number.isNaN(sum) || (isBelow ? sum < threshold : sum > threshold)),
  );
  const masked = mask.reduce((n, v) => n + v, 0);
  if (masked === mask.length) {
    throw new EigenscopeError(
      'all-masked',
      `All ${mask.length} pixels are ${values.leave_out} ${threshold}, so that nothing would be left. Change the threshold.`,
      { param: { otsu: 'method', value: 'threshold', fraction: 'fraction' }[values.method] },
    );
  }
  return { mask, masked, threshold };
}
