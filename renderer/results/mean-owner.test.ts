import { describe, expect, it } from 'vitest';
import { meanOwner } from './mean-owner.ts';

const mean = { mean: { dtype: 'float64', shape: [60] } } as const;
const made = (id: string, parent: string | null, arrays = {}) => ({ id, parent, arrays });

describe('the mean that belongs to a model', () => {
  it('is the own one, or that of what the result was computed from', () => {
    const pca = made('pca', null, mean);
    const ica = made('ica', 'pca');
    expect(meanOwner(pca, [])).toBe(pca);
    expect(meanOwner(ica, [pca, ica])).toBe(pca);
  });
  it('is none where nothing was subtracted, or what it came from is not known', () => {
    expect(meanOwner(made('ica', 'svd'), [made('svd', null)])).toBeNull();
    expect(meanOwner(made('ica', 'gone'), [])).toBeNull();
  });
});
