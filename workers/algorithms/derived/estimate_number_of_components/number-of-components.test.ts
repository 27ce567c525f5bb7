import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { floatData, floats, maskOf, runSteps, sharedSource, type TestData } from '../../../../test/golden/run-step.ts';
import { lowRank, spectrumImage } from './test-data.ts';

type Parameters = Readonly<Record<string, unknown>>;
const estimate = (data: TestData, parameters: Parameters = {}, seed = 0) =>
  runSteps(data, [{ do: 'estimate_number_of_components', parameters }], { seed });

const noiseCriteria = ['marchenko_pastur', 'hard_threshold', 'parallel_analysis', 'cross_validation'] as const;
const allCriteria = [...noiseCriteria, 'elbow', 'broken_stick', 'cumulative'] as const;

describe.each([
  [200, 60],
  [60, 200],
  [120, 120],
])('data of rank 3 in noise, %d pixels × %d channels', (pixels, channels) => {
  // noise reaches (√200 + √60)² ≈ 480 = 21.9²; all components are well above
  const data = floatData(lowRank(pixels, channels, [120, 70, 45], 1, 3), [pixels], [channels]);

  it('have three components by every criterion that knows noise', async () => {
    const output = await estimate(data);
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(3);
    expect(output.scalars.elbow).toBe(4);
    expect(output.scalars.noise_level as number).toBeCloseTo(1, 1);
    expect(output.scalars.noise_source).toBe('median');
  });

  it('have them centred, with a mean that is no component', async () => {
    const shifted = lowRank(pixels, channels, [120, 70, 45], 1, 3).map((v, at) => v + 30 + ((at % channels) % 7));
    const output = await estimate(floatData(shifted, [pixels], [channels]), { centre: 'navigation' });
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(3);
    const raw = await estimate(floatData(shifted, [pixels], [channels]));
    for (const criterion of noiseCriteria) expect(raw.scalars[criterion], criterion).toBe(4);
  });

  it('have them when the noise is given', async () => {
    const output = await estimate(data, { noise_level: 1 });
    expect(output.scalars.noise_source).toBe('given');
    expect(output.scalars.hard_threshold).toBe(3);
    expect(output.scalars.marchenko_pastur).toBe(3);
    const loud = await estimate(data, { noise_level: 2.5 });
    expect(loud.scalars.marchenko_pastur).toBe(2);
  });
});

describe('counts', () => {
  it.each([
    [50, 4],
    [3, 4],
    [0.3, 4],
    [3, 2],
  ])('of %d in a value, of %d phases, have as many components', async (counts, k) => {
    const data = floatData(spectrumImage(24, 128, k, counts, 8), [24, 24], [128]);
    const output = await estimate(data, { normalize_poissonian_noise: true });
    expect(output.scalars.noise_source).toBe('counts');
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(k);
  });

  it('have a noise of one over the root of all counts, once scaled', async () => {
    const x = spectrumImage(24, 128, 3, 2, 8);
    const output = await estimate(floatData(x, [24, 24], [128]), { normalize_poissonian_noise: true });
    const total = x.reduce((a, b) => a + b, 0);
    expect((output.scalars.noise_level as number) * Math.sqrt(total)).toBeCloseTo(1, 1);
  });

  it('with empty pixels and channels keep their number', async () => {
    const x = spectrumImage(24, 128, 3, 5, 9);
    for (let i = 0; i < 576; i++) for (let j = 0; j < 128; j++) if (i < 40 || j % 4 === 0) x[i * 128 + j] = 0;
    const output = await estimate(floatData(x, [24, 24], [128]), { normalize_poissonian_noise: true });
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(3);
  });

  it('as whole numbers are converted, and said to be', async () => {
    const x = Uint16Array.from(spectrumImage(12, 40, 2, 20, 5));
    const data = { navigationShape: [12, 12], signalShape: [40], source: sharedSource(x, 'uint16', 144, 40) };
    const output = await estimate(data, { normalize_poissonian_noise: true });
    expect(output.scalars.marchenko_pastur).toBe(2);
    expect(output.notes.join()).toContain('uint16');
  });
});

describe('noise alone', () => {
  it('has a component in no more than about 5 of 100 cases, and none that is worth keeping', async () => {
    const found = { marchenko_pastur: 0, hard_threshold: 0, parallel_analysis: 0, cross_validation: 0 };
    for (let seed = 0; seed < 40; seed++) {
      const output = await estimate(floatData(lowRank(80, 30, [], 1, seed), [80], [30]));
      for (const criterion of noiseCriteria) if (output.scalars[criterion] !== 0) found[criterion]++;
    }
    // binomial: 2 ± 1.4
    for (const criterion of noiseCriteria) expect(found[criterion], criterion).toBeLessThanOrEqual(7);
    expect(found.hard_threshold).toBe(0);
  });

  it('with channels of different strength has none by parallel analysis', async () => {
    const x = lowRank(300, 60, [], 1, 4).map((v, at) => v * (1 + ((at % 60) % 5)));
    const output = await estimate(floatData(x, [300], [60]), { repetitions: 40 });
    expect(output.scalars.parallel_analysis).toBe(0);
  });
});

describe('weak components beside strong ones', () => {
  it('are seen: the strong one does not raise the threshold', async () => {
    const data = floatData(lowRank(400, 50, [2000, 40], 1, 5), [400], [50]);
    const output = await estimate(data);
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(2);
  });
});

describe('what is returned', () => {
  const data = floatData(lowRank(90, 30, [60, 40], 1, 6), [9, 10], [30]);

  it('has a curve or threshold, a number and a sentence for each criterion', async () => {
    const output = await estimate(data, { max_components: 12 });
    const shape = (name: string): readonly number[] => output.arrays[name]!.shape;
    for (const name of ['explained_variance', 'explained_variance_ratio', 'cumulative', 'broken_stick']) {
      expect(shape(name), name).toEqual([30]);
    }
    expect(shape('parallel_analysis_threshold')).toEqual([12]);
    expect(shape('cross_validation_error')).toEqual([13]);
    expect(shape('marchenko_pastur_edge')).toEqual([1]);
    expect(shape('hard_threshold')).toEqual([1]);
    for (const criterion of allCriteria) {
      expect(Number.isInteger(output.scalars[criterion]), criterion).toBe(true);
      expect(output.scalars[`${criterion}_reason`], criterion).toMatch(/^[A-Z0-9].{20,220}\.$/);
    }
    const ratio = floats(output, 'explained_variance_ratio');
    expect(ratio.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(floats(output, 'cumulative').at(-1)).toBeCloseTo(1, 12);
    expect(floats(output, 'cross_validation_error')[0]).toBe(1);
    expect(ratio[1]!).toBeGreaterThan(floats(output, 'marchenko_pastur_edge')[0]!);
    expect(ratio[2]!).toBeLessThan(floats(output, 'marchenko_pastur_edge')[0]!);
  });

  it('has the explained variances of the decomposition', async () => {
    for (const parameters of [{}, { centre: 'navigation' }, { centre: 'signal' }]) {
      const output = await estimate(data, parameters);
      const svd = await runSteps(data, [{ do: 'decomposition', parameters }]);
      const expected = floats(svd, 'explained_variance');
      // what is below 1e-13 of the first counts as 0
      floats(output, 'explained_variance').forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 9));
    }
  });

  it('leaves out what is switched off', async () => {
    const off = Object.fromEntries(allCriteria.filter((c) => c !== 'elbow').map((c) => [c, false]));
    const output = await estimate(data, off);
    expect(Object.keys(output.arrays)).toEqual(['explained_variance', 'explained_variance_ratio']);
    expect(Object.keys(output.scalars)).toEqual(['numerical_rank', 'elbow', 'elbow_reason']);
  });

  it('is the same for the same seed', async () => {
    const [first, again, other] = [
      await estimate(data, {}, 4),
      await estimate(data, {}, 4),
      await estimate(data, {}, 5),
    ];
    for (const name of ['parallel_analysis_threshold', 'cross_validation_error']) {
      expect(floats(again, name)).toEqual(floats(first, name));
      expect(floats(other, name)).not.toEqual(floats(first, name));
    }
  });

  it('reaches the share that was asked for', async () => {
    const output = await estimate(data, { cumulative_threshold: 0.5 });
    const curve = floats(output, 'cumulative');
    const count = output.scalars.cumulative as number;
    expect(curve[count - 1]!).toBeGreaterThanOrEqual(0.5);
    if (count > 1) expect(curve[count - 2]!).toBeLessThan(0.5);
    expect((await estimate(data, { cumulative_threshold: 1 })).scalars.cumulative).toBe(30);
  });

  it('says where it differs from the decomposition it is asked for', async () => {
    const steps = [
      { do: 'decomposition', parameters: { centre: 'navigation' } },
      { do: 'estimate_number_of_components' },
    ];
    const output = await runSteps(data, steps);
    expect(output.notes.join()).toMatch(/another setting of centre;/);
    expect(output.scalars.marchenko_pastur).toBe(2);
  });
});

describe('masks', () => {
  it('leave out pixels and channels that would be components', async () => {
    const x = lowRank(100, 40, [80, 50], 1, 8);
    for (let j = 0; j < 40; j++) x[7 * 40 + j]! += 500 * Math.cos(j);
    for (let i = 0; i < 100; i++) x[i * 40 + 9]! += 300 * Math.cos(i * i);
    const masks = {
      navigation_mask: maskOf(
        Array.from({ length: 100 }, (_, i) => i === 7),
        [10, 10],
      ),
      signal_mask: maskOf(Array.from({ length: 40 }, (_, j) => j === 9)),
    };
    const output = await estimate(floatData(x, [10, 10], [40], masks));
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(2);
    expect(output.arrays.explained_variance!.shape).toEqual([39]);
    expect((await estimate(floatData(x, [10, 10], [40]))).scalars.marchenko_pastur).toBe(4);
  });
});

describe('degenerate data', () => {
  it('that are constant have one component, or none without the mean', async () => {
    const data = floatData(new Float64Array(200).fill(3), [20], [10]);
    const output = await estimate(data);
    for (const criterion of allCriteria) expect(output.scalars[criterion], criterion).toBe(1);
    const centred = await estimate(data, { centre: 'navigation' });
    for (const criterion of allCriteria) expect(centred.scalars[criterion], criterion).toBe(0);
    expect((await estimate(data, { normalize_poissonian_noise: true })).scalars.numerical_rank).toBe(1);
  });

  it('that are zero have none', async () => {
    const output = await estimate(floatData(new Float64Array(60), [10], [6]));
    for (const criterion of allCriteria) expect(output.scalars[criterion], criterion).toBe(0);
  });

  it('without noise have their rank', async () => {
    const output = await estimate(floatData(lowRank(80, 30, [9, 5, 2, 1], 0, 2), [80], [30]));
    expect(output.scalars.numerical_rank).toBe(4);
    for (const criterion of noiseCriteria) expect(output.scalars[criterion], criterion).toBe(4);
  });

  it('of two pixels, or of one channel, are not refused', async () => {
    for (const [pixels, channels] of [
      [2, 1],
      [2, 2],
      [2, 9],
      [9, 1],
    ] as const) {
      const x = Float64Array.from({ length: pixels * channels }, (_, i) => 1 + (i % 3));
      const output = await estimate(floatData(x, [pixels], [channels]));
      for (const criterion of allCriteria) {
        expect(output.scalars[criterion] as number, `${criterion} ${pixels} ${channels}`).toBeLessThanOrEqual(
          Math.min(pixels, channels),
        );
      }
    }
  });
});

describe('refusals', () => {
  const data = floatData(lowRank(20, 8, [9], 1, 1), [20], [8]);

  it.each([
    [{ normalize_poissonian_noise: true, centre: 'signal' }, /centre must be empty/],
    [{ normalize_poissonian_noise: true, noise_level: 1 }, /noise_level must be empty/],
    [{ folds: 1 }, /folds must be a whole number from 2 to 20; got 1/],
    [{ quantile: 1.5 }, /quantile must be a number from 0 to 1; got 1.5/],
    [Object.fromEntries(allCriteria.map((c) => [c, false])), /another criterion must be on/],
  ])('%o', async (parameters, message) => {
    await expect(estimate(data, parameters)).rejects.toThrow(message);
  });

  it('of negative values where counts are needed', async () => {
    await expect(estimate(data, { normalize_poissonian_noise: true })).rejects.toMatchObject({ code: 'negative-data' });
  });

  it('of a run that is cancelled', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    const run = runSteps(data, [{ do: 'estimate_number_of_components' }], { control });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });
});
