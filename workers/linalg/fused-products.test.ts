import { describe, expect, it } from 'vitest';
import { chooseKernelBuild } from '../kernels/kernels.ts';
import { createFusedProducts } from './fused-products.ts';
import { createRandom } from './random.ts';

const random = createRandom(3);
const values = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.gaussian());

describe.each(['simd', 'relaxed-simd'] as const)('fused products (%s)', (build) => {
  // more rows than one piece, odd numbers of rows and columns, one to several groups of columns, several slabs
  it.each([
    [1, 1, 1],
    [2, 3, 2],
    [301, 37, 5],
    [70, 1301, 6],
    [33, 4999, 7],
    [515, 64, 20],
  ])('of %d × %d values and %d columns are X·H and XᵀW', (rows, cols, k) => {
    chooseKernelBuild(build);
    const [x, h] = [values(rows * cols), values(cols * k)];
    for (const precision of ['double', 'single'] as const) {
      const block = precision === 'single' ? Float32Array.from(x) : x;
      const close = precision === 'single' ? 1e-5 : 1e-12;
      const fused = createFusedProducts(h, cols, k, precision);
      const w = new Float64Array(rows * k);
      fused.sweep(block, rows, (products, first, count) => {
        for (let i = 0; i < count; i++) {
          for (let t = 0; t < k; t++) {
            let sum = 0;
            let size = 1;
            for (let j = 0; j < cols; j++) {
              const term = block[(first + i) * cols + j]! * h[j * k + t]!;
              sum += term;
              size += Math.abs(term);
            }
            expect(Math.abs(products[i * k + t]! - sum) / size).toBeLessThan(close);
          }
        }
        return w
          .subarray(first * k, (first + count) * k)
          .map((_, at) => (w[first * k + at] = Math.sin(first * k + at)));
      });
      const cross = fused.toCross();
      fused.free();
      for (let j = 0; j < cols; j += 7) {
        for (let t = 0; t < k; t++) {
          let sum = 0;
          let size = 1;
          for (let i = 0; i < rows; i++) {
            const term = block[i * cols + j]! * w[i * k + t]!;
            sum += term;
            size += Math.abs(term);
          }
          expect(Math.abs(cross[j * k + t]! - sum) / size).toBeLessThan(close);
        }
      }
    }
  });
});
