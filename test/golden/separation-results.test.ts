import { describe, expect, it } from 'vitest';
import { separate, orderRows, type SeparationValues } from '../../workers/algorithms/bss/pipeline/separate.ts';
import type { RunInput } from '../../workers/job.ts';
import { multiply } from '../../workers/linalg/gemm.ts';
import { fromRows, identity, type Matrix } from '../../workers/linalg/matrix.ts';
import { createLocalJob } from '../../workers/passes/local-job.ts';
import { datasetG, gShape } from './dataset-g.ts';
import { relativeFrobenius } from './metrics.ts';
import { floatData, floats, runSteps, sharedSource, type Step } from './run-step.ts';
import { matrixOf, modelOf, separation, svd } from './separation-steps.ts';

describe('order, sign and inverse of the unmixing', () => {
  const input = async (): Promise<RunInput> => {
    const decomposed = await runSteps(floatData(datasetG(), gShape.navigation, gShape.signal), [svd(2)]);
    return {
      data: sharedSource(datasetG(), 'float64', 20, 12),
      navigationShape: gShape.navigation,
      signalShape: gShape.signal,
      inputs: {},
      parent: { ...decomposed, operation: 'decomposition', algorithm: 'SVD', parameters: { output_dimension: 2 } },
    };
  };
  const values: SeparationValues = {
    number_of_components: null,
    comp_list: null,
    on_loadings: false,
    diff_order: 0,
    diff_axes: null,
    whiten_method: 'none',
    reverse_component_criterion: 'factors',
  };
  const found = (unmixing: Matrix, stability?: Float64Array) => () => ({
    unmixing,
    iterations: 1,
    converged: true,
    ...(stability ? { stability } : {}),
  });

  it('sorts rows by what they take of the variance, of equal ones the last first', () => {
    const variance = Float64Array.of(10, 1);
    expect(orderRows(fromRows([[0.1, 1], [1, 0]]), variance)).toEqual([1, 0]); // prettier-ignore
    expect(orderRows(fromRows([[1, 0], [-1, 0]]), variance)).toEqual([1, 0]); // prettier-ignore
  });

  it('puts stability in the order of the sources', async () => {
    const output = await separate(await input(), values, createLocalJob(), found(fromRows([[0, 1], [1, 0]]), Float64Array.of(0.9, 0.8))); // prettier-ignore
    expect([...floats(output, 'stability')]).toEqual([0.8, 0.9]);
  });

  it.each(['factors', 'loadings'] as const)(
    'turns %s whose lowest value is the farthest from zero',
    async (criterion) => {
      const given = { ...values, reverse_component_criterion: criterion };
      const output = await separate(await input(), given, createLocalJob(), found(fromRows([[-1, 0], [0, 1]]))); // prettier-ignore
      const side = floats(output, `bss_${criterion}`);
      for (const c of [0, 1]) {
        const column = [...side].filter((_, at) => at % 2 === c);
        expect(Math.max(...column)).toBeGreaterThanOrEqual(-Math.min(...column));
      }
      const plain = await separate(await input(), given, createLocalJob(), found(identity(2)));
      expect(floats(output, 'bss_factors').map(Math.abs)).toEqual(floats(plain, 'bss_factors').map(Math.abs));
      const expected = multiply(matrixOf(await runSteps(floatData(datasetG(), gShape.navigation, gShape.signal), [svd(2)]), 'factors'), matrixOf(output, 'unmixing_matrix'), { transposeB: true }); // prettier-ignore
      expect(relativeFrobenius(floats(output, 'bss_factors'), expected.data)).toBeLessThan(1e-14);
    },
  );

  it('takes the pseudo-inverse of a matrix without inverse, and says so', async () => {
    const output = await separate(await input(), values, createLocalJob(), found(fromRows([[1, 0], [1, 0]]))); // prettier-ignore
    expect(output.notes.join(' ')).toMatch(/has no inverse/);
    expect(floats(output, 'bss_loadings').every(Number.isFinite)).toBe(true);
  });
});

describe('a decomposition with a mean', () => {
  it.each([{ centre: 'navigation' }, { centre: 'signal' }])(
    '%j gets it back in the model of the sources',
    async (centre) => {
      const data = floatData(datasetG(), gShape.navigation, gShape.signal);
      const steps = [svd(3, centre), separation('JADE')];
      const whole = await runSteps(data, [svd(3, centre), { do: 'get_decomposition_model' }]);
      const model = await runSteps(data, [...steps, { do: 'get_bss_model' }]);
      expect(relativeFrobenius(floats(model, 'model'), floats(whole, 'model'))).toBeLessThan(1e-12);
      const residual = await runSteps(data, [
        ...steps,
        { do: 'get_bss_model', parameters: { components: [2], residual: true } },
      ]);
      expect(residual.arrays['residual']!.shape).toEqual([4, 5, 12]);
      await expect(
        runSteps(data, [...steps, { do: 'get_bss_model', parameters: { components: [3] } }]),
      ).rejects.toThrow(/component 3, but there are 3/);
    },
  );
});

describe('derived separations', () => {
  const data = floatData(datasetG(), gShape.navigation, gShape.signal);
  const chain = (onLoadings: boolean): Step[] => [svd(3), separation('JADE', { on_loadings: onLoadings })];

  it.each([
    ['factors', false],
    ['factors', true],
    ['loadings', false],
    ['loadings', true],
  ] as const)(
    'have %s of size one, with the model and the unmixing that go with them (on_loadings %s)',
    async (target, onLoadings) => {
      const before = await runSteps(data, chain(onLoadings));
      const parameters = { target, function: 'norm' };
      const output = await runSteps(data, [...chain(onLoadings), { do: 'normalize_bss_components', parameters }]);
      expect(relativeFrobenius(modelOf(output), modelOf(before))).toBeLessThan(1e-12);
      const side = matrixOf(output, `bss_${target}`);
      for (let c = 0; c < 3; c++) {
        const column = Array.from({ length: side.rows }, (_, r) => side.data[r * 3 + c]!);
        expect(Math.hypot(...column)).toBeCloseTo(1, 12);
      }
      const decomposed = matrixOf(await runSteps(data, [svd(3)]), onLoadings ? 'loadings' : 'factors');
      const unmixed = multiply(decomposed, matrixOf(output, 'unmixing_matrix'), { transposeB: true });
      expect(relativeFrobenius(floats(output, onLoadings ? 'bss_loadings' : 'bss_factors'), unmixed.data)).toBeLessThan(
        1e-12,
      );
    },
  );

  it('are turned with their row of the unmixing', async () => {
    const before = await runSteps(data, chain(false));
    const output = await runSteps(data, [
      ...chain(false),
      { do: 'reverse_bss_component', parameters: { components: [1] } },
    ]);
    const signs = [1, -1, 1];
    for (const name of ['bss_factors', 'bss_loadings']) {
      expect([...floats(output, name)]).toEqual([...floats(before, name)].map((v, at) => v * signs[at % 3]!));
    }
    expect([...floats(output, 'unmixing_matrix')]).toEqual(
      [...floats(before, 'unmixing_matrix')].map((v, at) => v * signs[Math.floor(at / 3)]!),
    );
    await expect(
      runSteps(data, [...chain(false), { do: 'reverse_bss_component', parameters: { components: [3] } }]),
    ).rejects.toThrow(/component 3, but there are 3/);
  });
});
