import { pseudoInverse, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { solveSpd, tryCholesky } from './cholesky.ts';
import { invert, solveLinear } from './lu.ts';
import { leastSquares, pinv } from './lstsq.ts';
import { createMatrix, fromRows, identity } from './matrix.ts';
import {
  fromReference,
  largestDifference,
  oddSizes,
  product,
  randomMatrix,
  toReference,
  transposed,
  withSpectrum,
} from './test-matrices.ts';

describe('solving linear systems', () => {
  it('solves positive definite systems of odd sizes', () => {
    for (const n of oddSizes) {
      const x = randomMatrix(n + 20, n, n);
      const a = product(transposed(x), x);
      const b = randomMatrix(n, 3, n + 1);
      expect(largestDifference(product(a, solveSpd(a, b)).data, b.data)).toBeLessThan(1e-9);
    }
  });

  it('refuses what is not positive definite, by name', () => {
    const cases = [
      fromRows([
        [1, 2],
        [2, 1],
      ]),
      fromRows([
        [1, 1],
        [1, 1],
      ]),
      createMatrix(2, 2),
      fromRows([
        [NaN, 0],
        [0, 1],
      ]),
    ];
    for (const a of cases) {
      expect(tryCholesky(a)).toBeNull();
      expect(() => solveSpd(a, identity(2))).toThrow(expect.objectContaining({ code: 'parameter-out-of-range' }));
    }
  });

  it('solves and inverts general systems with pivoting', () => {
    for (const n of oddSizes) {
      const [a, b] = [randomMatrix(n, n, n), randomMatrix(n, 2, n + 1)];
      const expected = fromReference(solve(toReference(a), toReference(b)));
      expect(largestDifference(solveLinear(a, b).data, expected.data)).toBeLessThan(1e-9);
    }
    expect([
      ...invert(
        fromRows([
          [0, 2],
          [4, 0],
        ]),
      ).data,
    ]).toEqual([0, 0.25, 0.5, 0]);
    expect(() =>
      invert(
        fromRows([
          [1, 2],
          [2, 4],
        ]),
      ),
    ).toThrow(expect.objectContaining({ code: 'parameter-out-of-range' }));
    expect(() => invert(fromRows([[NaN]]))).toThrow(expect.objectContaining({ code: 'parameter-out-of-range' }));
  });

  it('finds the pseudo-inverse, also of rank-deficient matrices', () => {
    for (const [m, n] of [
      [1, 1],
      [5, 3],
      [3, 5],
      [64, 17],
    ] as const) {
      const a = randomMatrix(m, n, m);
      expect(largestDifference(pinv(a).data, fromReference(pseudoInverse(toReference(a))).data)).toBeLessThan(1e-12);
    }
    const a = withSpectrum([5, 3, 1, 0, 0, 0], 11);
    const inverse = pinv(a);
    // Penrose's conditions
    expect(largestDifference(product(product(a, inverse), a).data, a.data)).toBeLessThan(1e-13);
    expect(largestDifference(product(product(inverse, a), inverse).data, inverse.data)).toBeLessThan(1e-13);
    expect(largestDifference(product(a, inverse).data, transposed(product(a, inverse)).data)).toBeLessThan(1e-13);
    expect([...pinv(createMatrix(2, 3)).data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('finds the shortest least-squares solution', () => {
    // x + y = 2 has the shortest solution (1, 1)
    expect(largestDifference(leastSquares(fromRows([[1, 1]]), fromRows([[2]])).data, [1, 1])).toBeLessThan(1e-15);
    const [a, b] = [randomMatrix(40, 7), randomMatrix(40, 2, 3)];
    const expected = fromReference(solve(toReference(a), toReference(b)));
    expect(largestDifference(leastSquares(a, b).data, expected.data)).toBeLessThan(1e-12);
    expect(() => leastSquares(a, randomMatrix(3, 1))).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});
