import { describe, expect, it } from 'vitest';
import { filterTree, leafText } from './metadata-tree.ts';

const tree = {
  General: { title: 'map_03', date: '2024-05-02' },
  Acquisition: { beam: { energy: 200, unit: 'keV' } },
  tags: ['EELS', 'STEM'],
};

describe('filterTree', () => {
  it('keeps the branches that lead to a name or value', () => {
    expect(filterTree(tree, 'energy')).toEqual({ Acquisition: { beam: { energy: 200 } } });
    expect(filterTree(tree, 'stem')).toEqual({ tags: ['EELS', 'STEM'] });
    expect(filterTree(tree, 'general')).toEqual({ General: tree.General });
    expect(filterTree(tree, 'nothing like it')).toBeNull();
    expect(filterTree(tree, ' ')).toBe(tree);
  });
});

describe('leafText', () => {
  it('writes values on one line and cuts long lists', () => {
    expect(leafText(200)).toBe('200');
    expect(leafText(null)).toBe('null');
    expect(leafText(Array.from({ length: 40 }, (_, i) => i))).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (40)');
  });
});
