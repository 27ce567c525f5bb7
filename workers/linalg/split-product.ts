import { kernels } from '../kernels/kernels.ts';
import type { Matrix } from './matrix.ts';
import { createSplitter, type SplitRule } from './split-rows.ts';

/** Multiplies blocks of rows of A by the same V [cols × n]: A V = R V + Y (Wᵀ V), R V in single precision. */
export interface SplitMultiplier {
  /** Hands `use` the address of the products of one piece after the other: count × n values, which it may change. */
  each(block: Float64Array, rows: number, use: (address: number, start: number, count: number) => void): void;
  free(): void;
}

/** Rows whose products are finished at once: they stay in the second-level cache in double precision. */
const rowsAtOnce = 64;

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
  const product = k.allocate(rowsAtOnce * n * 8);
  const edge = k.allocate(192);
  return {
    each(block, rows, use) {
      for (const { piece } of splitter.split(block, rows)) {
        if (piece === null) continue;
        const { start, count, remainder, strong } = piece;
        k.f32(single, count * n).fill(0);
        k.run.multiplyRight32(count, n, cols, remainder, cols * 4, packed, single, n * 4, edge);
        for (let first = 0; first < count; first += rowsAtOnce) {
          const some = Math.min(rowsAtOnce, count - first);
          k.f64(product, some * n).fill(0);
          const y = strong + first * t * 8;
          k.run.multiplyRight64(some, n, t, y, t * 8, packedStrong, product, n * 8, edge);
          k.run.addScaled(some * n, 1 / scale, single + first * n * 4, product);
          use(product, start + first, some);
        }
      }
    },
    free() {
      for (const address of [edge, product, single]) k.free(address);
      splitter.free();
      for (const address of [packedStrong, packed]) k.free(address);
    },
  };
}
