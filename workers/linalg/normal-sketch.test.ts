import { describe, expect, it } from 'vitest';
import { multiply } from './gemm.ts';
import { frobeniusNorm, type Matrix } from './matrix.ts';
import { createNormalSketch } from './normal-sketch.ts';
import { createRandom } from './random.ts';

const randomMatrix = (rows: number, cols: number, seed: number): Matrix => {
  const random = createRandom(seed);
  return { rows, cols, data: Float64Array.from({ length: rows * cols }, () => random.gaussian()) };
};

describe('sketch of AᵀA', () => {
  it.each([
    [1, 1, 1],
    [5, 3, 2],
    [17, 63, 7],
    [129, 65, 20],
    [700, 1031, 13],
  ])('of %i × %i by %i columns agrees with the product in double precision to single precision', (rows, m, l) => {
    const a = randomMatrix(rows, m, rows);
    const omega = randomMatrix(m, l, m);
    const exact = multiply(a, multiply(a, omega), { transposeA: true });
    const sketch = createNormalSketch(omega);
    // in uneven pieces, so that edges of the buffer are met
    for (let start = 0, step = 1; start < rows; start += step, step = step * 3 + 1) {
      const count = Math.min(step, rows - start);
      sketch.add(a.data.subarray(start * m, (start + count) * m), count);
    }
    const found = sketch.toMatrix();
    sketch.free();
    const difference = { ...found, data: found.data.map((v, i) => v - exact.data[i]!) };
    expect(frobeniusNorm(difference) / frobeniusNorm(exact)).toBeLessThan(2e-6);
  });

  it('starts from zero every time, whatever the memory held before', () => {
    const a = randomMatrix(10, 6, 1);
    const omega = randomMatrix(6, 2, 2);
    const once = (): Float64Array => {
      const sketch = createNormalSketch(omega);
      sketch.add(a.data, 10);
      const { data } = sketch.toMatrix();
      sketch.free();
      return data;
    };
    expect(once()).toEqual(once());
  });
});
