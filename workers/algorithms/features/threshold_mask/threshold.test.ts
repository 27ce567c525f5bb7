import { describe, expect, it } from 'vitest';
import { createLocalJob } from '../../../passes/local-job.ts';
import type { RowSource } from '../../../model/rows.ts';
import { plainAxis } from '../../../model/axes.ts';
import { defaultValues } from '../../../specs/validate.ts';
import { run } from './run.ts';
import { thresholdMask } from './spec.ts';
import { otsu, quantile } from './threshold.ts';

/** Rows of 3 channels, all the same, with these sums. */
function input(sums: readonly number[]) {
  const buffer = new SharedArrayBuffer(sums.length * 3 * 8);
  new Float64Array(buffer).set(sums.flatMap((sum) => [0, sum / 2, sum / 2]));
  const data: RowSource = { kind: 'shared', buffer, dtype: 'float64', samples: sums.length, features: 3 };
  const axes = [plainAxis('x', sums.length, true), { ...plainAxis('Energy', 3, false), offset: 10 }];
  return { data, navigationShape: [sums.length], signalShape: [3], axes, inputs: {} };
}
const mask = async (sums: readonly number[], values: object = {}) => {
  const { arrays, scalars } = await run(
    input(sums),
    { ...defaultValues(thresholdMask.params), ...values },
    createLocalJob(),
  );
  return { mask: Array.from(arrays['navigation_mask']!.data), ...scalars };
};

describe('a mask by threshold', () => {
  it('parts two groups where the variance between them is largest', () => {
    expect(otsu(Float64Array.of(1, 2, 3, 50, 52, 53))).toBe(26.5);
    expect(otsu(Float64Array.of(4, 4, 4))).toBeNull();
    expect(quantile(Float64Array.of(1, 2, 3, 4), 0.5)).toBe(2.5);
    expect(quantile(Float64Array.of(1, 2), 0)).toBe(-Infinity);
  });

  it('leaves out the vacuum by itself, by a value, or a share of the pixels', async () => {
    expect(await mask([100, 2, 90, 1, 110])).toMatchObject({ mask: [0, 1, 0, 1, 0], masked_pixels: 2, threshold: 46 });
    expect((await mask([1, 2, 3], { method: 'value', threshold: 2 })).mask).toEqual([1, 0, 0]);
    expect((await mask([1, 2, 3, 4], { method: 'fraction', fraction: 0.25, leave_out: 'above' })).mask).toEqual([
      0, 0, 0, 1,
    ]);
  });

  it('sums the channels that are asked for, and leaves out what is no number', async () => {
    expect((await mask([4, 8, NaN], { method: 'value', threshold: 3, start: 11, end: 11 })).mask).toEqual([1, 0, 1]);
  });

  it('refuses to leave out everything, and data that nothing parts', async () => {
    await expect(mask([1, 2], { method: 'value', threshold: 9 })).rejects.toThrow(/nothing would be left/);
    await expect(mask([2, 2])).rejects.toThrow(/same sum/);
  });
});
