import { EigenvalueDecomposition } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseKernelBuild, fastestBuild, kernels } from '../kernels/kernels.ts';
import { eigenvalues, eigh } from './eigh.ts';
import type { Eigen } from './eigh.ts';
import { columns, createMatrix, fromRows, identity } from './matrix.ts';
import { createRandom } from './random.ts';
import type { Matrix } from './matrix.ts';
import {
  largestDifference,
  oddSizes,
  orthogonalityError,
  product,
  randomMatrix,
  randomSymmetric,
  symmetricWithSpectrum,
  toReference,
  transposed,
} from './test-matrices.ts';

/** ‖A V − V Λ‖_max */
function residual(a: Matrix, { values, vectors }: Eigen): number {
  const scaled = vectors.data.map((x, i) => x * values[i % values.length]!);
  return largestDifference(product(a, vectors).data, scaled);
}

/** Checks residual, orthogonality and order for all pairs and for several counts of the largest. */
function expectEigenpairs(a: Matrix, tolerance: number, expected?: ArrayLike<number>): void {
  const n = a.rows;
  const counts = new Set([n, 1, Math.ceil(n / 20), Math.max(1, Math.floor(n / 10)), Math.ceil(n / 2)]);
  for (const k of counts) {
    const found = eigh(a, { k });
    expect([found.values.length, found.vectors.rows, found.vectors.cols]).toEqual([k, n, k]);
    expect(residual(a, found)).toBeLessThan(tolerance);
    expect(orthogonalityError(found.vectors)).toBeLessThan(1e-12);
    for (let i = 1; i < k; i++) expect(found.values[i]).toBeLessThanOrEqual(found.values[i - 1]!);
    if (expected) {
      const sorted = Float64Array.from(expected).sort().reverse().slice(0, k);
      expect(largestDifference(found.values, sorted)).toBeLessThan(tolerance);
    }
  }
}

/** Diagonal |n/2 − i|, off-diagonal 1: its large eigenvalues come in pairs that agree to many digits. */
function wilkinson(n: number): Matrix {
  const a = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    a.data[i * n + i] = Math.abs((n - 1) / 2 - i);
    if (i > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = 1;
  }
  return a;
}

/** Points on a line, each joined to its nearest other, a third of them in one place: 0 and ±1 are many times eigenvalues. */
function nearestNeighbours(n: number, seed: number): Matrix {
  const random = createRandom(seed);
  const at = Float64Array.from({ length: n }, () => (random.uniform() < 0.3 ? 0 : random.gaussian()));
  const a = createMatrix(n, n);
  const degree = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let near = i === 0 ? 1 : 0;
    for (let j = 0; j < n; j++) {
      if (j !== i && Math.abs(at[j]! - at[i]!) < Math.abs(at[near]! - at[i]!)) near = j;
    }
    for (const [p, q] of [
      [i, near],
      [near, i],
    ] as const) {
      a.data[p * n + q]! += 0.5;
      degree[p]! += 0.5;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.data[i * n + j]! /= Math.sqrt(degree[i]! * degree[j]!);
  return a;
}

describe.each(['relaxed-simd', 'simd'] as const)('symmetric eigenproblem, %s build', (build) => {
  beforeAll(() => chooseKernelBuild(build));
  afterAll(() => chooseKernelBuild(fastestBuild()));

  it('comes to an end where eigenvalues have multiplicities of a hundred', () => {
    for (const seed of [0, 2, 3, 6]) {
      const a = nearestNeighbours(500, seed);
      const values = eigenvalues(a);
      const squares = (data: Float64Array): number => data.reduce((sum, value) => sum + value * value, 0);
      expect(values[0]).toBeCloseTo(1, 12);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 11);
      expect(squares(values)).toBeCloseTo(squares(a.data), 10);
    }
  });

  it('agrees with ml-matrix on odd sizes', () => {
    for (const n of oddSizes) {
      const a = randomSymmetric(n, n);
      expectEigenpairs(a, 1e-12, new EigenvalueDecomposition(toReference(a)).realEigenvalues);
    }
  });

  it('finds the known eigenvalues of the second-difference matrix', () => {
    const n = 300;
    const a = createMatrix(n, n);
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = 2;
      if (i > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = -1;
    }
    const known = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos((Math.PI * (i + 1)) / (n + 1)));
    expectEigenpairs(a, 1e-13, known);
  });

  it('separates the nearly equal pairs of Wilkinson matrices', () => {
    for (const n of [21, 101, 257]) expectEigenpairs(wilkinson(n), 1e-12);
    // W21+, from Wilkinson, The Algebraic Eigenvalue Problem, p. 309
    const { values } = eigh(wilkinson(21), { k: 2 });
    expect(values[0]).toBeCloseTo(10.746194182903393, 12);
    expect(values[1]).toBeCloseTo(10.746194182903322, 12);
  });

  it('keeps vectors orthogonal in glued Wilkinson matrices', () => {
    // copies of W21+ weakly coupled: many eigenvalues agree to the strength of the glue
    for (const glue of [1e-4, 1e-8, 1e-14]) {
      const copies = 9;
      const n = 21 * copies;
      const a = createMatrix(n, n);
      const part = wilkinson(21);
      for (let c = 0; c < copies; c++) {
        for (let i = 0; i < 21; i++) {
          for (let j = 0; j < 21; j++) a.data[(c * 21 + i) * n + c * 21 + j] = part.data[i * 21 + j]!;
        }
        const i = c * 21;
        if (c > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = glue;
      }
      expectEigenpairs(a, 1e-12);
    }
  });

  it('agrees between divide and conquer and QL at a size that is torn three times', () => {
    const n = 331;
    const a = randomSymmetric(n, 3);
    const found = eigh(a);
    expect(residual(a, found)).toBeLessThan(1e-12);
    expect(orthogonalityError(found.vectors)).toBeLessThan(1e-12);
    expect(largestDifference(found.values, eigenvalues(a))).toBeLessThan(5e-13);
  });

  it('returns orthogonal vectors for repeated eigenvalues', () => {
    const n = 130;
    const spectra = [
      Array.from({ length: n }, (_, i) => (i < 40 ? 5 : i < 90 ? 2 : -1)),
      Array.from({ length: n }, () => 3),
      Array.from({ length: n }, (_, i) => (i < 3 ? 10 - i : 0)),
    ];
    for (const spectrum of spectra) expectEigenpairs(symmetricWithSpectrum(spectrum), 1e-12, spectrum);
  });

  it('returns orthogonal vectors for clusters of every width', () => {
    const n = 120;
    for (const width of [1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-5]) {
      const spectrum = Array.from({ length: n }, (_, i) => (i < 60 ? 1 + i * width : i / n));
      expectEigenpairs(symmetricWithSpectrum(spectrum), 1e-13, spectrum);
    }
  });

  it('keeps small eigenvalues of graded matrices to rounding of the largest', () => {
    const spectrum = Array.from({ length: 80 }, (_, i) => 10 ** (-i / 3));
    expectEigenpairs(symmetricWithSpectrum(spectrum), 1e-14, spectrum);
    const graded = randomSymmetric(80);
    for (let i = 0; i < 80; i++) for (let j = 0; j < 80; j++) graded.data[i * 80 + j]! *= 10 ** (-(i + j) / 4);
    expectEigenpairs(graded, 1e-14);
    const reversed = createMatrix(80, 80, graded.data.slice().reverse());
    expectEigenpairs(reversed, 1e-14);
  });

  it('handles rank-deficient Gram matrices', () => {
    const x = randomMatrix(9, 150);
    expectEigenpairs(product(transposed(x), x), 1e-11);
  });

  it('handles zero, diagonal, block and constant matrices', () => {
    expectEigenpairs(createMatrix(33, 33), 1e-300, new Float64Array(33));
    expectEigenpairs(identity(65), 1e-15, new Float64Array(65).fill(1));
    const diagonal = createMatrix(40, 40);
    for (let i = 0; i < 40; i++) diagonal.data[i * 41] = ((i * 7) % 40) - 20;
    expectEigenpairs(
      diagonal,
      1e-14,
      Array.from({ length: 40 }, (_, i) => i - 20),
    );
    expectEigenpairs(createMatrix(70, 70, new Float64Array(4900).fill(1)), 3e-13, [
      70,
      ...new Array<number>(69).fill(0),
    ]);
    const block = createMatrix(60, 60);
    const part = randomSymmetric(20);
    for (let b = 0; b < 3; b++) {
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 20; j++) block.data[(b * 20 + i) * 60 + b * 20 + j] = part.data[i * 20 + j]!;
      }
    }
    expectEigenpairs(block, 1e-13);
    expectEigenpairs(fromRows([[-4]]), 1e-300, [-4]);
  });

  it('is not disturbed by very large or very small units', () => {
    for (const unit of [1e300, 1e-300, 1e150, 1e-160]) {
      const a = randomSymmetric(40);
      const { values } = eigh(a);
      const scaled = eigh(
        createMatrix(
          40,
          40,
          a.data.map((x) => x * unit),
        ),
      );
      expect(
        largestDifference(
          scaled.values.map((x) => x / unit),
          values,
        ),
      ).toBeLessThan(1e-13);
      expect(orthogonalityError(scaled.vectors)).toBeLessThan(1e-13);
    }
  });

  it('agrees between the few largest and the full solution', () => {
    const a = randomSymmetric(200, 5);
    const all = eigh(a);
    const few = eigh(a, { k: 10 });
    expect(largestDifference(few.values, all.values.slice(0, 10))).toBeLessThan(1e-13);
    const cosines = product(transposed(few.vectors), columns(all.vectors, 10)).data.map(Math.abs);
    expect(largestDifference(cosines, identity(10).data)).toBeLessThan(1e-11);
  });

  it('refuses NaN, infinity, shapes and counts by name', () => {
    const spoilt = randomSymmetric(5);
    spoilt.data[13] = NaN;
    expect(() => eigh(spoilt)).toThrow(
      expect.objectContaining({ code: 'not-finite', details: expect.objectContaining({ row: 2, col: 3 }) }),
    );
    spoilt.data[13] = -Infinity;
    expect(() => eigh(spoilt)).toThrow(expect.objectContaining({ code: 'not-finite' }));
    expect(() => eigenvalues(spoilt)).toThrow(expect.objectContaining({ code: 'not-finite' }));
    expect([...eigenvalues(createMatrix(2, 2))]).toEqual([0, 0]);
    expect(() => eigh(randomMatrix(3, 4))).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    for (const k of [0, 4, 1.5, NaN]) {
      expect(() => eigh(identity(3), { k })).toThrow(expect.objectContaining({ code: 'parameter-out-of-range' }));
    }
  });

  it('stops when the check throws and leaves nothing in kernel memory', () => {
    for (const k of [5, 300]) {
      for (const at of [1, 2, 5, 8]) {
        let calls = 0;
        const check = (): void => {
          if (++calls === at) throw new Error('stop');
        };
        expect(() => eigh(randomSymmetric(300), { k, check })).toThrow('stop');
        expect(kernels().usedBytes).toBe(0);
      }
    }
  });

  it('uses the same memory over many calls', () => {
    const a = randomSymmetric(65);
    eigh(a);
    const held = kernels().heldBytes;
    for (let i = 0; i < 300; i++) eigh(a, { k: i % 2 === 0 ? 65 : 3 });
    expect(kernels().heldBytes).toBe(held);
    expect(kernels().usedBytes).toBe(0);
  });
});
