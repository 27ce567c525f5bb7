import { EigenscopeError } from '../model/errors.ts';
import { kernels } from '../kernels/kernels.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { createRowBuffer } from './row-buffer.ts';

/** Multiplies many blocks of rows by the same matrix, which is kept packed in kernel memory until `free`. */
export interface RightMultiplier {
  /** Writes block · V (rows × k, row-major) to out from outOffset on; block is rows × m. */
  multiply(
    block: Float64Array | Float32Array,
    rows: number,
    out: Float64Array,
    outOffset?: number,
    check?: Check,
  ): void;
  /** The same piece by piece in kernel memory: `use` gets the address of count × k values, which it may change. */
  each(
    block: Float64Array | Float32Array,
    rows: number,
    use: (address: number, start: number, count: number) => void,
    check?: Check,
  ): void;
  free(): void;
}

/** @param v V, m × k; copied. */
export function createRightMultiplier(v: Matrix): RightMultiplier {
  const k = kernels();
  const { rows: depth, cols: n } = v;
  const packed = k.allocate(k.run.packedBytes64(depth, n));
  k.scope((allocate) => {
    const plain = allocate(v.data.length * 8);
    k.f64(plain, v.data.length).set(v.data);
    k.run.packRight64(depth, n, plain, n * 8, packed);
  });
  const edge = k.allocate(192);
  const buffer = createRowBuffer(k, depth);
  const each: RightMultiplier['each'] = (block, rows, use, check = neverCancelled) => {
    for (const { address, start, count } of buffer.fill(block, rows)) {
      check();
      k.scope((allocate) => {
        const product = allocate(count * n * 8);
        k.f64(product, count * n).fill(0);
        k.run.multiplyRight64(count, n, depth, address, depth * 8, packed, product, n * 8, edge);
        use(product, start, count);
      });
    }
  };
  return {
    each,
    multiply(block, rows, out, outOffset = 0, check = neverCancelled) {
      if (out.length < outOffset + rows * n) {
        throw new EigenscopeError('shape-mismatch', `The product needs ${rows * n} places from ${outOffset} on.`, {
          needed: outOffset + rows * n,
          found: out.length,
        });
      }
      const copy = (address: number, start: number, count: number): void =>
        out.set(k.f64(address, count * n), outOffset + start * n);
      each(block, rows, copy, check);
    },
    free() {
      buffer.free();
      k.free(edge);
      k.free(packed);
    },
  };
}

/** Sums XᵀY over blocks of rows of X (rows × m) and Y (rows × k), in float64. */
export interface CrossAccumulator {
  add(block: Float64Array | Float32Array, y: Float64Array | Float32Array, rows: number, check?: Check): void;
  /** m × k */
  toMatrix(): Matrix;
  free(): void;
}

export function createCrossAccumulator(m: number, n: number): CrossAccumulator {
  const k = kernels();
  const sum = k.allocate(m * n * 8);
  const scratch = k.allocate(k.run.scratch64(n));
  const left = createRowBuffer(k, m);
  k.f64(sum, m * n).fill(0);
  return {
    add(block, y, rows, check = neverCancelled) {
      if (y.length < rows * n) {
        throw new EigenscopeError('shape-mismatch', `Y needs ${rows} × ${n} values; got ${y.length}.`, {
          needed: rows * n,
          found: y.length,
        });
      }
      for (const { address, start, count } of left.fill(block, rows)) {
        check();
        k.scope((allocate) => {
          const right = allocate(count * n * 8);
          k.f64(right, count * n).set(y.subarray(start * n, (start + count) * n));
          k.run.gemm64(m, n, count, address, m * 8, true, right, n * 8, false, sum, n * 8, scratch);
        });
      }
    },
    toMatrix: () => createMatrix(m, n, k.f64(sum, m * n).slice()),
    free() {
      left.free();
      k.free(scratch);
      k.free(sum);
    },
  };
}
