import { describe, expect, it } from 'vitest';
import { elbowPosition } from '../../workers/algorithms/decomposition/pipeline/elbow.ts';
import { datasetG, gShape } from './dataset-g.ts';
import { floatData, floats, rowOf, runSteps } from './run-step.ts';

// Expected numbers: HyperSpy 1.7.3 with scikit-learn 1.2.1 on this dataset (spec/algorithms.md section 17).
const rows = [
  {
    name: 'SVD',
    algorithm: 'SVD',
    parameters: {},
    variance: [102078.871402, 7928.650917, 5.986516, 5.855748],
    ratio: [0.927785, 0.072063, 0.000054],
    hyperspySignificant: 11,
    factor: [0.516526, -0.35899, 0.014009],
    loading: [282.908404, -18.52424, 3.022404],
    residual: 14.690926,
  },
  {
    name: 'SVD with noise scaling',
    algorithm: 'SVD',
    parameters: { normalize_poissonian_noise: true },
    variance: [0.05, 0.004633, 0.000022],
    ratio: [0.914512, 0.084731, 0.000402],
    hyperspySignificant: 11,
    factor: [22.849166, -19.110714, 5.564597],
    loading: [6.180512, -0.583078, 0.082448],
    residual: 17.026982,
  },
  {
    name: 'SVD, mean spectrum subtracted',
    algorithm: 'SVD',
    parameters: { centre: 'navigation' },
    variance: [12562.680451, 5865.558587, 5.969902],
    ratio: [0.68116, 0.318036, 0.000324],
    hyperspySignificant: 10,
    factor: [-0.630754, 0.019182, 0.129254],
    loading: [0.957632, 34.63043, 3.438651],
    residual: 13.308689,
  },
  {
    name: 'SVD, mean of each spectrum subtracted',
    algorithm: 'SVD',
    parameters: { centre: 'signal' },
    variance: [29287.968044, 7552.148408, 5.919868],
    ratio: [0.794687, 0.204917, 0.000161],
    hyperspySignificant: 10,
    factor: [0.528319, -0.28, 0.276357],
    loading: [153.542744, -9.379609, 3.581871],
    residual: 13.175998,
  },
  {
    name: 'PCA of four components',
    algorithm: 'sklearn_pca',
    parameters: { output_dimension: 4 },
    variance: [13223.874159, 6174.272197, 6.284107, 5.928003],
    ratio: [0.681279, 0.318092, 0.000324, 0.000305],
    hyperspySignificant: 3,
    factor: [-0.630754, 0.019182, 0.129254],
    loading: [0.957632, 34.63043, 3.438651],
    residual: 13.308689,
  },
];

const data = floatData(datasetG(), gShape.navigation, gShape.signal);
const solvers = ['auto', 'full', 'gram'];

function expectPrinted(found: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) =>
    expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(0.5000001e-6 + 1e-12 * Math.abs(value)),
  );
}

describe('dataset G', () => {
  it('is the one that is described', () => {
    const x = datasetG();
    expect(x.reduce((a, b) => a + b)).toBe(17818);
    expect(Math.min(...x)).toBe(2);
    expect(Math.max(...x)).toBe(254);
    expect([...x.subarray(0, 12)]).toEqual([6, 22, 42, 52, 40, 23, 17, 35, 51, 36, 11, 3]);
  });
});

describe.each(rows)(
  '$name',
  ({ algorithm, parameters, variance, ratio, hyperspySignificant, factor, loading, residual }) => {
    it.each(solvers)('gives HyperSpy’s numbers to the printed digits with solver %s', async (svd_solver) => {
      const output = await runSteps(data, [
        { do: 'decomposition', algorithm, parameters: { ...parameters, svd_solver } },
      ]);
      expectPrinted(floats(output, 'explained_variance'), variance);
      expectPrinted(floats(output, 'explained_variance_ratio'), ratio);
      expectPrinted(rowOf(output, 'factors', 3, 3), factor);
      expectPrinted(rowOf(output, 'loadings', 7, 3), loading);
    });

    it('leaves HyperSpy’s residual with three components', async () => {
      const steps = [
        { do: 'decomposition', algorithm, parameters },
        { do: 'get_decomposition_model', parameters: { components: 3, residual: true } },
      ];
      const left = floats(await runSteps(data, steps), 'residual');
      expectPrinted([Math.hypot(...left)], [residual]);
    });

    it('has HyperSpy’s knee when numerically zero values are not dropped', async () => {
      const output = await runSteps(data, [{ do: 'decomposition', algorithm, parameters }]);
      expect(elbowPosition(floats(output, 'explained_variance_ratio'), { floor: 0 }) + 1).toBe(hyperspySignificant);
    });
  },
);

describe('elbow', () => {
  it.each([true, false])('of (1, .5, .1, .05, .04, .03) is at index 2, log %s', (log) => {
    expect(elbowPosition([1, 0.5, 0.1, 0.05, 0.04, 0.03], { log })).toBe(2);
  });
});
