import { kernels } from '../kernels/kernels.ts';
import type { Matrix } from './matrix.ts';
import { createSplitter, type SplitRule } from './split-rows.ts';

/** Multiplies blocks of rows of A by the same V [cols × n]: A V = R V + Y (Wᵀ V), R V in single precision. */
export interface SplitMultiplier {
  /** Hands `use` the address of the products of one piece after the other: count × n values, which it may change. */
  each(block: Float64Array, rows: number, use: (address: number, start: number, count: number) => void): void;
  free(): void;
}

/**
 * @param v V [cols × n]
 * @param strongV Wᵀ V [t × n]
 */
export function createSplitMultiplier(v: Matrix, strongV: Float64Array, rule: SplitRule): SplitMultiplier {
  const k = kernels();
  const { rows: cols, cols: n } = v;
  const { t, scale } = rule;
  const packed = k.allocate(k.run.packedBytes32(cols, n));
  const packedStrong = k.allocate(k.run.packedBytes64(t, n));
  k.scope((allocate) => {
    const plain = allocate(Math.max(cols * 4, t * 8) * n);
    k.f32(plain, cols * n).set(v.data);
    k.run.packRight32(cols, n, plain, n * 4, packed);
    k.f64(plain, t * n).set(strongV);
    k.run.packRight64(t, n, plain, n * 8, packedStrong);
  });
  const splitter = createSplitter(cols, rule);
  const single = k.allocate(splitter.capacity * n * 4);
  const product = k.allocate(splitter.capacity * n * 8);
  const edge = k.allocate(192);
  return {
    each(block, rows, use) {
      for (const { start, count, remainder, strong } of splitter.split(block, rows)) {
        k.f32(single, count * n).fill(0);
        k.run.multiplyRight32(count, n, cols, remainder, cols * 4, packed, single, n * 4, edge);
        k.f64(product, count * n).fill(0);
        k.run.multiplyRight64(count, n, t, strong, t * 8, packedStrong, product, n * 8, edge);
        k.run.addScaled(count * n, 1 / scale, single, product);
        use(product, start, count);
      }
    },
    free() {
      for (const address of [edge, product, single]) k.free(address);
      splitter.free();
      for (const address of [packedStrong, packed]) k.free(address);
    },
  };
}
