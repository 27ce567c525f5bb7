import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import { drawnAs, flatIndex, planeAt } from './plane.ts';

const axes = (...sizes: number[]) => sizes.map((size, i) => plainAxis(`a${i}`, size, true));

describe('what is drawn of a component', () => {
  it('is a line over one axis and an image over two', () => {
    expect(drawnAs(axes(5))).toBe('line');
    expect(planeAt([1, 2, 3], axes(3))).toMatchObject({ width: 3, height: 1 });
    expect(planeAt([1, 2, 3, 4, 5, 6], axes(2, 3))).toMatchObject({ width: 3, height: 2 });
  });
  it('is the image at the cursor of the slower axes where there are more', () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    expect(planeAt(values, axes(3, 2, 2), [1, 0, 0]).values).toEqual([4, 5, 6, 7]);
    expect(planeAt(values, axes(3, 2, 2), [9]).values).toEqual([8, 9, 10, 11]);
  });
  it('is found again in the flat array', () => {
    expect(flatIndex(axes(2, 3), [1, 2])).toBe(5);
    expect(flatIndex(axes(2, 3), [7, -1])).toBe(3);
  });
});
