import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../linalg/random.ts';
import { floatData, floats, rowOf, sharedSource } from '../../../../test/golden/run-step.ts';
import { arrayOf, channels, closeTo, decompose, modelOf, noise, noisy, pixels, truth, varied } from './test-data.ts';

describe('unusual data', () => {
  it('of empty pixels and channels stay near zero there', async () => {
    const counts = truth.map((v, at) =>
      Math.floor(at / channels) === 3 || at % channels === 5 ? 0 : Math.max(0, Math.round(v)),
    );
    const output = await decompose(floatData(counts, [pixels], [channels]), { output_dimension: 3 });
    expect(output.scalars.converged).toBe(true);
    expect(rowOf(output, 'loadings', 3).every((v) => Math.abs(v) < 1e-8)).toBe(true);
    expect(rowOf(output, 'factors', 5).every((v) => Math.abs(v) < 1e-8)).toBe(true);
  });

  it.each([
    ['all equal', () => 7],
    ['all zero', () => 0],
    ['of one component', (at: number) => (1 + Math.floor(at / channels)) * (1 + (at % channels))],
  ] as const)('that are %s are fitted without rest by more components than they have', async (_name, value) => {
    const x = Float64Array.from({ length: pixels * channels }, (_, at) => value(at));
    const output = await decompose(floatData(x, [pixels], [channels]), { output_dimension: 3 });
    expect(output.scalars.converged).toBe(true);
    closeTo(modelOf(output), x, 1e-8);
    expect(floats(output, 'factors').every(Number.isFinite)).toBe(true);
  });

  it.each([
    [8, 5],
    [5, 8],
    [6, 6],
  ])('of %d × %d values are rebuilt by all components', async (rows, cols) => {
    const random = createRandom(2);
    const x = Float64Array.from({ length: rows * cols }, () => 1 + 5 * random.uniform());
    const output = await decompose(floatData(x, [rows], [cols]), { output_dimension: Math.min(rows, cols) });
    closeTo(modelOf(output), x, 1e-6);
  });

  it.each([
    ['float32', Float32Array],
    ['uint16', Uint16Array],
    ['uint8', Uint8Array],
  ] as const)('of type %s give what float64 gives', async (dtype, Typed) => {
    const x = Typed.from(truth);
    const source = sharedSource(x, dtype, pixels, channels);
    const data = { navigationShape: [pixels], signalShape: [channels], source };
    const output = await decompose(data, { output_dimension: 3 });
    const same = await decompose(floatData(Float64Array.from(x), [pixels], [channels]), { output_dimension: 3 });
    expect(floats(output, 'loadings')).toEqual(floats(same, 'loadings'));
    expect(output.notes.join()).toContain(dtype);
  });

  it('of a scale far from one are fitted as well', async () => {
    for (const unit of [1e-120, 1e120]) {
      const inputs = {
        var_array: arrayOf(
          noise.map((v) => v * unit * unit),
          [pixels, channels],
        ),
      };
      const output = await decompose(
        floatData(
          noisy.map((v) => v * unit),
          [pixels],
          [channels],
          inputs,
        ),
        { output_dimension: 3 },
      );
      expect(output.scalars.converged).toBe(true);
      const plain = await decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 3 });
      expect(Number(output.scalars.objective)).toBeCloseTo(Number(plain.scalars.objective), 4);
    }
  });
});
