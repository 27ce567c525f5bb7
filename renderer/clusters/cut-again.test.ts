import { describe, expect, it } from 'vitest';
import { parametersFor, whyNotAgain } from './cut-again.ts';

const open = { readOnly: null, dataset: { missing: null } };

describe('whyNotAgain', () => {
  it('lets another number through', () => {
    expect(whyNotAgain(5, 4, open)).toBeNull();
  });
  it('says why not', () => {
    expect(whyNotAgain(4, 4, open)).toContain('4 already');
    expect(whyNotAgain(5, 4, { ...open, readOnly: 'The project is open elsewhere.' })).toBe(
      'The project is open elsewhere.',
    );
    expect(whyNotAgain(5, 4, { ...open, dataset: null })).toContain('not open');
    expect(whyNotAgain(5, 4, { ...open, dataset: { missing: 'The file is gone.' } })).toBe('The file is gone.');
  });
});

describe('parametersFor', () => {
  it('changes the number alone, and takes away a largest distance that would overrule it', () => {
    const before = { n_clusters: 4, distance_threshold: 2.5, linkage: 'ward', navigation_mask: 'm1' };
    expect(parametersFor(before, 6)).toEqual({ ...before, n_clusters: 6, distance_threshold: null });
  });
});
