import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../linalg/random.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { floatData, floats, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import { selectRank } from './select-rank.ts';
import { shufflePass } from './shuffle-pass.ts';

/** Counts of `count` regions of pixels with a spectrum each. */
function regions(pixels: number, channels: number, count: number): Float64Array {
  const random = createRandom(3);
  const x = new Float64Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < channels; j++) {
      const inside = Math.floor((count * i) / pixels) === Math.floor((count * j) / channels);
      x[i * channels + j] = (inside ? 20 : 2) + 3 * random.uniform();
    }
  }
  return x;
}
const select = (x: Float64Array, shape: [number, number], parameters: Record<string, unknown>, seed = 0) =>
  runSteps(floatData(x, [shape[0]], [shape[1]]), [{ do: 'opnmf_rank_selection', parameters }], { seed });

describe('the rule', () => {
  it('takes the first rank after which the error falls less than that of shuffled data', () => {
    // falls by .5, .3, .05, .05 of the largest; the shuffled by .1 each
    const error = Float64Array.of(10, 5, 2, 1.5, 1);
    const shuffled = Float64Array.of(20, 18, 16, 14, 12);
    expect(selectRank([2, 3, 4, 5, 6], error, shuffled)).toEqual({ good: [4, 5], best: 4 });
  });

  it('takes the largest when every part helps', () => {
    expect(selectRank([1, 2, 3], Float64Array.of(9, 3, 0), Float64Array.of(9, 8, 7))).toEqual({ good: [], best: 3 });
  });
});

describe('shuffling', () => {
  it('keeps the values of every row and gives the same order for the same seed', async () => {
    const x = Float64Array.from({ length: 60 }, (_, i) => i);
    const view = { source: sharedSource(x, 'float64', 3, 20) };
    const shuffled = async (seed: number): Promise<Float64Array> => {
      const job = createLocalJob(seed);
      const out = job.allocate(60);
      await job.run(shufflePass, view, { out, seed }, 0);
      return Float64Array.from(out);
    };
    const found = await shuffled(4);
    for (let r = 0; r < 3; r++) {
      const row = found.subarray(20 * r, 20 * r + 20);
      expect([...row].sort((a, b) => a - b)).toEqual([...x.subarray(20 * r, 20 * r + 20)]);
      expect([...row]).not.toEqual([...x.subarray(20 * r, 20 * r + 20)]);
    }
    expect(await shuffled(4)).toEqual(found);
    expect(await shuffled(5)).not.toEqual(found);
  });
});

describe('selecting the rank', () => {
  it.each([3, 4])('finds %d regions', async (count) => {
    const output = await select(regions(60, 24, count), [60, 24], { max_components: 7, tol: 5e-3 });
    expect(output.scalars.best_rank).toBe(count);
    expect([...(output.arrays.ranks!.data as Int32Array)]).toEqual([2, 3, 4, 5, 6, 7]);
    expect(Math.max(...floats(output, 'relative_error'))).toBe(1);
  });

  it('divides the channels with transpose', async () => {
    const output = await select(regions(60, 24, 3), [60, 24], { max_components: 6, tol: 5e-3, transpose: true });
    expect(output.scalars.best_rank).toBe(3);
  });

  it('gives the same bits again', async () => {
    const parameters = { max_components: 4, tol: 5e-3, init: 'random' };
    const first = await select(regions(30, 12, 3), [30, 12], parameters, 8);
    const again = await select(regions(30, 12, 3), [30, 12], parameters, 8);
    expect(floats(again, 'error')).toEqual(floats(first, 'error'));
    expect(floats(again, 'error_permuted')).toEqual(floats(first, 'error_permuted'));
  });

  it('refuses ranges that cannot be compared and data that are negative', async () => {
    const x = regions(12, 6, 2);
    await expect(select(x, [12, 6], { min_components: 5, max_components: 5 })).rejects.toThrow(
      /max_components must be larger than min_components \(5\)/,
    );
    await expect(select(x, [12, 6], { min_components: 6, max_components: 9 })).rejects.toThrow(
      /min_components must be below 6/,
    );
    x[3] = -1;
    await expect(select(x, [12, 6], {})).rejects.toMatchObject({ code: 'negative-data' });
  });

  it('lowers the largest number to what the data allow', async () => {
    const output = await select(regions(12, 6, 2), [12, 6], { tol: 5e-3 });
    expect([...(output.arrays.ranks!.data as Int32Array)].at(-1)).toBe(6);
    expect(output.notes.join()).toMatch(/max_components was lowered to 6/);
  });
});
