import { describe, expect, it } from 'vitest';
import { offeredRange, rangeProblem, runsOf } from './try-several.ts';

const limits = { min: 1, max: 20 };

describe('trying several numbers of components', () => {
  it('offers a range around the chosen one, inside the limits', () => {
    expect(offeredRange(5, limits)).toEqual([4, 7]);
    expect(offeredRange(1, limits)).toEqual([1, 3]);
    expect(offeredRange(20, limits)).toEqual([19, 20]);
  });
  it('offers none around a number that is not possible', () => {
    expect(offeredRange(-3, limits)).toBeNull();
    expect(offeredRange(21, limits)).toBeNull();
  });
  it('starts with the chosen one and runs none twice', () => {
    expect(runsOf(5, [4, 7])).toEqual([5, 4, 6, 7]);
    expect(runsOf(9, [4, 5])).toEqual([9, 4, 5]);
  });
  it('refuses what cannot be run, in words', () => {
    expect(rangeProblem([4, 7], limits)).toBeNull();
    expect(rangeProblem([7, 4], limits)).toContain('must not be larger');
    expect(rangeProblem([4, 40], limits)).toContain('from 1 to 20');
    expect(rangeProblem([1, 20], limits)).toContain('At most 12');
    expect(rangeProblem([1.5, 3], limits)).toContain('whole');
  });
});
