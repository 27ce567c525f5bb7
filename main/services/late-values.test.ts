import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../contract/recipe.ts';
import { algorithmById } from '../../workers/specs/registry.ts';
import { fillLateValues, partLateValues } from './late-values.ts';
import { planSteps } from './recipe-plan.ts';

const kmeans = algorithmById('kmeans')!;
const plan = (steps: unknown[]) =>
  planSteps(parseRecipe({ eigenscope: 1, inputs: { si: { file: 'a.npy' } }, steps, outputs: [] }));
const estimate = { id: 'n', do: 'estimate_number_of_clusters', of: 'si', parameters: {} };
const clusters = (n_clusters: unknown, parameters: Record<string, unknown> = {}) => ({
  id: 'km',
  do: 'cluster_analysis',
  of: 'si',
  parameters: { n_clusters, ...parameters },
});

describe('a number that an earlier step finds', () => {
  it('stands aside until then', () => {
    const { parameters, late } = partLateValues(kmeans, { n_clusters: { from: 'n' }, n_init: 3 });
    expect(late).toEqual({ n_clusters: 'n' });
    expect(parameters).toEqual({ n_clusters: 8, n_init: 3 });
  });

  it('is taken from the result', () => {
    const filled = fillLateValues({ n_clusters: 8, n_init: 3 }, { n_clusters: 'n' }, () => ({ best_k: 5 }), 'steps[1]');
    expect(filled).toEqual({ n_clusters: 5, n_init: 3 });
  });

  it('is missed where the step has found none', () => {
    const fill = (): unknown =>
      fillLateValues({}, { n_clusters: 'svd' }, () => ({ iterations: 5 }), 'steps[1].parameters');
    expect(fill).toThrow('steps[1].parameters.n_clusters: “svd” has found no number that could stand here.');
  });

  it('is known to the plan of a recipe', () => {
    const [, step] = plan([estimate, clusters({ from: 'n' })]);
    expect(step!.late).toEqual({ n_clusters: 'n' });
  });

  it.each([
    [
      [clusters({ from: 'si' })],
      /^steps\[0\]\.parameters\.n_clusters: takes its number from “si”, which is no estimate/,
    ],
    [
      [estimate, clusters({ from: 'm' })],
      /^steps\[1\]\.parameters\.n_clusters: takes its number from “m”.*there are n\./,
    ],
    [[estimate, clusters(3, { tol: { from: 'n' } })], /^steps\[1\]\.parameters\.tol: tol must be a number/],
    [
      [estimate, clusters({ from: 'n', or: 2 })],
      /^steps\[1\]\.parameters\.n_clusters: n_clusters must be a whole number/,
    ],
  ])('is refused where it cannot come from or go to: %#', (steps, message) => {
    expect(() => plan(steps)).toThrow(message);
  });
});
