import { kernels } from '../kernels/kernels.ts';
import { multiply } from './gemm.ts';
import { createMatrix, type Matrix } from './matrix.ts';
import { createSplitter, type SplitRule } from './split-rows.ts';

/** Sums of AᵀA = RᵀR + E Wᵀ + W Eᵀ + W (YᵀY) Wᵀ, E = RᵀY, over blocks of rows, RᵀR by products in single precision. */
export interface SplitGram {
  add(block: Float64Array, rows: number): void;
  /** What was added up, once, at the end. */
  sums(): SplitGramSums;
  free(): void;
}

export interface SplitGramSums {
  /** RᵀR [cols × cols], its upper triangle; below it anything */
  remainder: Float64Array;
  /** YᵀR [t × cols] */
  coupling: Float64Array;
  /** YᵀY [t × t] */
  strong: Float64Array;
}

/** Rows whose products are added up in single precision before they go to the sum in double precision. */
const rowsBetweenFlushes = 2048;

export function createSplitGram(cols: number, rule: SplitRule): SplitGram {
  const k = kernels();
  const { t, scale } = rule;
  const splitter = createSplitter(cols, rule);
  const sum = k.allocate(cols * cols * 8);
  const single = k.allocate(cols * cols * 4);
  const coupling = k.allocate(t * cols * 8);
  const strong = k.allocate(t * t * 8);
  const scratch = k.allocate(Math.max(k.run.scratch32(cols), k.run.scratch64(Math.max(cols, t))));
  k.f32(single, cols * cols).fill(0);
  k.f64(sum, cols * cols).fill(0);
  k.f64(coupling, t * cols).fill(0);
  k.f64(strong, t * t).fill(0);
  let pending = 0;
  const flush = (): void => {
    if (pending === 0) return;
    // of the upper triangle, but for a few values at the start of each row
    for (let i = 0; i < cols; i++) {
      const at = i * cols + i - (i % 4);
      k.run.addScaled((i + 1) * cols - at, 1 / (scale * scale), single + at * 4, sum + at * 8);
    }
    k.f32(single, cols * cols).fill(0);
    pending = 0;
  };
  return {
    add(block, rows) {
      for (const { count, exact, strong: y, piece } of splitter.split(block, rows)) {
        k.run.skinnyOuter64(count, cols, t, exact, cols * 8, y, coupling, cols * 8);
        k.run.gemm64(t, t, count, y, t * 8, true, y, t * 8, false, strong, t * 8, scratch);
        if (piece === null) continue;
        k.run.gram32(cols, piece.count, piece.remainder, cols * 4, single, cols * 4, scratch);
        pending += piece.count;
        if (pending >= rowsBetweenFlushes) flush();
      }
    },
    sums() {
      flush();
      return {
        remainder: k.f64(sum, cols * cols).slice(),
        coupling: k.f64(coupling, t * cols).slice(),
        strong: k.f64(strong, t * t).slice(),
      };
    },
    free() {
      for (const address of [scratch, strong, coupling, single, sum]) k.free(address);
      splitter.free();
    },
  };
}

/** AᵀA [cols × cols] from its sums; written to `remainder`. */
export function joinGram(sums: SplitGramSums, cols: number, { strong, t }: SplitRule): Matrix {
  const gram = createMatrix(cols, cols, sums.remainder);
  // M Wᵀ + W Mᵀ with M = RᵀY + ½ W YᵀY, as products of matrices twice as wide, some rows at a time
  const left = createMatrix(cols, 2 * t);
  const right = createMatrix(cols, 2 * t);
  for (let j = 0; j < cols; j++) {
    for (let c = 0; c < t; c++) {
      let m = sums.coupling[c * cols + j]!;
      for (let d = 0; d < t; d++) m += (strong[j * t + d]! * sums.strong[d * t + c]!) / 2;
      left.data[j * 2 * t + c] = right.data[j * 2 * t + t + c] = m;
      left.data[j * 2 * t + t + c] = right.data[j * 2 * t + c] = strong[j * t + c]!;
    }
  }
  for (let first = 0; first < cols; first += rowsOfJoin) {
    const rows = Math.min(rowsOfJoin, cols - first);
    const some = createMatrix(rows, 2 * t, left.data.subarray(first * 2 * t, (first + rows) * 2 * t));
    const rest = multiply(some, right, { transposeB: true }).data;
    for (let i = 0; i < rows; i++) {
      for (let j = first + i; j < cols; j++) gram.data[(first + i) * cols + j]! += rest[i * cols + j]!;
    }
  }
  for (let i = 0; i < cols; i++) for (let j = 0; j < i; j++) gram.data[i * cols + j] = gram.data[j * cols + i]!;
  return gram;
}

const rowsOfJoin = 96;
