import { describe, expect, it } from 'vitest';
import { algorithmById } from '../../workers/specs/registry.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { narrowedLimits, originLimits } from './origin-limits.ts';

const ica = algorithmById('sklearn_fastica') as AlgorithmSpec;

describe('bounds set by what a run is computed from', () => {
  it('are the components that it has, and say so', () => {
    expect(originLimits(ica, { name: 'SVD 8', components: 8 })).toEqual({
      number_of_components: { min: 1, max: 8, why: 'SVD 8 has 8 components' },
    });
    expect(originLimits(ica, { name: 'map', components: 0 })).toEqual({});
  });
  it('give way to narrower ones, with the reason of the narrower', () => {
    const wide = { min: 1, max: 100, why: 'wide' };
    const narrow = { min: 2, max: 8, why: 'narrow' };
    expect(narrowedLimits({ k: wide }, { k: narrow })).toEqual({ k: narrow });
    expect(narrowedLimits({ k: narrow }, { k: wide })).toEqual({ k: narrow });
    expect(narrowedLimits({ a: wide }, { b: narrow })).toEqual({ a: wide, b: narrow });
  });
});
