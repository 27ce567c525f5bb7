import { kernels } from '../kernels/kernels.ts';
import { createRowBuffer } from './row-buffer.ts';

/**
 * How rows of A are split for single precision: A = Y Wᵀ + R with Y = A W in double precision, and only R, which lacks
 * the strong directions W, in single precision. What is rounded is then small beside A: errors are 6e-8 of R, not of A.
 */
export interface SplitRule {
  /** W [cols × t], orthonormal columns, row-major */
  strong: Float64Array;
  t: number;
  /** power of two that brings R near 1 */
  scale: number;
}

/** Rows in kernel memory, valid until the next step. */
export interface SplitRows {
  start: number;
  count: number;
  /** R · scale, count × cols, float32 */
  remainder: number;
  /** R, count × cols, float64 */
  exact: number;
  /** Y, count × t, float64 */
  strong: number;
}

export interface Splitter {
  split(block: Float64Array, rows: number): Generator<SplitRows>;
  /** most rows in one piece */
  capacity: number;
  free(): void;
}

/** Few, so that the products of a piece, as wide as the data, take little memory. */
const rowsOfPiece = 128;

/** Splits blocks of rows of `cols` values piece by piece in kernel memory. */
export function createSplitter(cols: number, { strong, t, scale }: SplitRule): Splitter {
  const k = kernels();
  const buffer = createRowBuffer(k, cols, rowsOfPiece);
  const { capacity } = buffer;
  const project = k.allocate(k.run.packedBytes64(cols, t));
  const subtract = k.allocate(k.run.packedBytes64(t, cols));
  k.scope((allocate) => {
    const plain = allocate(cols * t * 8);
    k.f64(plain, cols * t).set(strong);
    k.run.packRight64(cols, t, plain, t * 8, project);
    const turned = k.f64(plain, cols * t);
    for (let j = 0; j < cols; j++) for (let c = 0; c < t; c++) turned[c * cols + j] = -strong[j * t + c]!;
    k.run.packRight64(t, cols, plain, cols * 8, subtract);
  });
  const y = k.allocate(capacity * t * 8);
  const single = k.allocate(capacity * cols * 4);
  const edge = k.allocate(192);
  return {
    capacity,
    *split(block, rows) {
      for (const { address, start, count } of buffer.fill(block, rows)) {
        k.f64(y, count * t).fill(0);
        k.run.multiplyRight64(count, t, cols, address, cols * 8, project, y, t * 8, edge);
        k.run.multiplyRight64(count, cols, t, y, t * 8, subtract, address, cols * 8, edge);
        k.run.demoteScaled(count * cols, scale, address, single);
        yield { start, count, remainder: single, exact: address, strong: y };
      }
    },
    free() {
      for (const address of [edge, single, y, subtract, project]) k.free(address);
      buffer.free();
    },
  };
}
