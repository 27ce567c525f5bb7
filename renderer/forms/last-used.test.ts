import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import { dataKindOf, lastUsedOf, rememberUse } from './last-used.ts';

describe('last used settings', () => {
  const axes = [plainAxis('y', 4, true), plainAxis('x', 4, true), plainAxis('e', 9, false)];
  it('belong to a signal type, or to the number of axes when the file does not tell', () => {
    expect(dataKindOf({ signalType: 'EELS', axes })).toBe('EELS');
    expect(dataKindOf({ signalType: '', axes })).toBe('2|1');
  });
  it('come back for the same kind of data and operation only, without masks', () => {
    const used = { algorithm: 'NMF', values: { output_dimension: 5, navigation_mask: 'd7' } };
    const settings = rememberUse({ theme: 'dark' }, 'decomposition', 'EELS', used, (id) => id.endsWith('mask'));
    expect(settings['theme']).toBe('dark');
    expect(lastUsedOf(settings, 'decomposition', 'EELS')).toEqual({
      algorithm: 'NMF',
      values: { output_dimension: 5 },
    });
    expect(lastUsedOf(settings, 'decomposition', 'CL')).toBeNull();
    expect(lastUsedOf(settings, 'cluster_analysis', 'EELS')).toBeNull();
  });
  it('that are malformed count as none', () => {
    expect(lastUsedOf({ lastUsed: { 'decomposition EELS': [1] } }, 'decomposition', 'EELS')).toBeNull();
    expect(lastUsedOf({ lastUsed: 3 }, 'decomposition', 'EELS')).toBeNull();
  });
});
