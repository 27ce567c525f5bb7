import { describe, expect, it } from 'vitest';
import { gradient } from './gradient.ts';

// Expected numbers: the examples in the documentation of numpy.gradient.
describe('gradient', () => {
  const f = Float64Array.of(1, 2, 4, 7, 11, 16);

  it('agrees with NumPy on a uniform axis', () => {
    expect([...gradient(f, [6], 0, 1)]).toEqual([1, 1.5, 2.5, 3.5, 4.5, 5]);
    expect([...gradient(f, [6], 0, 2)]).toEqual([0.5, 0.75, 1.25, 1.75, 2.25, 2.5]);
    expect([...gradient(f, [6], 0, -1)]).toEqual([-1, -1.5, -2.5, -3.5, -4.5, -5]);
  });

  it('agrees with NumPy on a non-uniform axis', () => {
    const found = gradient(f, [6], 0, Float64Array.of(0, 1, 1.5, 3.5, 4, 6));
    [1, 3, 3.5, 6.7, 6.9, 2.5].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
  });

  it('agrees with NumPy along both axes of a matrix', () => {
    const matrix = Float64Array.of(1, 2, 6, 3, 4, 5);
    expect([...gradient(matrix, [2, 3], 0, 1)]).toEqual([2, 2, -1, 2, 2, -1]);
    expect([...gradient(matrix, [2, 3], 1, 1)]).toEqual([1, 2.5, 4, 1, 1, 1]);
  });

  it('is exact for a parabola inside a non-uniform axis', () => {
    const x = Float64Array.of(-3, -1, 0.5, 4, 10);
    const found = gradient(
      x.map((v) => 2 * v * v - v),
      [5],
      0,
      x,
    );
    for (let i = 1; i < 4; i++) expect(found[i]).toBeCloseTo(4 * x[i]! - 1, 12);
  });

  it('is zero along an axis of one value', () => {
    expect([...gradient(Float64Array.of(5, 7), [1, 2], 0, 1)]).toEqual([0, 0]);
  });
});
