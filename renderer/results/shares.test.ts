import { describe, expect, it } from 'vitest';
import { cumulative, sharesOf, suggestedComponents } from './shares.ts';

describe('shares of components', () => {
  it('are the explained variance ratio, called variance only when the data were centred', () => {
    const ratio = Float64Array.of(0.9, 0.1);
    expect(sharesOf({ arrays: { mean: { dtype: 'float64', shape: [1, 9] } } }, ratio, [], []).title).toBe(
      'Explained variance ratio',
    );
    expect(sharesOf({ arrays: {} }, ratio, [], []).title).toBe('Proportion of total variation');
  });
  it('are the sizes of the terms of the model where there is no such ratio', () => {
    // ‖(3,4)‖²·‖(1)‖² = 25 and ‖(0,5)‖²·‖√3‖² = 75
    const shares = sharesOf(
      { arrays: {} },
      null,
      [
        [3, 4, NaN],
        [0, 5, NaN],
      ],
      [[1], [Math.sqrt(3)]],
    );
    expect(shares.values[0]).toBeCloseTo(0.25, 12);
    expect(shares.values[1]).toBeCloseTo(0.75, 12);
    expect(shares.isScree).toBe(false);
  });
  it('of nothing are nothing', () => {
    expect([...sharesOf({ arrays: {} }, null, [[0]], [[0]]).values]).toEqual([0]);
  });
  it('add up to one at most', () => {
    expect(cumulative([0.7, 0.2, 0.1], 2)).toBeCloseTo(0.9, 12);
    expect(cumulative([0.7, 0.30000001], 9)).toBe(1);
  });
  it('suggest a number of components only when the services found one', () => {
    expect(suggestedComponents({ scalars: { number_significant_components: 4 } })).toBe(4);
    expect(suggestedComponents({ scalars: {} })).toBeNull();
  });
});
