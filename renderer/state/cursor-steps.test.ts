import { describe, expect, it } from 'vitest';
import {
  boxAround,
  boxBetween,
  boxCount,
  moveBox,
  moveCursor,
  placedCursor,
  validBox,
  validWindow,
} from './cursor-steps.ts';

describe('cursor', () => {
  it('starts in the middle and stays inside a smaller dataset', () => {
    expect(placedCursor([], [11, 21])).toEqual([5, 10]);
    expect(placedCursor([50, 3], [11, 21])).toEqual([10, 3]);
    expect(placedCursor([], [])).toEqual([]);
  });
  it('moves along one axis and stops at the edge', () => {
    expect(moveCursor([5, 10], [11, 21], 1, 10)).toEqual([5, 20]);
    expect(moveCursor([5, 20], [11, 21], 1, 1)).toEqual([5, 20]);
    expect(moveCursor([0, 3], [11, 21], 0, -1)).toEqual([0, 3]);
  });
});

describe('box', () => {
  it('holds both corners, dragged in any direction', () => {
    expect(boxBetween([7, 2], [3, 9])).toEqual([3, 2, 8, 10]);
    expect(boxCount([3, 2, 8, 10])).toBe(40);
    expect(boxBetween([4], [4])).toEqual([4, 5]);
  });
  it('around a cursor at the edge keeps its size', () => {
    expect(boxAround([0, 20], [11, 21], 5)).toEqual([0, 16, 5, 21]);
    expect(boxAround([1, 1], [3, 9], 5)).toEqual([0, 0, 3, 5]);
  });
  it('moves as a whole up to the edge', () => {
    expect(moveBox([3, 2, 8, 10], [11, 21], 0, 10)).toEqual([6, 2, 11, 10]);
    expect(moveBox([3, 2, 8, 10], [11, 21], 1, -10)).toEqual([3, 0, 8, 8]);
  });
  it('is corrected to the data or dropped', () => {
    expect(validBox([3, 2, 80, 10], [11, 21])).toEqual([3, 2, 11, 10]);
    expect(validBox([3, 5], [11, 21])).toBeNull();
    expect(validBox(null, [11, 21])).toBeNull();
  });
});

describe('channel window', () => {
  it('is ordered, inside, and null when it is everything', () => {
    expect(validWindow([40, 10], 100)).toEqual([10, 40]);
    expect(validWindow([-4, 300], 100)).toBeNull();
    expect(validWindow([99, 99], 100)).toEqual([99, 100]);
  });
});
