import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { fixturePath } from '../../../../test/golden/fixtures.ts';
import { readValues } from '../../../../test/golden/npy.ts';
import { floatData, floats, maskOf, rowOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import { createGramSpace } from '../dictionary/gram-space.ts';
import { singularAtoms } from '../dictionary/streamed-space.ts';
import { createBatchReader } from './batch-reader.ts';
import { forgetting, learnOnline } from './learn-online.ts';
import { createGramAtoms, createPixelAtoms } from './online-atoms.ts';
import { createStopping } from './stopping.ts';
import { createBatchStream } from './stream.ts';

type Parameters = Readonly<Record<string, unknown>>;
const step = (parameters: Parameters) => [{ do: 'decomposition', algorithm: 'mini_batch_sparse_pca', parameters }];
const onG = (parameters: Parameters, seed = 0): Promise<AlgorithmOutput> =>
  runSteps(floatData(datasetG(), gShape.navigation, gShape.signal), step(parameters), { seed });

describe('mini-batches', () => {
  it('go through all channels in turn, the last one short', () => {
    const stream = createBatchStream(7, 3, null);
    expect(Array.from({ length: 4 }, (_, s) => [...stream.batch(s)])).toEqual([[0, 1, 2], [3, 4, 5], [6], [0, 1, 2]]);
    const shuffled = createBatchStream(7, 3, createRandom(1));
    const all = [0, 1, 2].flatMap((s) => [...shuffled.batch(s)]);
    expect(all.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(all).not.toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('forget the past by (θ + 1 − b)/(θ + 1)', () => {
    // b = 3: θ = 3, 6, then 9 + s + 1 − 3 = 9, 10 …
    expect([0, 1, 2, 3].map((s) => forgetting(s, 3))).toEqual([1 / 4, 4 / 7, 7 / 10, 8 / 11]);
    expect(forgetting(0, 1)).toBe(1 / 2);
  });

  it('stop when atoms rest or the averaged cost finds no new minimum, but not in the first 100', () => {
    const still = createStopping(30, 2, 10, 1e-3, 0);
    expect(still.take(99, 3, 1, 0)).toBe(false);
    expect(still.take(100, 3, 1, 0.0019)).toBe(true);
    const bored = createStopping(30, 2, 10, 0, 3);
    expect([100, 101, 102, 103].map((s) => bored.take(s, 3, 5, 1))).toEqual([false, false, false, true]);
    const patient = createStopping(30, 2, 10, 0, 0);
    expect(Array.from({ length: 50 }, (_, i) => patient.take(100 + i, 3, 5, 0)).some(Boolean)).toBe(false);
    expect(createStopping(900, 2, 300, 1, 1).take(299, 3, 1, 0)).toBe(false);
  });
});

describe('sparse components by mini-batches', () => {
  // sklearn.decomposition.MiniBatchSparsePCA(2, alpha=50, random_state=0).fit(G), 1.2.1: components and transform(G)[7]
  it.each(['lars', 'cd'])('are those of scikit-learn up to sign, by %s', async (method) => {
    const output = await onG({ output_dimension: 2, alpha: 50, method });
    const first = [0, 0.169, 0.4961, 0.6716, 0.4961, 0.1678, 0, 0, 0, 0, 0, 0];
    for (let j = 0; j < 12; j++) expect(Math.abs(rowOf(output, 'factors', j)[0]!)).toBeCloseTo(first[j]!, 4);
    expect(Math.abs(rowOf(output, 'loadings', 7)[0]!)).toBeCloseTo(0.2152, 3);
    expect(Math.abs(rowOf(output, 'loadings', 7)[1]!)).toBeCloseTo(34.1028, 3);
    expect(output.scalars).toMatchObject({ mini_batches: 1000, iterations: 250, converged: true });
    expect(output.scalars.objective).toBeCloseTo(73754.222, 1);
  });

  it('agree with HyperSpy on the reference case', async () => {
    const { values } = readValues(fixturePath('inputs/sparse.npy'));
    const parameters = { output_dimension: 3, max_iter: 300, batch_size: 20, tol: 0 };
    const output = await runSteps(floatData(values, [10, 12], [60]), step(parameters));
    const expected = readValues(fixturePath('expected/mini_batch_sparse_pca/factors.npy')).values;
    const ours = floats(output, 'factors');
    // components may come in another order and with another sign
    for (let c = 0; c < 3; c++) {
      const best = [0, 1, 2].map((d) => {
        let sum = 0;
        for (let j = 0; j < 60; j++) sum += expected[j * 3 + c]! * ours[j * 3 + d]!;
        return Math.abs(sum);
      });
      expect(Math.max(...best)).toBeGreaterThan(1 - 1e-6);
    }
    expect(output.scalars).toMatchObject({ mini_batches: 900, iterations: 300 });
  });

  it('stop early where a test for it is asked for', async () => {
    const loose = await onG({ output_dimension: 2, alpha: 50, max_iter: 1000, max_no_improvement: 5 });
    expect(loose.scalars.mini_batches).toBeLessThan(4000);
    expect(loose.scalars.converged).toBe(true);
    const short = await onG({ output_dimension: 2, alpha: 50, max_iter: 2, tol: 1e-9, max_no_improvement: 0 });
    expect(short.scalars).toMatchObject({ iterations: 2, mini_batches: 8, converged: false });
    expect(short.notes.join()).toMatch(/max_iter = 2/);
  });

  it('depend on the seed alone', async () => {
    const [a, b, c] = await Promise.all([4, 4, 5].map((seed) => onG({ output_dimension: 2, alpha: 50 }, seed)));
    expect(floats(a!, 'loadings')).toEqual(floats(b!, 'loadings'));
    expect(floats(a!, 'loadings')).not.toEqual(floats(c!, 'loadings'));
  });

  it('do not depend on the seed without shuffling', async () => {
    const [a, b] = await Promise.all(
      [1, 2].map((seed) => onG({ output_dimension: 2, alpha: 1, shuffle: false, batch_size: 12 }, seed)),
    );
    expect(floats(a!, 'factors')).toEqual(floats(b!, 'factors'));
  });

  it('are the same for channel maps read from the data and by products alone', async () => {
    const [pixels, channels, k] = [50, 23, 3];
    const random = createRandom(3);
    const x = Float64Array.from({ length: pixels * channels }, (_, at) => random.gaussian() * (1 + (at % channels)));
    const view = { source: sharedSource(x, 'float64', pixels, channels) };
    const job = createLocalJob();
    const stream = createBatchStream(channels, 4, random);
    const options = { k, channels, alpha: 2, method: 'lars', steps: 120, stopping: null, phase: 2 } as const;
    const space = await createGramSpace(view, k, job, { gather: 1, write: 3 });
    const online = createGramAtoms(space);
    await learnOnline(online, stream, createRandom(1), options, job);
    const { values } = await singularAtoms(view, k, job, { gather: 1, solve: 2 });
    const direct = createPixelAtoms(createBatchReader(view, stream, job, 2), values, k);
    await learnOnline(direct, stream, createRandom(1), options, job);
    online.atoms().gram.forEach((v, at) => {
      const other = direct.atoms().gram[at]!;
      // signs of singular vectors are free
      expect(Math.abs(Math.abs(v) - Math.abs(other))).toBeLessThan(1e-9);
    });
    space.free();
  });

  it('are finite for constant data, float32, masks, empty pixels and noise scaling', async () => {
    const x = Float32Array.from({ length: 40 * 15 }, (_, at) =>
      Math.floor(at / 15) === 6 ? 0 : ((7 * at) % 11) + (at % 15 > 8 ? Math.floor(at / 15) : 0),
    );
    const data = {
      navigationShape: [40],
      signalShape: [15],
      source: sharedSource(x, 'float32', 40, 15),
      inputs: {
        navigation_mask: maskOf(Array.from({ length: 40 }, (_, i) => i === 2)),
        signal_mask: maskOf(Array.from({ length: 15 }, (_, j) => j === 3)),
      },
    };
    const parameters = { output_dimension: 4, alpha: 0.01, normalize_poissonian_noise: true, reproject: 'both' };
    const output = await runSteps(data, step(parameters));
    for (const name of ['factors', 'loadings', 'mean']) expect(floats(output, name).every(Number.isFinite)).toBe(true);
    const flat = await runSteps(floatData(new Float64Array(60).fill(3), [10], [6]), step({ output_dimension: 2 }));
    expect(floats(flat, 'loadings').every((v) => v === 0)).toBe(true);
  });

  it('stop when cancelled, keep what there is, and refuse what they do not take', async () => {
    const block = createControlBlock();
    const run = () =>
      runSteps(floatData(datasetG(), gShape.navigation, gShape.signal), step({ output_dimension: 2 }), {
        control: openControl(block),
      });
    requestStop(block, 'keep');
    expect((await run()).scalars).toMatchObject({ mini_batches: 1, converged: false });
    requestStop(block, 'cancel');
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' });
    await expect(onG({ batch_size: 0 })).rejects.toThrow(/^batch_size must be .*got 0/);
    await expect(onG({ max_no_improvement: -1 })).rejects.toThrow(/^max_no_improvement must be/);
  });
});
