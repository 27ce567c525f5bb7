import { describe, expect, it } from 'vitest';
import { datasetG, gShape } from '../../../test/golden/dataset-g.ts';
import { floatData, floats, rowOf, runSteps, sharedSource } from '../../../test/golden/run-step.ts';

type Parameters = Readonly<Record<string, unknown>>;
const data = floatData(datasetG(), gShape.navigation, gShape.signal);
const after = (operation: string, parameters: Parameters = {}, decomposition: Parameters = {}) =>
  runSteps(data, [
    { do: 'decomposition', parameters: decomposition },
    { do: operation, parameters },
  ]);
const decomposed = () => runSteps(data, [{ do: 'decomposition' }]);
const column = (values: Float64Array, j: number, k: number): number[] => [...values].filter((_, at) => at % k === j);

describe('get_decomposition_model', () => {
  it('of components 0 and 2 is the sum of their outer products', async () => {
    const parent = await decomposed();
    const model = await after('get_decomposition_model', { components: [0, 2] });
    const [l, f] = [rowOf(parent, 'loadings', 7), rowOf(parent, 'factors', 3)];
    expect(model.arrays.model?.shape).toEqual([4, 5, 12]);
    expect(floats(model, 'model')[7 * 12 + 3]).toBeCloseTo(l[0]! * f[0]! + l[2]! * f[2]!, 10);
  });

  it('and the residual add up to the data', async () => {
    const model = floats(await after('get_decomposition_model', { components: 2 }), 'model');
    const residual = floats(await after('get_decomposition_model', { components: 2, residual: true }), 'residual');
    datasetG().forEach((x, i) => expect(model[i]! + residual[i]!).toBeCloseTo(x, 10));
  });

  // residual of the spec's table, section 17, over ‖X‖ = √(20 · Σ EV)
  it('reports the relative error', async () => {
    const { scalars } = await after('get_decomposition_model', { components: 3 });
    expect(scalars.relative_error).toBeCloseTo(14.690926 / Math.hypot(...datasetG()), 8);
  });

  it.each(['navigation', 'signal'])('adds the mean back after centring (%s)', async (centre) => {
    const model = floats(await after('get_decomposition_model', {}, { centre }), 'model');
    datasetG().forEach((x, i) => expect(model[i]).toBeCloseTo(x, 9));
  });

  it.each([[{ components: 13 }], [{ components: 1e12 }], [{ components: [0, 12] }]])(
    'of components that do not exist (%j) is refused',
    async (p) => {
      await expect(after('get_decomposition_model', p)).rejects.toThrow(/there are 12 \(indices 0 to 11\)/);
    },
  );

  it('of data without a decomposition is refused', async () => {
    await expect(runSteps(data, [{ do: 'get_decomposition_model' }])).rejects.toThrow(/Run a decomposition first/);
  });
});

describe('normalize_decomposition_components', () => {
  it.each([
    ['factors', 'loadings'],
    ['loadings', 'factors'],
  ])('gives %s sum one and leaves the model as it was', async (target) => {
    const parent = await decomposed();
    const output = await after('normalize_decomposition_components', { target, function: 'sum' });
    for (const j of [0, 1, 2]) expect(column(floats(output, target), j, 12).reduce((a, b) => a + b)).toBeCloseTo(1, 10);
    const product = (o: typeof parent): number => rowOf(o, 'loadings', 7)[1]! * rowOf(o, 'factors', 3)[1]!;
    expect(product(output)).toBeCloseTo(product(parent), 9);
  });

  it.each([
    ['max', (c: number[]) => Math.max(...c)],
    ['norm', (c: number[]) => Math.hypot(...c)],
    ['sum_abs', (c: number[]) => c.reduce((a, b) => a + Math.abs(b), 0)],
  ])('gives %s one', async (name, size) => {
    const output = await after('normalize_decomposition_components', { target: 'loadings', function: name });
    for (const j of [0, 1, 2]) expect(size(column(floats(output, 'loadings'), j, 12))).toBeCloseTo(1, 12);
  });

  it('leaves a component without a sum as it is, and says so', async () => {
    // two spectra (1, 1) and (1, −1): the second factor sums to zero
    const two = floatData(Float64Array.of(3, 3, 1, -1), [2], [2]);
    const steps = [{ do: 'decomposition' }, { do: 'normalize_decomposition_components' }];
    const output = await runSteps(two, steps);
    expect(output.notes.join()).toMatch(/^Left as they are.*: component 2\.$/);
    expect(column(floats(output, 'factors'), 1, 2).map(Math.abs)).toEqual([
      expect.closeTo(Math.SQRT1_2),
      expect.closeTo(Math.SQRT1_2),
    ]);
  });
});

describe('reverse_decomposition_component', () => {
  it('changes the sign of both sides of the listed components only', async () => {
    const parent = await decomposed();
    const output = await after('reverse_decomposition_component', { components: [1] });
    for (const name of ['factors', 'loadings']) {
      expect(rowOf(output, name, 3)).toEqual(rowOf(parent, name, 3).map((v, j) => (j === 1 ? -v : v)));
    }
  });
});

describe('crop_decomposition_dimension', () => {
  it('cuts factors, loadings and variance, not the ratio', async () => {
    const output = await after('crop_decomposition_dimension', { n: 3 });
    expect(output.arrays.factors?.shape).toEqual([12, 3]);
    expect(output.arrays.loadings?.shape).toEqual([20, 3]);
    expect(output.arrays.explained_variance?.shape).toEqual([3]);
    expect(output.arrays.explained_variance_ratio?.shape).toEqual([12]);
    expect(rowOf(output, 'loadings', 7)).toEqual(rowOf(await decomposed(), 'loadings', 7, 3));
  });

  it('refuses more than there are', async () => {
    await expect(after('crop_decomposition_dimension', { n: 13 })).rejects.toThrow(/n must be from 1 to 12/);
  });
});

describe('estimate_elbow_position', () => {
  const curve = (values: number[]) => floatData(Float64Array.from(values), [values.length], [1]);

  it('looks at a curve given as data', async () => {
    const output = await runSteps(curve([1, 0.5, 0.1, 0.05, 0.04, 0.03]), [{ do: 'estimate_elbow_position' }]);
    expect(output.scalars.elbow_position).toBe(2);
  });

  it('looks at the scree curve of a decomposition', async () => {
    const { scalars } = await decomposed();
    const output = await after('estimate_elbow_position');
    expect(output.scalars.elbow_position).toBe((scalars.number_significant_components as number) - 1);
  });

  it('is not misled by numerically zero values', async () => {
    const values = [1, 0.5, 0.1, 0.05, 0.04, 0.03, 1e-30, 1e-31, 1e-32];
    const output = await runSteps(curve(values), [{ do: 'estimate_elbow_position' }]);
    expect(output.scalars.elbow_position).toBe(2);
  });

  it('of one point is 0', async () => {
    const output = await runSteps(curve([4]), [{ do: 'estimate_elbow_position' }]);
    expect(output.scalars.elbow_position).toBe(0);
  });

  it('of a table, or with gaps, is refused', async () => {
    const table = {
      navigationShape: [2],
      signalShape: [2],
      source: sharedSource(new Float64Array(4), 'float64', 2, 2),
    };
    await expect(runSteps(table, [{ do: 'estimate_elbow_position' }])).rejects.toThrow(/one row of values/);
    await expect(runSteps(curve([1, NaN]), [{ do: 'estimate_elbow_position' }])).rejects.toMatchObject({
      code: 'not-finite',
    });
  });
});
