import { describe, expect, it } from 'vitest';
import {
  columnNorms,
  columns,
  createMatrix,
  frobeniusNorm,
  fromRows,
  identity,
  maxAbs,
  requireFinite,
  transpose,
} from './matrix.ts';
import { randomMatrix, transposed } from './test-matrices.ts';

describe('matrices', () => {
  it('transpose odd shapes', () => {
    for (const [m, n] of [
      [1, 1],
      [3, 70],
      [65, 33],
      [129, 2],
    ] as const) {
      const a = randomMatrix(m, n);
      expect(transpose(a)).toEqual(transposed(a));
    }
  });

  it('measure lengths without overflow or underflow', () => {
    for (const unit of [1, 1e200, 1e-200, 5e-324]) {
      const a = fromRows([
        [3 * unit, 0],
        [4 * unit, 0],
      ]);
      expect(frobeniusNorm(a) / unit).toBeCloseTo(5, 12);
      expect([...columnNorms(a)].map((x) => x / unit)).toEqual([expect.closeTo(5, 12), 0]);
    }
    expect(frobeniusNorm(createMatrix(2, 2))).toBe(0);
    expect(maxAbs(Float64Array.of(1, NaN, 3))).toBeNaN();
  });

  it('select columns', () => {
    expect(
      columns(
        fromRows([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        2,
        1,
      ),
    ).toEqual(
      fromRows([
        [2, 3],
        [5, 6],
      ]),
    );
    expect(columns(identity(3), 1)).toEqual(fromRows([[1], [0], [0]]));
  });

  it('refuse wrong sizes and name the place of what is not finite', () => {
    expect(() => createMatrix(2, 2, new Float64Array(3))).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    expect(() =>
      requireFinite(
        fromRows([
          [1, 2],
          [3, Infinity],
        ]),
        'The test',
      ),
    ).toThrow('The test must hold finite numbers; row 1, column 1 is Infinity');
  });
});
