import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { createRowFile } from '../../../passes/row-target.ts';
import { validateParameters } from '../../../specs/validate.ts';
import { floatData, floats, maskOf } from '../../../../test/golden/run-step.ts';
import { run } from './run.ts';
import { mlpca } from './spec.ts';
import { arrayOf, channels, decompose, modelOf, noise, noisy, pixels, varied, weightedError } from './test-data.ts';

describe('where memory is short', () => {
  it('copies of turned, masked and incomplete data go to files, with the same bits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlpca-'));
    try {
      const x = noisy.slice(0, 20 * channels).map((v, at) => (at === 77 ? NaN : v));
      const inputs = {
        navigation_mask: maskOf(Array.from({ length: 20 }, (_, i) => i === 5)),
        var_array: arrayOf(noise.slice(0, 20 * channels), [20, channels]),
      };
      const data = floatData(x, [20], [channels], inputs);
      const checked = validateParameters(mlpca, {
        output_dimension: 2,
        navigation_mask: 'navigation_mask',
        var_array: 'var_array',
      });
      if (!checked.ok) throw new Error('The parameters are right');
      const files: string[] = [];
      const job = {
        ...createLocalJob(0),
        allocateRows: (name: string) => {
          files.push(name);
          return createRowFile(folder, name);
        },
      };
      const { navigationShape, signalShape, source } = data;
      const fromFiles = await run({ navigationShape, signalShape, data: source, inputs }, checked.values, job);
      expect(files.toSorted()).toEqual(['mlpca-data', 'mlpca-start', 'mlpca-variances']);
      const inMemory = await decompose(data, { output_dimension: 2 });
      expect(fromFiles).toEqual(inMemory);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('stopping', () => {
  const data = floatData(noisy, [pixels], [channels], varied);

  it('on request throws the fit away', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(decompose(data, { output_dimension: 3 }, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('and keeping returns what there is, not converged', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'keep');
    const output = await decompose(data, { output_dimension: 4 }, { control });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 2 });
    expect(output.notes.at(-1)).toMatch(/stopped after 2 iterations/);
    const model = modelOf(output);
    expect(
      weightedError(
        noisy,
        model,
        noise.map((v) => 1 / v),
      ),
    ).toBeCloseTo(Number(output.scalars.objective), 6);
  });

  it('at the most iterations says so', async () => {
    const output = await decompose(data, { output_dimension: 5, max_iter: 6 });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 6 });
    expect(output.notes.at(-1)).toMatch(/did not converge in 6 iterations.*max_iter/);
  });
});

describe('parameters', () => {
  const data = floatData(noisy.map(Math.abs), [pixels], [channels]);

  it('switch scaling for Poisson noise off with a note', async () => {
    const output = await decompose(data, { output_dimension: 2, normalize_poissonian_noise: true });
    expect(output.notes.join()).toContain('Scaling for Poisson noise was switched off');
    const plain = await decompose(data, { output_dimension: 2 });
    expect(floats(output, 'loadings')).toEqual(floats(plain, 'loadings'));
  });

  it.each([
    [{}, /^output_dimension must be given/],
    [{ output_dimension: 31 }, /^output_dimension must be from 1 to 30 for this data/],
    [{ output_dimension: 2, tol: -1 }, /^tol must be a number from 0 to 1; got -1/],
    [{ output_dimension: 2, max_iter: 1 }, /^max_iter must be a whole number from 2 to .*; got 1/],
    [{ output_dimension: 2, svd_solver: 'lapack' }, /^svd_solver must be one of auto, .*; got "lapack"/],
  ])('%j are refused by name', async (parameters, message) => {
    await expect(decompose(data, parameters)).rejects.toThrow(message);
  });

  it.each(['full', 'gram', 'randomized', 'arpack'])(
    'solver %s of the start leads to the same objective',
    async (svd_solver) => {
      const output = await decompose(data, { output_dimension: 3, svd_solver });
      const auto = await decompose(data, { output_dimension: 3 });
      const [a, b] = [Number(output.scalars.objective), Number(auto.scalars.objective)];
      expect(Math.abs(a - b)).toBeLessThan(1e-8 * b);
    },
  );
});
