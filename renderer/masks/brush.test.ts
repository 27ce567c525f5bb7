import { describe, expect, it } from 'vitest';
import { brushRows, nextRadius, paintLine, type PaintPlane } from './brush.ts';

const drawing = (set: Uint8Array, { width, height, first }: PaintPlane): string[] =>
  Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => (set[first + row * width + column] === 1 ? '#' : '.')).join(''),
  );
const plane: PaintPlane = { width: 9, height: 7, first: 0 };
const painted = (radius: number, at: readonly [number, number], aspect = 1, on = plane): string[] => {
  const set = new Uint8Array(on.first + on.width * on.height);
  paintLine(set, on, brushRows(radius, aspect), at, at, 1);
  return drawing(set, on);
};

describe('a brush', () => {
  it('of radius 0 is one pixel', () => {
    expect(painted(0, [3, 4]).join('').match(/#/g)).toHaveLength(1);
  });
  it('is round', () => {
    expect(painted(2, [3, 4])).toEqual([
      '.........',
      '...###...',
      '..#####..',
      '..#####..',
      '..#####..',
      '...###...',
      '.........',
    ]);
    // the area of a disc, as large as the pixels that lie in it
    const large = brushRows(60).reduce((sum, { reach }) => sum + 2 * reach + 1, 0);
    expect(large / (Math.PI * 60.5 ** 2)).toBeCloseTo(1, 2);
  });
  it('is round as it is seen where pixels are higher than wide, or wider than high', () => {
    expect(brushRows(4, 2)).toEqual([
      { row: -2, reach: 2 },
      { row: -1, reach: 4 },
      { row: 0, reach: 4 },
      { row: 1, reach: 4 },
      { row: 2, reach: 2 },
    ]);
    expect(brushRows(4, 0.5).map(({ reach }) => reach)).toEqual([1, 1, 2, 2, 2, 2, 2, 1, 1]);
    expect(brushRows(0, 7)).toEqual([{ row: 0, reach: 0 }]);
    expect(brushRows(0, 0.1)).toEqual([{ row: 0, reach: 0 }]);
  });
  it('paints what lies inside the image alone, and nothing of the images beside it', () => {
    expect(painted(2, [0, 0]).slice(0, 3)).toEqual(['###......', '###......', '##.......']);
    const set = new Uint8Array(3 * 12);
    paintLine(set, { width: 4, height: 3, first: 12 }, brushRows(9), [-2, -1], [-2, 9], 1);
    expect([...set.subarray(0, 12), ...set.subarray(24)].every((v) => v === 0)).toBe(true);
    expect(set.subarray(12, 24).every((v) => v === 1)).toBe(true);
  });
  it('leaves no gap when it is moved fast', () => {
    for (const to of [
      [6, 8],
      [1, 8],
      [6, 1],
      [0, 0],
      [3, 8],
    ] as const) {
      const set = new Uint8Array(63);
      paintLine(set, plane, brushRows(0), [0, 0], to, 1);
      const places = [...set.keys()].filter((p) => set[p] === 1).map((p) => [Math.floor(p / 9), p % 9] as const);
      expect(places).toHaveLength(Math.max(...to) + 1);
      // from the first one all others are reached over neighbours
      const reached = [places[0]!];
      for (const [y, x] of reached)
        for (const other of places)
          if (!reached.includes(other) && Math.abs(other[0] - y) <= 1 && Math.abs(other[1] - x) <= 1)
            reached.push(other);
      expect(reached).toHaveLength(places.length);
    }
  });
  it('covers all that lies within its radius of the line', () => {
    const [width, height, radius] = [40, 30, 4];
    const set = new Uint8Array(width * height);
    paintLine(set, { width, height, first: 0 }, brushRows(radius), [8, 6], [21, 33], 1);
    const [dy, dx] = [13, 27];
    const length = Math.hypot(dy, dx);
    for (let p = 0; p < set.length; p++) {
      const [y, x] = [Math.floor(p / width) - 8, (p % width) - 6];
      const along = (x * dx + y * dy) / length;
      const away = Math.abs(x * dy - y * dx) / length;
      if (along < 0 || along > length) continue;
      // half a pixel belongs to the steps of the line
      if (away <= radius - 0.5) expect(set[p]).toBe(1);
      if (away > radius + 1.01) expect(set[p]).toBe(0);
    }
  });
  it('erases as it paints', () => {
    const set = new Uint8Array(63).fill(1);
    paintLine(set, plane, brushRows(1), [3, 1], [3, 7], 0);
    expect(drawing(set, plane)).toEqual([
      '#########',
      '#########',
      '.........',
      '.........',
      '.........',
      '#########',
      '#########',
    ]);
  });
  it('grows and shrinks by a pixel, or by a sixth, within its bounds', () => {
    expect([nextRadius(3, 1, 50), nextRadius(0, -1, 50), nextRadius(50, 1, 50), nextRadius(30, -1, 50)]).toEqual([
      4, 0, 50, 25,
    ]);
  });
});
