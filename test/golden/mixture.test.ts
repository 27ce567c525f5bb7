import { describe, expect, it } from 'vitest';
import { dataOf, readCases, stepsOf, fixturePath } from './fixtures.ts';
import { datasetG, gShape } from './dataset-g.ts';
import { readValues } from './npy.ts';
import { floatData, floats, runSteps } from './run-step.ts';

const cases = readCases(['GMM']);
const mixtures = cases.filter((fixture) => fixture.operation === 'gaussian_mixture');

describe('the reference cases of Gaussian mixtures', () => {
  it('are all there', () => expect(cases.length).toBe(5));
});

// scikit-learn's best of 10 starts: the optimum, up to the order of components
describe.each(mixtures)('$id', (fixture) => {
  it('finds weights, means and probabilities of the reference, and its likelihood or better', async () => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    const expected = (name: string) => readValues(fixturePath(fixture.expected.arrays[name]!));
    const { log_likelihood, aic, bic } = fixture.expected.scalars as Record<string, number>;
    expect(output.scalars.log_likelihood as number).toBeGreaterThan(log_likelihood! - 1e-6);
    expect(Math.abs((output.scalars.aic as number) / aic! - 1)).toBeLessThan(1e-5);
    expect(Math.abs((output.scalars.bic as number) / bic! - 1)).toBeLessThan(1e-5);
    expect(output.scalars.converged).toBe(true);
    // weights of the three components differ, so that order by weight pairs them
    const weights = expected('weights').values;
    const order = [0, 1, 2].sort((a, b) => weights[b]! - weights[a]!);
    order.forEach((e, c) => expect(floats(output, 'weights')[c]).toBeCloseTo(weights[e]!, 3));
    const means = expected('means').values;
    order.forEach((e, c) => {
      for (const j of [0, 1]) expect(floats(output, 'means')[2 * c + j]).toBeCloseTo(means[2 * e + j]!, 1);
    });
    const proba = expected('predict_proba');
    const ours = floats(output, 'predict_proba');
    const apart = ours.map((r, at) => Math.abs(r - proba.values[3 * Math.floor(at / 3) + order[at % 3]!]!));
    expect(Math.max(...apart)).toBeLessThan(0.05);
    expect(output.arrays.covariances!.shape).toEqual(expected('covariances').shape);
    for (const name of ['labels', 'weights', 'means', 'predict_proba', 'entropy']) {
      expect(output.arrays[name]!.shape, name).toEqual(expected(name).shape);
    }
  });
});

describe('gmm_model_selection', () => {
  it('has the criteria of the reference up to the true number, which BIC finds', async () => {
    const fixture = cases.find((one) => one.operation === 'gaussian_mixture_selection')!;
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    for (const name of ['aic', 'bic']) {
      const expected = readValues(fixturePath(fixture.expected.arrays[name]!)).values;
      for (const i of [0, 1, 2]) expect(Math.abs(floats(output, name)[i]! / expected[i]! - 1)).toBeLessThan(1e-5);
    }
    expect(output.scalars.best_k_bic).toBe(fixture.expected.scalars.best_k_bic);
  });
});

// section 17 of the specification: k = 2 on X V₂ of dataset G, best of 10 starts, tight tolerance
describe.each([
  ['full', -11.79626, 493.8504, 504.8035],
  ['tied', -11.807395, 488.2958, 496.2616],
  ['diag', -11.821721, 490.8689, 499.8304],
  ['spherical', -11.826765, 487.0706, 494.0407],
])('a %s mixture of the first two loadings of dataset G', (covariance_type, bound, aic, bic) => {
  it('has the likelihood and criteria of the specification', async () => {
    const data = floatData(datasetG(), gShape.navigation, gShape.signal);
    const { scalars } = await runSteps(data, [
      { do: 'decomposition' },
      {
        do: 'gaussian_mixture',
        parameters: {
          cluster_source: 'decomposition',
          number_of_components: 2,
          n_components: 2,
          covariance_type,
          n_init: 10,
          tol: 1e-10,
          max_iter: 1000,
        },
      },
    ]);
    expect(scalars.log_likelihood).toBeCloseTo(bound, 6);
    expect(scalars.aic).toBeCloseTo(aic, 3);
    expect(scalars.bic).toBeCloseTo(bic, 3);
  });
});
