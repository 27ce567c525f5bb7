import { describe, expect, it } from 'vitest';
import { kindOf, withExtension, withKind } from './path-kinds.ts';

const extensions = ['npz', 'hspy', 'csv'];

describe('the format of a file that is written', () => {
  it('is told by the ending of its name, else the first', () => {
    expect(kindOf('map.HSPY', extensions)).toBe('hspy');
    expect(kindOf('map', extensions)).toBe('npz');
    expect(kindOf('map.foo', extensions)).toBe('npz');
    expect(withExtension('/a/map.csv', extensions)).toBe('/a/map.csv');
    expect(withExtension('/a/map.foo', extensions)).toBe('/a/map.foo.npz');
    expect(withExtension('/a/map', [])).toBe('/a/map');
  });
  it('changes the ending and nothing else', () => {
    expect(withKind('NMF 5.npz', 'csv', extensions)).toBe('NMF 5.csv');
    expect(withKind('k = 2.5', 'csv', extensions)).toBe('k = 2.5.csv');
  });
});
