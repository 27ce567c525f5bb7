import { SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { kernels } from '../kernels/kernels.ts';
import { createMatrix, fromRows } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { svdThin } from './svd.ts';
import type { Svd } from './svd.ts';
import {
  largestDifference,
  oddSizes,
  orthogonalityError,
  product,
  randomMatrix,
  toReference,
  transposed,
  withSpectrum,
} from './test-matrices.ts';

const rebuilt = ({ u, s, v }: Svd): Matrix =>
  product(
    createMatrix(
      u.rows,
      u.cols,
      u.data.map((x, i) => x * s[i % s.length]!),
    ),
    transposed(v),
  );

function expectSvd(a: Matrix, expected?: ArrayLike<number>, tolerance = 1e-14): Svd {
  const found = svdThin(a);
  const largest = found.s[0] ?? 0;
  expect(largestDifference(rebuilt(found).data, a.data)).toBeLessThanOrEqual(2e-14 * largest);
  expect(orthogonalityError(found.u)).toBeLessThan(1e-13);
  expect(orthogonalityError(found.v)).toBeLessThan(1e-13);
  for (let i = 1; i < found.s.length; i++) expect(found.s[i]).toBeLessThanOrEqual(found.s[i - 1]!);
  if (expected) expect(largestDifference(found.s, expected)).toBeLessThanOrEqual(tolerance * largest);
  return found;
}

describe('dense singular value decomposition', () => {
  it('agrees with ml-matrix on odd sizes, tall, square and wide', () => {
    for (const n of oddSizes) {
      for (const [rows, cols] of [
        [n, n],
        [n + 40, n],
        [n, n + 40],
      ] as const) {
        const a = randomMatrix(rows, cols, n);
        expectSvd(a, new SingularValueDecomposition(toReference(a), { autoTranspose: true }).diagonal, 5e-14);
      }
    }
  });

  it('finds singular values down to rounding of the largest, where eigenvalues of AᵀA fail', () => {
    const spectrum = Array.from({ length: 60 }, (_, i) => 10 ** (-i / 4));
    expectSvd(withSpectrum(spectrum, 90), spectrum);
    // Läuchli: the Gram matrix is 1 everywhere in float64, the small singular values are eps exactly
    const eps = 1e-9;
    const { s } = expectSvd(
      fromRows([
        [1, 1, 1],
        [eps, 0, 0],
        [0, eps, 0],
        [0, 0, eps],
      ]),
    );
    expect(s[0]).toBeCloseTo(Math.sqrt(3 + eps * eps), 14);
    expect(Math.abs(s[1]! / eps - 1)).toBeLessThan(1e-6);
    expect(Math.abs(s[2]! / eps - 1)).toBeLessThan(1e-6);
  });

  it('finds all values of a graded diagonal to full relative accuracy', () => {
    const values = [1, 1e-5, 1e-10, 1e-20, 1e-60];
    const a = createMatrix(5, 5);
    values.forEach((x, i) => (a.data[i * 6] = x));
    expectSvd(a).s.forEach((x, i) => expect(Math.abs(x / values[i]! - 1)).toBeLessThan(1e-14));
  });

  it('handles rank deficiency, repeated and zero singular values', () => {
    const spectrum = [3, 3, 3, 2, 2, 1, ...new Array<number>(34).fill(0)];
    const { s } = expectSvd(withSpectrum(spectrum, 70), spectrum);
    expect(s[6]).toBeLessThan(1e-14);
    const repeated = randomMatrix(30, 10);
    for (let i = 0; i < 30; i++) repeated.data[i * 10 + 9] = repeated.data[i * 10]!;
    expect(expectSvd(repeated).s[9]).toBeLessThan(1e-14);
    const blank = randomMatrix(30, 10);
    for (let i = 0; i < 30; i++) blank.data[i * 10 + 4] = 0;
    expect(expectSvd(blank).s[9]).toBeLessThan(1e-14);
  });

  it('returns orthonormal vectors for the zero matrix', () => {
    const { s } = expectSvd(createMatrix(7, 4));
    expect([...s]).toEqual([0, 0, 0, 0]);
    expectSvd(createMatrix(1, 1));
    expectSvd(createMatrix(4, 7));
  });

  it('is not disturbed by very large or very small units', () => {
    for (const unit of [1e300, 1e-300]) {
      const a = randomMatrix(20, 12);
      const scaled = svdThin(
        createMatrix(
          20,
          12,
          a.data.map((x) => x * unit),
        ),
      );
      expect(
        largestDifference(
          scaled.s.map((x) => x / unit),
          svdThin(a).s,
        ),
      ).toBeLessThan(1e-13);
    }
  });

  it('keeps the accuracy at larger sizes', () => {
    const spectrum = Array.from({ length: 200 }, (_, i) => 20 - i / 10);
    expectSvd(withSpectrum(spectrum, 211), spectrum);
  });

  it('reduces tall matrices first and keeps the accuracy', () => {
    const spectrum = Array.from({ length: 12 }, (_, i) => 10 ** -i);
    expectSvd(withSpectrum(spectrum, 9001), spectrum);
  });

  it('truncates to the largest', () => {
    const a = randomMatrix(50, 20);
    const [all, few] = [svdThin(a), svdThin(a, { k: 3 })];
    expect(few.s).toEqual(all.s.slice(0, 3));
    expect([few.u.rows, few.u.cols, few.v.rows, few.v.cols]).toEqual([50, 3, 20, 3]);
  });

  it('refuses NaN and counts by name, and frees its memory', () => {
    expect(() => svdThin(fromRows([[1, NaN]]))).toThrow(expect.objectContaining({ code: 'not-finite' }));
    expect(() => svdThin(randomMatrix(3, 2), { k: 3 })).toThrow(
      expect.objectContaining({ code: 'parameter-out-of-range' }),
    );
    expect(kernels().usedBytes).toBe(0);
  });
});
