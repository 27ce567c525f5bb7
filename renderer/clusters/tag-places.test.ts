import { describe, expect, it } from 'vitest';
import { labelDepths, tagPlaces, type TagPlace, type TagRoom } from './tag-places.ts';

const wide: TagRoom = { pixel: 20, row: 20, apart: 19, least: 6, corner: [0, 0] };
const placesIn = (rows: readonly string[], room: Partial<TagRoom> = {}): TagPlace[] => {
  const labels = [...rows.join('')].map((c) => (c === '.' ? -1 : Number(c)));
  const width = rows[0]?.length ?? 0;
  return tagPlaces(labels, labelDepths(labels, width, rows.length), width, { ...wide, ...room });
};

describe('tagPlaces', () => {
  it('stands in the middle of the largest part of a label', () => {
    // a 3 × 3 block of 1 with its middle at row 2, column 3, and a lone 1 in the corner
    const places = placesIn(['100000', '001110', '001110', '001110', '000000']);
    expect(places.find(({ label }) => label === 1)).toEqual({ label: 1, row: 2, column: 3 });
  });
  it('names every label once and none of the pixels without one', () => {
    expect(placesIn(['.0', '2.']).map(({ label }) => label)).toEqual([0, 2]);
    expect(placesIn([])).toEqual([]);
  });
  it('never covers another, and leaves out what has no room', () => {
    const noise = Array.from({ length: 20 }, (_, row) =>
      Array.from({ length: 20 }, (_, column) => (row * 7 + column * 3) % 5).join(''),
    );
    const places = placesIn(noise, { pixel: 7, row: 7 });
    expect(places).toHaveLength(5);
    for (const a of places) {
      for (const b of places) {
        if (a !== b) expect(7 * Math.hypot(a.row - b.row, a.column - b.column)).toBeGreaterThanOrEqual(19);
      }
    }
    expect(placesIn(['012', '345', '678'], { pixel: 7, row: 7 }).length).toBeLessThan(5);
    expect(placesIn(noise, { pixel: 5, row: 5 })).toEqual([]);
  });
  it('keeps off the scale bar where the label lies elsewhere too', () => {
    const rows = ['1100', '0000', '0000', '1100'];
    expect(placesIn(rows, { corner: [60, 30] }).find(({ label }) => label === 1)).toMatchObject({ row: 0 });
    expect(placesIn(['0000', '0000', '1100'], { corner: [60, 30] })).toContainEqual({ label: 1, row: 2, column: 1 });
  });
});
