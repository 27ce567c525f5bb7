import { describe, expect, it } from 'vitest';
import { filterTree, findMatches, leafText, markParts, placeOf } from './metadata-tree.ts';

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

describe('findMatches', () => {
  it('counts every entry whose own name or value matches, in the order of reading', () => {
    expect(findMatches(tree, 'e').map(({ place }) => place)).toEqual(
      [
        ['General'],
        ['General', 'title'],
        ['General', 'date'],
        ['Acquisition', 'beam'],
        ['Acquisition', 'beam', 'energy'],
        ['Acquisition', 'beam', 'unit'],
        ['tags'],
      ].map(placeOf),
    );
    expect(findMatches(tree, '200')).toEqual([{ place: placeOf(['Acquisition', 'beam', 'energy']), value: 200 }]);
    expect(findMatches(tree, ' ')).toEqual([]);
  });
});

describe('markParts', () => {
  it('cuts a text at what is looked for, in any letter case', () => {
    expect(markParts('Beam energy of the beam', 'BEAM')).toEqual([
      { text: 'Beam', isMatch: true },
      { text: ' energy of the ', isMatch: false },
      { text: 'beam', isMatch: true },
    ]);
    expect(markParts('Beam', '')).toEqual([{ text: 'Beam', isMatch: false }]);
  });
});
