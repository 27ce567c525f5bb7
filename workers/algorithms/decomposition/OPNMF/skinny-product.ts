import { kernels } from '../../../kernels/kernels.ts';

/** Products of one large matrix, which stays in kernel memory, with a few columns: thousands of times, without copies. */
export interface SkinnyProduct {
  /** out = A·x; x [cols × k], out [rows × k] */
  apply(x: Float64Array, out: Float64Array): void;
  /** out = Aᵀ·y; y [rows × k], out [cols × k] */
  applyTransposed(y: Float64Array, out: Float64Array): void;
  free(): void;
}

/** @param a address of A [rows × cols], row-major float64; stays the caller's */
export function createSkinnyProduct(rows: number, cols: number, k: number, a: number): SkinnyProduct {
  const kernel = kernels();
  const { run } = kernel;
  const x = kernel.allocate(8 * cols * k);
  const y = kernel.allocate(8 * rows * k);
  const packed = kernel.allocate(run.packedBytes64(cols, k));
  const scratch = kernel.allocate(run.scratch64(k));
  const edge = kernel.allocate(192);
  return {
    apply(right, out) {
      kernel.f64(x, cols * k).set(right);
      run.packRight64(cols, k, x, k * 8, packed);
      const product = kernel.f64(y, rows * k).fill(0);
      run.multiplyRight64(rows, k, cols, a, cols * 8, packed, y, k * 8, edge);
      out.set(product);
    },
    applyTransposed(left, out) {
      kernel.f64(y, rows * k).set(left);
      const product = kernel.f64(x, cols * k).fill(0);
      run.gemm64(cols, k, rows, a, cols * 8, true, y, k * 8, false, x, k * 8, scratch);
      out.set(product);
    },
    free() {
      for (const address of [edge, scratch, packed, y, x]) kernel.free(address);
    },
  };
}

/** AᵀB [k × k] of two row-major matrices of k columns. */
export function smallCross(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const cross = new Float64Array(k * k);
  for (let at = 0; at < a.length; at += k) {
    for (let i = 0; i < k; i++) {
      const value = a[at + i]!;
      for (let j = 0; j < k; j++) cross[i * k + j]! += value * b[at + j]!;
    }
  }
  return cross;
}
