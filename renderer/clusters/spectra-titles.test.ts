import { describe, expect, it } from 'vitest';
import { centresOf, spectraTitles } from './spectra-titles.ts';

describe('titles of cluster spectra', () => {
  it('tell a model from what was measured', () => {
    expect(centresOf({ parameters: { cluster_source: 'bss', source_for_centers: null } })).toBe('model');
    expect(centresOf({ parameters: { cluster_source: 'decomposition' } })).toBe('model');
    expect(centresOf({ parameters: { cluster_source: 'decomposition', source_for_centers: 'signal' } })).toBe('data');
    expect(centresOf({ parameters: { cluster_source: 'signal', source_for_centers: 'bss' } })).toBe('model');
    expect(centresOf({ parameters: {} })).toBe('data');
    expect(spectraTitles('model').mean).toMatch(/model/);
    expect(spectraTitles('data').mean).not.toMatch(/model/);
  });
});
