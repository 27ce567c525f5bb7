import { describe, expect, it } from 'vitest';
import { chooseKernelBuild } from '../kernels/kernels.ts';
import { createRandom } from './random.ts';
import { createRatioProducts } from './ratio-products.ts';

const random = createRandom(5);
const values = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.uniform() + 0.01);
const least = 1e-7;

describe.each(['simd', 'relaxed-simd'] as const)('ratios to a model (%s)', (build) => {
  // odd numbers of rows and columns, several pieces, and a first row of W that is 0, whose model is below the least value
  it.each([
    [1, 1, 1, false],
    [7, 5, 2, true],
    [301, 203, 5, false],
    [90, 1301, 9, true],
  ])('of %d × %d values and %d components, weights %s, are those of the formula', (rows, cols, k, weighs) => {
    chooseKernelBuild(build);
    const [x, h, w] = [values(rows * cols), values(cols * k), values(rows * k)];
    const changed = values(rows * k);
    w.fill(0, 0, k);
    const model = (from: Float64Array, i: number, j: number): number => {
      let y = 0;
      for (let t = 0; t < k; t++) y += from[i * k + t]! * h[j * k + t]!;
      return Math.max(y, least);
    };
    const ratio = (y: number, i: number, j: number): number => x[i * cols + j]! / (weighs ? y * y : y);
    const products = createRatioProducts(h, cols, k, least, weighs);
    let seen = 0;
    products.sweep(x, rows, w, ({ first, count, x: block, ratio: found, weight, numerator, divisor }) => {
      expect(first).toBe(seen);
      seen += count;
      expect(block).toEqual(x.subarray(first * cols, (first + count) * cols));
      for (let i = 0; i < count; i++) {
        const [above, below] = [new Float64Array(k), new Float64Array(k)];
        for (let j = 0; j < cols; j++) {
          const y = model(w, first + i, j);
          const expected = ratio(y, first + i, j);
          expect(Math.abs(found[i * cols + j]! / expected - 1)).toBeLessThan(1e-12);
          if (weight) expect(Math.abs(weight[i * cols + j]! * y - 1)).toBeLessThan(1e-12);
          for (let t = 0; t < k; t++) {
            above[t]! += expected * h[j * k + t]!;
            below[t]! += h[j * k + t]! / y;
          }
        }
        for (let t = 0; t < k; t++) {
          expect(Math.abs(numerator[i * k + t]! / above[t]! - 1)).toBeLessThan(1e-11);
          if (divisor) expect(Math.abs(divisor[i * k + t]! / below[t]! - 1)).toBeLessThan(1e-11);
        }
      }
      return changed.subarray(first * k, (first + count) * k);
    });
    expect(seen).toBe(rows);
    const numerator = products.toNumerator();
    const divisor = weighs ? products.toDivisor() : null;
    products.free();
    for (let j = 0; j < cols; j++) {
      for (let t = 0; t < k; t++) {
        let [above, below] = [0, 0];
        for (let i = 0; i < rows; i++) {
          const y = model(changed, i, j);
          above += ratio(y, i, j) * changed[i * k + t]!;
          below += changed[i * k + t]! / y;
        }
        expect(Math.abs(numerator[j * k + t]! / above - 1)).toBeLessThan(1e-11);
        if (divisor) expect(Math.abs(divisor[j * k + t]! / below - 1)).toBeLessThan(1e-11);
      }
    }
  });
});
