import { describe, expect, it } from 'vitest';
import { tagPlaces } from './tag-places.ts';

describe('tagPlaces', () => {
  it('stands in the middle of the largest part of a label', () => {
    // a 3 × 3 block of 1 with its middle at row 2, column 3, and a lone 1 in the corner
    const rows = ['100000', '001110', '001110', '001110', '000000'];
    const places = tagPlaces([...rows.join('')].map(Number), 6, 5);
    expect(places.find(({ label }) => label === 1)).toEqual({ label: 1, row: 2, column: 3, depth: 2 });
  });
  it('names every label once and none of the pixels without one', () => {
    expect(tagPlaces([-1, 0, 2, -1], 2, 2).map(({ label }) => label)).toEqual([0, 2]);
    expect(tagPlaces([], 0, 0)).toEqual([]);
  });
});
