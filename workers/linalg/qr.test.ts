import { describe, expect, it } from 'vitest';
import { columnNorms, createMatrix, fromRows } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { qrThin } from './qr.ts';
import {
  largestDifference,
  oddSizes,
  orthogonalityError,
  product,
  randomMatrix,
  withSpectrum,
} from './test-matrices.ts';

function expectQr(a: Matrix): void {
  const { q, r } = qrThin(a);
  const p = Math.min(a.rows, a.cols);
  expect([q.rows, q.cols, r.rows, r.cols]).toEqual([a.rows, p, p, a.cols]);
  const largest = Math.max(0, ...columnNorms(a));
  expect(largestDifference(product(q, r).data, a.data)).toBeLessThanOrEqual(2e-14 * largest);
  // the check itself sums m products
  expect(orthogonalityError(q)).toBeLessThan(1e-13 + a.rows * 1e-16);
  for (let i = 0; i < p; i++) for (let j = 0; j < Math.min(i, a.cols); j++) expect(r.data[i * a.cols + j]).toBe(0);
}

describe('thin QR decomposition', () => {
  it('rebuilds matrices of odd sizes, tall, square and wide', () => {
    for (const n of oddSizes)
      for (const [m, c] of [
        [n, n],
        [n + 9, n],
        [n, n + 9],
      ] as const)
        expectQr(randomMatrix(m, c, n));
  });

  it('gives the signs of LAPACK', () => {
    // numpy.linalg.qr([[3, 1], [4, 2]]): Q = [[-.6, -.8], [-.8, .6]], R = [[-5, -2.2], [0, .4]]
    const { q, r } = qrThin(
      fromRows([
        [3, 1],
        [4, 2],
      ]),
    );
    expect(largestDifference(r.data, [-5, -2.2, 0, 0.4])).toBeLessThan(1e-15);
    expect(largestDifference(q.data, [-0.6, -0.8, -0.8, 0.6])).toBeLessThan(1e-15);
    // a column that needs no reflection keeps its sign
    expect([
      ...qrThin(
        fromRows([
          [2, 1],
          [0, 3],
        ]),
      ).r.data,
    ]).toEqual([2, 1, 0, 3]);
    expect(
      qrThin(
        fromRows([
          [-2, 1],
          [1, 3],
        ]),
      ).r.data[0],
    ).toBeCloseTo(Math.sqrt(5), 14);
  });

  it('stays orthogonal for dependent, zero and graded columns', () => {
    expectQr(
      withSpectrum(
        Array.from({ length: 30 }, (_, i) => 10 ** -i),
        50,
      ),
    );
    expectQr(createMatrix(20, 5));
    expectQr(createMatrix(20, 5, new Float64Array(100).fill(7)));
    expectQr(
      createMatrix(
        4,
        4,
        randomMatrix(4, 4).data.map((x) => x * 1e-300),
      ),
    );
  });

  it('reduces tall matrices in pieces', () => {
    expectQr(randomMatrix(10_007, 5));
    expectQr(createMatrix(10_007, 3, new Float64Array(30_021).fill(1)));
  });

  it('refuses NaN by name', () => {
    expect(() => qrThin(fromRows([[NaN]]))).toThrow(expect.objectContaining({ code: 'not-finite' }));
  });
});
