import { describe, expect, it } from 'vitest';
import { isInside, pixelRectangle, pixelsInside, pointsInside } from './polygon.ts';

const arrow = [
  { x: 0, y: 0 },
  { x: 4, y: 2 },
  { x: 0, y: 4 },
  { x: 2, y: 2 },
];

describe('polygons', () => {
  it('hold what is inside and not what lies in their notch', () => {
    expect(isInside(3, 2, arrow)).toBe(true);
    expect(isInside(1, 2, arrow)).toBe(false);
    expect(isInside(1.2, 1, arrow)).toBe(true);
    expect(isInside(5, 2, arrow)).toBe(false);
  });
  it('without corners hold nothing', () => {
    expect(isInside(0, 0, [])).toBe(false);
    expect([...pointsInside([0, 1], [0, 1], [])]).toEqual([0, 0]);
  });
  it('leave out points without a place', () => {
    expect([...pointsInside([3, NaN, 3], [2, 2, NaN], arrow)]).toEqual([1, 0, 0]);
  });
  it('take the pixels whose middle they hold', () => {
    // x from 0.4 to 2.6: the middles 0.5, 1.5 and 2.5 are inside; y from 0.6 to 1.6: only 1.5
    const box = [
      { x: 0.4, y: 0.6 },
      { x: 2.6, y: 0.6 },
      { x: 2.6, y: 1.6 },
      { x: 0.4, y: 1.6 },
    ];
    expect([...pixelsInside(4, 3, box)]).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0]);
  });
  it('between two pixels hold both, whichever comes first', () => {
    const inside = pixelsInside(4, 4, pixelRectangle([2, 3], [1, 2]));
    expect([...inside].flatMap((v, i) => (v ? [i] : []))).toEqual([6, 7, 10, 11]);
  });
});
