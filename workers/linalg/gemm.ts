import { EigenscopeError } from '../model/errors.ts';
import { kernels } from '../kernels/kernels.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';

export interface MultiplyOptions {
  /** use Aᵀ */
  transposeA?: boolean;
  /** use Bᵀ */
  transposeB?: boolean;
  check?: Check;
}

/** Multiplications of one kernel call, about 0.1 s, and values copied for it. */
const workPerCall = 1e9;
const valuesPerCall = 4e6;

/**
 * op(A) · op(B) in float64. The longer sides pass through kernel memory piece by piece.
 * @throws EigenscopeError `shape-mismatch` when the inner sizes differ.
 */
export function multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
  const { transposeA = false, transposeB = false, check = neverCancelled } = options;
  const m = transposeA ? a.cols : a.rows;
  const depth = transposeA ? a.rows : a.cols;
  const n = transposeB ? b.rows : b.cols;
  const depthB = transposeB ? b.cols : b.rows;
  if (depth !== depthB) {
    throw new EigenscopeError(
      'shape-mismatch',
      `Matrices of ${m} × ${depth} and ${depthB} × ${n} cannot be multiplied: the inner sizes must be equal.`,
      { innerA: depth, innerB: depthB },
    );
  }
  const c = createMatrix(m, n);
  if (m === 0 || n === 0 || depth === 0) return c;
  if (transposeA) multiplyByDepth(a, b, transposeB, c, check);
  else multiplyByRows(a, b, transposeB, c, check);
  return c;
}

/** C = A · op(B): rows of A in pieces, B whole. */
function multiplyByRows(a: Matrix, b: Matrix, transposeB: boolean, c: Matrix, check: Check): void {
  const k = kernels();
  const { rows: m, cols: depth } = a;
  const n = c.cols;
  const rows = Math.min(m, pieceOf(96, depth * n, depth + n));
  k.scope((allocate) => {
    const pa = allocate(rows * depth * 8);
    const pb = allocate(b.data.length * 8);
    const pc = allocate(rows * n * 8);
    const scratch = allocate(k.run.scratch64(n));
    k.f64(pb, b.data.length).set(b.data);
    for (let i = 0; i < m; i += rows) {
      check();
      const count = Math.min(rows, m - i);
      k.f64(pa, count * depth).set(a.data.subarray(i * depth, (i + count) * depth));
      k.f64(pc, count * n).fill(0);
      k.run.gemm64(count, n, depth, pa, depth * 8, false, pb, b.cols * 8, transposeB, pc, n * 8, scratch);
      c.data.set(k.f64(pc, count * n), i * n);
    }
  });
}

/** C = Aᵀ · op(B): rows of A, which are the inner side, in pieces; C whole. */
function multiplyByDepth(a: Matrix, b: Matrix, transposeB: boolean, c: Matrix, check: Check): void {
  const k = kernels();
  const { rows: depth, cols: m } = a;
  const n = c.cols;
  const rows = Math.min(depth, pieceOf(256, m * n, m + n));
  k.scope((allocate) => {
    const pa = allocate(rows * m * 8);
    const pb = allocate(transposeB ? b.data.length * 8 : rows * n * 8);
    const pc = allocate(m * n * 8);
    const scratch = allocate(k.run.scratch64(n));
    if (transposeB) k.f64(pb, b.data.length).set(b.data);
    k.f64(pc, m * n).fill(0);
    for (let p = 0; p < depth; p += rows) {
      check();
      const count = Math.min(rows, depth - p);
      k.f64(pa, count * m).set(a.data.subarray(p * m, (p + count) * m));
      if (!transposeB) k.f64(pb, count * n).set(b.data.subarray(p * n, (p + count) * n));
      const right = transposeB ? pb + p * 8 : pb;
      k.run.gemm64(m, n, count, pa, m * 8, true, right, b.cols * 8, transposeB, pc, n * 8, scratch);
    }
    c.data.set(k.f64(pc, m * n));
  });
}

/** Rows of a piece, a multiple of `unit` that keeps work and copies of one call small. */
function pieceOf(unit: number, workPerRow: number, valuesPerRow: number): number {
  const rows = Math.min(workPerCall / workPerRow, valuesPerCall / valuesPerRow);
  return Math.max(1, Math.floor(rows / unit)) * unit;
}
