import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve, requestStop } from '../../../control.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { fixturePath } from '../../../../test/golden/fixtures.ts';
import { readValues } from '../../../../test/golden/npy.ts';
import { floatData, floats, maskOf, rowOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import { createGramSpace } from '../dictionary/gram-space.ts';
import { createStreamedSpace } from '../dictionary/streamed-space.ts';
import { learnDictionary } from './learn.ts';

type Parameters = Readonly<Record<string, unknown>>;
const step = (parameters: Parameters, algorithm = 'sparse_pca') => [{ do: 'decomposition', algorithm, parameters }];
const onG = (parameters: Parameters): Promise<AlgorithmOutput> =>
  runSteps(floatData(datasetG(), gShape.navigation, gShape.signal), step(parameters));
const column = (output: AlgorithmOutput, name: string, c: number): number[] => {
  const k = output.arrays[name]!.shape.at(-1)!;
  return [...floats(output, name)].filter((_, at) => at % k === c);
};

/** Pixels × channels of counts that four sparse spectra make, with noise; reproducible. */
function counts(pixels: number, channels: number): Float64Array {
  const random = createRandom(8);
  const x = new Float64Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    const amounts = Array.from({ length: 4 }, () => random.uniform() ** 2);
    for (let j = 0; j < channels; j++) {
      const level = 2 + 60 * amounts[Math.floor((4 * j) / channels)]! * (j % 3 === 0 ? 1 : 0.1);
      x[i * channels + j] = Math.max(0, Math.round(level + Math.sqrt(level) * random.gaussian()));
    }
  }
  return x;
}

// from sklearn.decomposition import SparsePCA   (1.2.1; G as in dataset-g.ts)
// m = SparsePCA(2, alpha=50, random_state=0).fit(G); m.components_, m.transform(G)[7], m.error_[-1]
describe.each(['lars', 'cd'])('sparse components of dataset G by %s', (method) => {
  it('are those of scikit-learn, signs and order included', async () => {
    const output = await onG({ output_dimension: 2, alpha: 50, method });
    const first = [0, -0.16898542, -0.49608688, -0.67162155, -0.49608858, -0.16781643, 0, 0, 0, 0, 0, 0];
    const second = [0, 0, 0, 0, 0, 0, 0, -0.43662884, -0.79016664, -0.43010689, 0, 0];
    column(output, 'factors', 0).forEach((v, j) => expect(v).toBeCloseTo(first[j]!, 7));
    column(output, 'factors', 1).forEach((v, j) => expect(v).toBeCloseTo(second[j]!, 7));
    expect(floats(output, 'factors').filter((v) => v === 0)).toHaveLength(16);
    expect(rowOf(output, 'loadings', 7)[0]).toBeCloseTo(-0.21522728, 7);
    expect(rowOf(output, 'loadings', 7)[1]).toBeCloseTo(34.10283854, 7);
    expect(output.scalars.objective).toBeCloseTo(73754.22236710784, 6);
    expect(output.scalars).toMatchObject({ converged: true, iterations: 4 });
  });

  it('reach at least as low a cost as 910 rounds of scikit-learn where rounds creep', async () => {
    // SparsePCA(3, alpha=5, random_state=0).fit(G).error_[-1]: 8829.800106 (lars, 68 rounds), 8829.839666 (cd, 910)
    const { scalars } = await onG({ output_dimension: 3, alpha: 5, method });
    expect(scalars.objective).toBeLessThan(8829.800107);
    expect(scalars.objective).toBeGreaterThan(8829.79);
    expect(scalars.iterations).toBeLessThan(68);
  });
});

describe('sparse principal components', () => {
  it('agree with HyperSpy on the reference case', async () => {
    const { values } = readValues(fixturePath('inputs/sparse.npy'));
    const output = await runSteps(floatData(values, [10, 12], [60]), step({ output_dimension: 3, max_iter: 2000 }));
    for (const name of ['factors', 'loadings', 'mean']) {
      const expected = readValues(fixturePath(`expected/sparse_pca/${name}.npy`)).values;
      const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      floats(output, name).forEach((v, at) => expect(Math.abs(v - expected[at]!)).toBeLessThan(1e-5 * largest));
    }
  });

  it('are of length 1, and their loadings solve the ridge equations', async () => {
    const output = await onG({ output_dimension: 3, alpha: 20, ridge_alpha: 7 });
    const [f, l, mean] = ['factors', 'loadings', 'mean'].map((name) => floats(output, name)) as Float64Array[];
    const x = datasetG();
    expect(output.arrays.mean!.shape).toEqual([12]);
    for (let c = 0; c < 3; c++) {
      expect(Math.hypot(...column(output, 'factors', c))).toBeCloseTo(1, 12);
      for (let i = 0; i < 20; i++) {
        // Fᵀ(x − mean − F l) = 7 l
        let pull = 0;
        for (let j = 0; j < 12; j++) {
          let rest = x[i * 12 + j]! - mean![j]!;
          for (let s = 0; s < 3; s++) rest -= f![j * 3 + s]! * l![i * 3 + s]!;
          pull += f![j * 3 + c]! * rest;
        }
        expect(pull).toBeCloseTo(7 * l![i * 3 + c]!, 9);
      }
    }
  });

  it('tell what they capture', async () => {
    const output = await onG({ output_dimension: 2, alpha: 50 });
    const [f, l, mean] = ['factors', 'loadings', 'mean'].map((name) => floats(output, name)) as Float64Array[];
    let [all, rest] = [0, 0];
    datasetG().forEach((value, at) => {
      const [i, j] = [Math.floor(at / 12), at % 12];
      const centred = value - mean![j]!;
      all += centred ** 2;
      rest += (centred - f![j * 2]! * l![i * 2]! - f![j * 2 + 1]! * l![i * 2 + 1]!) ** 2;
    });
    expect(output.scalars.captured_fraction).toBeCloseTo(1 - rest / all, 12);
  });

  it('never let the cost rise, and show it live', async () => {
    const control = openControl(createControlBlock());
    const x = counts(80, 24);
    const output = await runSteps(floatData(x, [80], [24]), step({ output_dimension: 5 }), { control });
    const curve = readCurve(control.block);
    expect(curve.length).toBe(2 * Number(output.scalars.iterations));
    for (let at = 3; at < curve.length; at += 2) expect(curve[at]!).toBeLessThanOrEqual(curve[at - 2]! * (1 + 1e-12));
    expect(curve.at(-1)).toBe(output.scalars.objective);
  });

  it('are the same for pixels held in blocks and by products alone', async () => {
    for (const [pixels, channels] of [
      [70, 18],
      [14, 40],
    ] as const) {
      const x = counts(pixels, channels);
      for (let j = 0; j < channels; j++) {
        let mean = 0;
        for (let i = 0; i < pixels; i++) mean += x[i * channels + j]! / pixels;
        for (let i = 0; i < pixels; i++) x[i * channels + j]! -= mean;
      }
      const view = { source: sharedSource(x, 'float64', pixels, channels) };
      const options = { alpha: 30, method: 'lars', maxIter: 500, tol: 1e-10, phase: 2 } as const;
      const job = createLocalJob();
      const gram = await createGramSpace(view, 3, job, { gather: 1, write: 3 });
      const streamed = await createStreamedSpace(view, 3, job, { gather: 1, solve: 2 });
      const a = await learnDictionary(gram, options, job);
      const b = await learnDictionary(streamed, options, job);
      expect(b.objective / a.objective).toBeCloseTo(1, 9);
      const peaks = [await gram.peaks(a.atoms), await streamed.peaks(b.atoms)];
      a.codes.forEach((c, at) => {
        const sign = Math.sign(peaks[0]![at % 3]! * peaks[1]![at % 3]!);
        expect(Math.abs(c - sign * b.codes[at]!)).toBeLessThan(1e-3 * Math.max(1, Math.abs(c)));
      });
      gram.free();
    }
  });

  it('are all zero, and say so, when alpha is too large', async () => {
    const output = await onG({ output_dimension: 4, alpha: 5000 });
    expect(floats(output, 'factors').every((v) => v === 0)).toBe(true);
    expect(floats(output, 'loadings').every((v) => v === 0)).toBe(true);
    // ½ ‖G − mean‖²
    expect(output.scalars.objective).toBeCloseTo(184430.65, 8);
    expect(output.notes.join()).toMatch(/alpha is too large/);
  });

  it('cope with constant data and with more components than the data have', async () => {
    const flat = await runSteps(floatData(new Float64Array(60).fill(3), [10], [6]), step({ output_dimension: 2 }));
    expect(floats(flat, 'loadings').every((v) => v === 0)).toBe(true);
    const x = Float64Array.from({ length: 15 * 6 }, (_, at) => (Math.floor(at / 6) - 7) * ((at % 6) + 1));
    const line = await runSteps(floatData(x, [15], [6]), step({ output_dimension: 4, alpha: 0.1 }));
    expect([...floats(line, 'factors'), ...floats(line, 'loadings')].every(Number.isFinite)).toBe(true);
    expect(line.scalars.captured_fraction).toBeGreaterThan(0.999);
  });

  it('take all components where none are asked for', async () => {
    const output = await onG({ alpha: 1, max_iter: 50 });
    expect(output.arrays.factors!.shape).toEqual([12, 12]);
    expect(output.scalars.captured_fraction).toBeGreaterThan(0.99);
  });

  it('convert float32 and whole numbers', async () => {
    const same = await onG({ output_dimension: 2, alpha: 50 });
    for (const [dtype, values] of [
      ['float32', Float32Array.from(datasetG())],
      ['uint16', Uint16Array.from(datasetG())],
    ] as const) {
      const data = { navigationShape: [4, 5], signalShape: [12], source: sharedSource(values, dtype, 20, 12) };
      const output = await runSteps(data, step({ output_dimension: 2, alpha: 50 }));
      expect(floats(output, 'loadings')).toEqual(floats(same, 'loadings'));
      expect(output.notes.join()).toContain('converted to float64');
    }
  });

  it('say when they ran out of rounds', async () => {
    const output = await onG({ output_dimension: 3, alpha: 5, max_iter: 2 });
    expect(output.scalars).toMatchObject({ iterations: 2, converged: false });
    expect(output.notes.join()).toMatch(/max_iter = 2/);
  });

  it('stop when cancelled, and keep what there is when asked to', async () => {
    const block = createControlBlock();
    const run = () =>
      runSteps(floatData(datasetG(), gShape.navigation, gShape.signal), step({ output_dimension: 2, alpha: 5 }), {
        control: openControl(block),
      });
    requestStop(block, 'keep');
    const kept = await run();
    expect(kept.scalars).toMatchObject({ converged: false, iterations: 1 });
    expect(kept.notes.join()).not.toMatch(/max_iter/);
    requestStop(block, 'cancel');
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('refuse parameters out of range by name', async () => {
    await expect(onG({ alpha: -1 })).rejects.toThrow(/^alpha must be .*-1/);
    await expect(onG({ method: 'omp' })).rejects.toThrow(/^method must be .*lars.*omp/);
    await expect(onG({ output_dimension: 13 })).rejects.toThrow(/output_dimension must be from 1 to 12.*got 13/);
    await expect(onG({ max_iter: 0 })).rejects.toThrow(/^max_iter must be/);
  });
});

describe('sparse components with masks and noise scaling', () => {
  const x = counts(60, 20);
  const masks = {
    navigation_mask: maskOf(Array.from({ length: 60 }, (_, i) => i % 7 === 3)),
    signal_mask: maskOf(Array.from({ length: 20 }, (_, j) => j === 4 || j === 19)),
  };

  it('leave holes, or fill them by least squares', async () => {
    const holes = await runSteps(floatData(x, [60], [20], masks), step({ output_dimension: 3, alpha: 5 }));
    expect(rowOf(holes, 'loadings', 3)).toEqual([NaN, NaN, NaN]);
    expect(rowOf(holes, 'factors', 4)).toEqual([NaN, NaN, NaN]);
    const kept = x.filter((_, at) => Math.floor(at / 20) % 7 !== 3 && at % 20 !== 4 && at % 20 !== 19);
    const cut = await runSteps(floatData(kept, [kept.length / 18], [18]), step({ output_dimension: 3, alpha: 5 }));
    expect(holes.scalars.objective).toBeCloseTo(Number(cut.scalars.objective), 6);
    expect(rowOf(holes, 'factors', 5)[0]).toBeCloseTo(rowOf(cut, 'factors', 4)[0]!, 9);
    const filled = await runSteps(
      floatData(x, [60], [20], masks),
      step({ output_dimension: 3, alpha: 5, reproject: 'both', ridge_alpha: 0 }),
    );
    expect(floats(filled, 'loadings').every(Number.isFinite)).toBe(true);
    // the residual of a filled pixel is at right angles to all kept factors
    const [f, l, mean] = ['factors', 'loadings', 'mean'].map((name) => floats(filled, name)) as Float64Array[];
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let j = 0; j < 19; j++) {
        if (j === 4) continue;
        let rest = x[3 * 20 + j]! - mean![j]!;
        for (let s = 0; s < 3; s++) rest -= f![j * 3 + s]! * l![9 + s]!;
        sum += f![j * 3 + c]! * rest;
      }
      expect(sum).toBeCloseTo(0, 8);
    }
  });

  it('model counts in their own units after noise scaling', async () => {
    const scaled = step({ output_dimension: 6, alpha: 1e-4, normalize_poissonian_noise: true });
    const output = await runSteps(floatData(x, [60], [20]), [...scaled, { do: 'get_decomposition_model' }]);
    let [rest, all] = [0, 0];
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    floats(output, 'model').forEach((value, at) => {
      rest += (value - x[at]!) ** 2;
      all += (x[at]! - mean) ** 2;
    });
    expect(rest / all).toBeLessThan(0.05);
    const again = await runSteps(floatData(x, [60], [20]), scaled);
    // Σ_i (X_ij − m_j)/√(sum of pixel i) = 0 for every channel
    const m = floats(again, 'mean');
    for (let j = 0; j < 20; j++) {
      let sum = 0;
      for (let i = 0; i < 60; i++) {
        const total = x.subarray(i * 20, (i + 1) * 20).reduce((a, b) => a + b, 0);
        sum += (x[i * 20 + j]! - m[j]!) / Math.sqrt(total);
      }
      expect(sum).toBeCloseTo(0, 10);
    }
  });

  it('take empty pixels and channels with noise scaling, and masks with it', async () => {
    const holed = x.map((v, at) => (Math.floor(at / 20) === 8 || at % 20 === 2 ? 0 : v));
    const parameters = { output_dimension: 3, alpha: 0.01, normalize_poissonian_noise: true, reproject: 'both' };
    const output = await runSteps(floatData(holed, [60], [20], masks), step(parameters));
    for (const name of ['factors', 'loadings', 'mean']) expect(floats(output, name).every(Number.isFinite)).toBe(true);
    expect(rowOf(output, 'loadings', 8)).toEqual([0, 0, 0]);
    expect(rowOf(output, 'factors', 2)).toEqual([0, 0, 0]);
  });
});
