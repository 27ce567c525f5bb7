import { describe, expect, it } from 'vitest';
import { offsetsOf } from './stack-offsets.ts';

describe('offsetsOf', () => {
  it('puts the first line on top, clear of the next', () => {
    // heights 10 and 4; the gap is 0.5: the lowest point of the first, 0, stands 0.5 above the highest of the second, 3
    expect(
      offsetsOf([
        [0, 10, NaN],
        [-1, 3, 0],
      ]),
    ).toEqual([3.5, 0]);
  });
  it('leaves a single line where it is', () => {
    expect(offsetsOf([[1, 2]])).toEqual([0]);
    expect(offsetsOf([])).toEqual([]);
  });
});
