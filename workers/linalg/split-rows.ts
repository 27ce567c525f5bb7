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

/** A few rows in kernel memory, valid until the next step. */
export interface SplitRows {
  count: number;
  /** R, count × cols, float64 */
  exact: number;
  /** Y, count × t, float64 */
  strong: number;
  /** with the last few rows of a piece: all of them in single precision */
  piece: SplitPiece | null;
}

/** Rows whose products in single precision are made at once. */
export interface SplitPiece {
  /** first row within the block */
  start: number;
  count: number;
  /** R · scale, count × cols, float32 */
  remainder: number;
  /** Y, count × t, float64 */
  strong: number;
}

export interface Splitter {
  split(block: Float64Array, rows: number): Generator<SplitRows>;
  /** most rows in one piece */
  capacity: number;
  free(): void;
}

/** Rows that are split at once: they stay in the second-level cache in double precision. */
const rowsAtOnce = 64;
/** Rows of a piece: enough to make up for fetching the other factor, few enough that their products take little memory. */
const piecesAtMost = 4;
const piecesAtLeast = 2;
const valuesOfPiece = 256 * 1024;

/** Splits blocks of rows of `cols` values piece by piece in kernel memory. */
export function createSplitter(cols: number, { strong, t, scale }: SplitRule): Splitter {
  const k = kernels();
  const fitting = Math.floor(valuesOfPiece / (rowsAtOnce * Math.max(1, cols)));
  const capacity = rowsAtOnce * Math.max(piecesAtLeast, Math.min(piecesAtMost, fitting));
  const buffer = createRowBuffer(k, cols, rowsAtOnce);
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
        const within = start % capacity;
        const strongRows = y + within * t * 8;
        k.f64(strongRows, count * t).fill(0);
        k.run.multiplyRight64(count, t, cols, address, cols * 8, project, strongRows, t * 8, edge);
        k.run.multiplyRight64(count, cols, t, strongRows, t * 8, subtract, address, cols * 8, edge);
        k.run.demoteScaled(count * cols, scale, address, single + within * cols * 4);
        const isLast = within + count === capacity || start + count === rows;
        const piece = { start: start - within, count: within + count, remainder: single, strong: y };
        yield { count, exact: address, strong: strongRows, piece: isLast ? piece : null };
      }
    },
    free() {
      for (const address of [edge, single, y, subtract, project]) k.free(address);
      buffer.free();
    },
  };
}
