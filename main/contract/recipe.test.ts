import { describe, expect, it } from 'vitest';
import { parseRecipe } from './recipe.ts';

const good = () => ({
  eigenscope: 1,
  inputs: { si: { file: 'map.dm4' } },
  steps: [
    { id: 'svd', do: 'decomposition', of: 'si', parameters: { output_dimension: 3 } },
    { id: 'model', do: 'get_decomposition_model', of: 'svd' },
  ],
  outputs: [{ of: '*', file: 'all.eigs' }],
});

describe('recipes', () => {
  it('fills in what may be left out', () => {
    const recipe = parseRecipe(good());
    expect(recipe.seed).toBe(0);
    expect(recipe.inputs['si']).toEqual({ file: 'map.dm4', signal: 0 });
    expect(recipe.steps[1]).toEqual({
      id: 'model',
      do: 'get_decomposition_model',
      of: 'svd',
      algorithm: null,
      parameters: {},
    });
  });

  const cases: [string, string, unknown, RegExp][] = [
    ['an unknown key', 'colour', 1, /^recipe\.colour: is not known/],
    ['an unknown key of a step', 'steps.0.algoritm', 'SVD', /^steps\[0\]\.algoritm: is not known/],
    ['a wrong version', 'eigenscope', 2, /^eigenscope: must be 1/],
    ['a duplicate id', 'steps.1.id', 'svd', /^steps\[1\]\.id: “svd” is used already/],
    ['an id of an input used again', 'steps.1.id', 'si', /^steps\[1\]\.id/],
    ['a cycle', 'steps.0.of', 'model', /^steps\[0\]\.of: names “model”; before this step/],
    ['an id that would leave the folder', 'steps.0.id', '../x', /^steps\[0\]\.id: may hold/],
    ['an output of nothing', 'outputs.0.of', 'ica', /^outputs\[0\]\.of: names “ica”/],
    ['a negative seed', 'seed', -1, /^seed: must be a whole number from 0; got -1/],
    ['a shape that is none', 'inputs.si.navigationShape', [3, 0], /^inputs\.si\.navigationShape\[1\]/],
    ['steps that are no list', 'steps', {}, /^steps: must be a list/],
    ['no inputs', 'inputs', undefined, /^inputs: must be an object/],
  ];
  it.each(cases)('refuses %s with its path', (_name, path, value, message) => {
    const recipe = good();
    const keys = path.split('.');
    const place = keys
      .slice(0, -1)
      .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, recipe);
    place[keys.at(-1)!] = value;
    expect(() => parseRecipe(recipe)).toThrow(message);
  });
});
