import { describe, expect, it } from 'vitest';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { svdThin } from '../../../linalg/svd.ts';
import { bestCount, crossValidate, foldsOf } from './cross-validation.ts';
import { lowRank } from './test-data.ts';

const block = (x: Matrix, rows: Int32Array, cols: Int32Array): Matrix =>
  createMatrix(
    rows.length,
    cols.length,
    Float64Array.from([...rows].flatMap((i) => [...cols].map((j) => x.data[i * x.cols + j]!))),
  );
const without = (count: number, left: Int32Array): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => i).filter((i) => !left.includes(i));

describe('bi-cross-validation', () => {
  it('from Gram matrices equals B D⁺ C from the singular vectors of D, block by block', () => {
    const x = createMatrix(24, 10, lowRank(24, 10, [20, 8], 1, 6));
    const rowFolds = foldsOf(24, 3, 9, 'rows');
    const columnFolds = foldsOf(10, 3, 9, 'columns');
    const all = Int32Array.from({ length: 10 }, (_, j) => j);
    const folds = rowFolds.map((rows) => multiply(block(x, rows, all), block(x, rows, all), { transposeA: true }));
    const found = crossValidate({ folds, fittedRows: 16, most: 5, seed: 9, check() {}, progress() {} });
    const expected = new Float64Array(6);
    for (const rows of rowFolds) {
      for (const cols of columnFolds) {
        const [a, b] = [block(x, rows, cols), block(x, rows, without(10, cols))];
        const [c, d] = [block(x, without(24, rows), cols), block(x, without(24, rows), without(10, cols))];
        const { u, s, v } = svdThin(d);
        for (let k = 0; k <= 5; k++) {
          const inverse = createMatrix(
            v.rows,
            s.length,
            v.data.map((value, at) => (at % s.length < k ? value / s[at % s.length]! : 0)),
          );
          const predicted = multiply(b, multiply(inverse, multiply(u, c, { transposeA: true })));
          a.data.forEach((value, at) => (expected[k]! += (value - predicted.data[at]!) ** 2));
        }
      }
    }
    expected.forEach((error, k) => expect(found[k]).toBeCloseTo(error / expected[0]!, 10));
    expect(bestCount(found)).toBe(2);
  });

  it('takes the smaller number where errors are equal to rounding', () => {
    expect(bestCount(Float64Array.of(1, 0.3, 1e-13, 0))).toBe(2);
    expect(bestCount(Float64Array.of(1, 1.2))).toBe(0);
  });

  it('divides into parts of nearly equal size that hold everything once', () => {
    const parts = foldsOf(11, 4, 3, 'rows');
    expect(parts.map((part) => part.length).sort()).toEqual([2, 3, 3, 3]);
    expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => i));
  });
});
