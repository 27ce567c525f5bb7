import { describe, expect, it } from 'vitest';
import { floatData } from '../../../../test/golden/run-step.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { denseRows } from './dense-rows.ts';
import { preprocess, type PreprocessValues } from './scaling.ts';

const defaults: PreprocessValues = {
  preprocessing: null,
  norm: 'l2',
  with_mean: true,
  with_std: true,
  feature_range: null,
  power: 0.5,
};
const x = Float64Array.from([3, 4, 7, 0, 0, 7, -1, 2, 7]);

async function scaled(values: Partial<PreprocessValues>): Promise<number[]> {
  const job = createLocalJob();
  const view = { source: floatData(x, [3], [3]).source };
  return [...(await denseRows(await preprocess(view, { ...defaults, ...values }, job, 0), job, 0)).data];
}

const close = (found: number[], expected: number[]): void =>
  expected.forEach((value, i) => expect(found[i], `place ${i}`).toBeCloseTo(value, 12));

describe('scaling before clustering', () => {
  it('leaves the values alone where none is asked for', async () => close(await scaled({}), [...x]));

  it.each([
    ['l2', [Math.sqrt(74), 7, Math.sqrt(54)]],
    ['l1', [14, 7, 10]],
    ['max', [7, 7, 7]],
  ] as const)('makes the %s length of every pixel 1', async (norm, lengths) => {
    close(
      await scaled({ preprocessing: 'norm', norm }),
      Array.from(x, (value, i) => value / lengths[Math.floor(i / 3)]!),
    );
  });

  it.each(['l1', 'l2', 'max'] as const)('makes pixels of one value exactly 1 by %s', async (norm) => {
    const job = createLocalJob();
    const values = Float64Array.from({ length: 500 }, (_, i) => 0.1 + i / 7);
    const view = { source: floatData(values, [500], [1]).source };
    const scaled = await preprocess(view, { ...defaults, preprocessing: 'norm', norm }, job, 0);
    expect(new Set((await denseRows(scaled, job, 0)).data)).toEqual(new Set([1]));
  });

  it.each(['l1', 'l2', 'max'] as const)('does the same in few columns and in many by %s', async (norm) => {
    const job = createLocalJob();
    const few = Float64Array.from({ length: 10 * 32 }, (_, at) => Math.sin(at));
    const many = Float64Array.from({ length: 10 * 33 }, (_, at) =>
      at % 33 === 32 ? 0 : few[Math.floor(at / 33) * 32 + (at % 33)]!,
    );
    const rowsOf = async (data: Float64Array, cols: number): Promise<Float64Array> => {
      const view = { source: floatData(data, [10], [cols]).source };
      return (await denseRows(await preprocess(view, { ...defaults, preprocessing: 'norm', norm }, job, 0), job, 0))
        .data;
    };
    const [a, b] = [await rowsOf(few, 32), await rowsOf(many, 33)];
    for (let i = 0; i < 10; i++) close([...b.subarray(33 * i, 33 * i + 32)], [...a.subarray(32 * i, 32 * i + 32)]);
  });

  it('leaves a pixel of zeros as it is', async () => {
    const job = createLocalJob();
    const view = { source: floatData(Float64Array.from([0, 0, 3, 4]), [2], [2]).source };
    const norm = await preprocess(view, { ...defaults, preprocessing: 'norm' }, job, 0);
    close([...(await denseRows(norm, job, 0)).data], [0, 0, 0.6, 0.8]);
  });

  it('makes variances 1 with the population formula and a constant channel 0', async () => {
    const found = await scaled({ preprocessing: 'standard' });
    const [a, b] = [Math.sqrt(26 / 9), Math.sqrt(8 / 3)];
    close(found, [7 / 3 / a, 2 / b, 0, -2 / 3 / a, -2 / b, 0, -5 / 3 / a, 0, 0]);
    close(await scaled({ preprocessing: 'standard', with_std: false }), [7 / 3, 2, 0, -2 / 3, -2, 0, -5 / 3, 0, 0]);
    const onlyScaled = await scaled({ preprocessing: 'standard', with_mean: false });
    close(onlyScaled, [3 / a, 4 / b, 7, 0, 0, 7, -1 / a, 2 / b, 7]);
  });

  it('brings channels to a range, a constant one to its lower end', async () => {
    close(await scaled({ preprocessing: 'minmax' }), [1, 1, 0, 0.25, 0, 0, 0, 0.5, 0]);
    close(await scaled({ preprocessing: 'minmax', feature_range: [-1, 3] }), [3, 3, -1, 0, -1, -1, -1, 1, -1]);
  });

  it('raises shares of the maximum, moved above zero, to a power', async () => {
    const least = -1 / 7;
    const found = await scaled({ preprocessing: 'power', power: 0.25 });
    close(
      found,
      Array.from(x, (value) => (value / 7 - least + 1e-8) ** 0.25),
    );
  });
});
