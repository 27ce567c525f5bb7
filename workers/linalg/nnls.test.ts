import { describe, expect, it } from 'vitest';
import { createMatrix, fromRows } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { nnls } from './nnls.ts';
import { largestDifference, product, randomMatrix, transposed } from './test-matrices.ts';

const objective = (g: Matrix, h: Float64Array, x: ArrayLike<number>): number => {
  const k = h.length;
  let sum = 0;
  for (let i = 0; i < k; i++) {
    sum -= h[i]! * x[i]!;
    for (let j = 0; j < k; j++) sum += (x[i]! * g.data[i * k + j]! * x[j]!) / 2;
  }
  return sum;
};

/** Karush–Kuhn–Tucker: x ≥ 0, gradient ≥ 0, and one of the two is 0. */
function expectOptimal(g: Matrix, right: Matrix, x: Matrix, tolerance: number): void {
  const k = g.rows;
  const gradient = product(x, g).data.map((value, i) => value - right.data[i]!);
  for (let i = 0; i < x.data.length; i++) {
    expect(x.data[i]).toBeGreaterThanOrEqual(0);
    expect(gradient[i]).toBeGreaterThan(-tolerance);
    if (x.data[i]! > 0) expect(Math.abs(gradient[i]!)).toBeLessThan(tolerance);
  }
  expect(x.cols).toBe(k);
}

describe('non-negative least squares', () => {
  it('meets the optimality conditions for random problems', () => {
    for (const k of [1, 2, 3, 7, 17, 40]) {
      const a = randomMatrix(60, k, k);
      const b = randomMatrix(60, 50, k + 1);
      const g = product(transposed(a), a);
      const right = product(transposed(b), a);
      expectOptimal(g, right, nnls(g, right), 1e-9);
    }
  });

  it('agrees with trying all passive sets', () => {
    const a = randomMatrix(10, 3, 4);
    const g = product(transposed(a), a);
    const right = product(randomMatrix(20, 10, 5), a);
    const found = nnls(g, right);
    for (let row = 0; row < 20; row++) {
      const h = right.data.subarray(row * 3, row * 3 + 3);
      let best = 0;
      const steps = 60;
      // a grid over the box that holds the solution never beats it
      for (let i = 0; i <= steps; i++) {
        for (let j = 0; j <= steps; j++) {
          for (let l = 0; l <= steps; l++)
            best = Math.min(
              best,
              objective(
                g,
                h,
                [i, j, l].map((s) => s / 20),
              ),
            );
        }
      }
      const value = objective(g, h, found.data.subarray(row * 3, row * 3 + 3));
      expect(value).toBeLessThanOrEqual(best + 1e-12);
      expect(value).toBeGreaterThan(best - 0.2);
    }
  });

  it('equals the unconstrained solution where that is positive, and recovers exact mixtures', () => {
    const a = createMatrix(30, 4, randomMatrix(30, 4).data.map(Math.abs));
    const truth = createMatrix(
      9,
      4,
      randomMatrix(9, 4, 2).data.map((x) => Math.max(0, x)),
    );
    const b = product(truth, transposed(a));
    const found = nnls(product(transposed(a), a), product(b, a));
    expect(largestDifference(found.data, truth.data)).toBeLessThan(1e-12);
  });

  it('ends with dependent and zero columns', () => {
    const a = randomMatrix(20, 5);
    for (let i = 0; i < 20; i++) {
      a.data[i * 5 + 3] = a.data[i * 5]!;
      a.data[i * 5 + 4] = 0;
    }
    const g = product(transposed(a), a);
    const right = product(randomMatrix(30, 20, 9), a);
    expectOptimal(g, right, nnls(g, right), 1e-10);
  });

  it('gives zero for zero and negative right-hand sides', () => {
    expect([
      ...nnls(
        fromRows([
          [2, 0],
          [0, 1],
        ]),
        fromRows([
          [0, 0],
          [-1, -2],
        ]),
      ).data,
    ]).toEqual([0, 0, 0, 0]);
  });

  it('refuses sizes that differ, by name', () => {
    expect(() => nnls(createMatrix(2, 2), createMatrix(1, 3))).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});
