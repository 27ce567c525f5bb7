import { describe, expect, it } from 'vitest';
import { cellSizes } from './cell-sizes.ts';

describe('sizes in the table of the comparison', () => {
  it('show six whole columns on a laptop', () => {
    const { first, fit, column, picture } = cellSizes(1366, 390, 6, 3, 1);
    expect(first + fit + 6 * column).toBeLessThanOrEqual(1366);
    expect(column - picture - 30).toBeGreaterThanOrEqual(84);
  });

  it('end on a whole column when there are too many for the window', () => {
    const { first, fit, column } = cellSizes(1366, 390, 12, 3, 1);
    const seen = (1366 - first - fit) / column;
    expect(seen - Math.floor(seen)).toBeLessThan(0.02);
  });

  it('let the maps grow with the room', () => {
    expect(cellSizes(2560, 830, 6, 3, 1.154).picture).toBeGreaterThan(180);
  });

  it('keep maps small enough for all rows', () => {
    expect(cellSizes(2560, 830, 3, 4, 1.154).picture * 4).toBeLessThan(830);
  });
});
