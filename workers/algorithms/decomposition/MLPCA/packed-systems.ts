import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { invertGram } from '../pipeline/gram-inverse.ts';

/**
 * Many small symmetric systems A x = b of p unknowns, one per pixel or per channel. Each A is stored as its upper
 * triangle, row after row: packedSize(p) numbers.
 */
export const packedSize = (p: number): number => (p * (p + 1)) / 2;

/** A pivot this small beside its diagonal entry is rounding: the unknown depends on the ones before it. */
const dependent = 1e-13;

/** The products f_a f_b, a ≤ b, of every row of a [rows × p] matrix, written to `out` [rows × packedSize(p)]. */
export function pairProducts(f: Float64Array, rows: number, p: number, out: Float64Array): void {
  let to = 0;
  for (let i = 0; i < rows; i++) {
    const at = i * p;
    for (let a = 0; a < p; a++) {
      const value = f[at + a]!;
      for (let b = a; b < p; b++) out[to++] = value * f[at + b]!;
    }
  }
}

/**
 * Replaces the packed A at `at` by its Cholesky factor R, A = RᵀR.
 * @returns false where A is not clearly positive definite; what is stored is then undefined
 */
function factorPacked(packed: Float64Array, at: number, p: number): boolean {
  let row = at;
  for (let a = 0; a < p; a++) {
    let pivot = packed[row]!;
    const diagonal = pivot;
    for (let c = 0, above = at; c < a; c++) {
      const value = packed[above + a - c]!;
      pivot -= value * value;
      above += p - c;
    }
    if (!(pivot > dependent * diagonal)) return false;
    const root = Math.sqrt(pivot);
    packed[row] = root;
    for (let b = a + 1; b < p; b++) {
      let sum = packed[row + b - a]!;
      for (let c = 0, above = at; c < a; c++) {
        sum -= packed[above + a - c]! * packed[above + b - c]!;
        above += p - c;
      }
      packed[row + b - a] = sum / root;
    }
    row += p - a;
  }
  return true;
}

/** Solves RᵀR x = b in place: x [p] at `xAt` holds b before and x after. */
function solveFactored(packed: Float64Array, at: number, p: number, x: Float64Array, xAt: number): void {
  for (let a = 0, row = at; a < p; a++) {
    const value = x[xAt + a]! / packed[row]!;
    x[xAt + a] = value;
    for (let b = a + 1; b < p; b++) x[xAt + b]! -= packed[row + b - a]! * value;
    row += p - a;
  }
  for (let a = p - 1, row = at + packedSize(p) - 1; a >= 0; a--) {
    let sum = x[xAt + a]!;
    for (let b = a + 1; b < p; b++) sum -= packed[row + b - a]! * x[xAt + b]!;
    x[xAt + a] = sum / packed[row]!;
    row -= p - a + 1;
  }
}

/** A⁺ of a packed A that is singular or nearly so: directions about which the data say nothing get 0. */
function invertPacked(packed: Float64Array, at: number, p: number): Matrix {
  const full = createMatrix(p, p);
  for (let a = 0, from = at; a < p; a++) {
    for (let b = a; b < p; b++, from++) {
      full.data[a * p + b] = packed[from]!;
      full.data[b * p + a] = packed[from]!;
    }
  }
  return invertGram(full);
}

function applyInverse(inverse: Matrix, x: Float64Array, xAt: number): void {
  const p = inverse.rows;
  x.set(multiply(inverse, createMatrix(p, 1, x.slice(xAt, xAt + p))).data, xAt);
}

/** Factors of `count` packed systems, for solving with several right-hand sides. */
export interface PackedSystems {
  /** Solves in place: `x` [count × p] holds the right-hand sides before and the solutions after. */
  solve(x: Float64Array): void;
  /** systems that do not determine all unknowns; these get the solution of least length */
  singular: number;
}

/** @param packed [count × packedSize(p)] is used as working memory and must not be changed afterwards */
export function factorSystems(packed: Float64Array, count: number, p: number): PackedSystems {
  const q = packedSize(p);
  const inverses = new Map<number, Matrix>();
  const original = new Float64Array(q);
  for (let i = 0; i < count; i++) {
    for (let e = 0; e < q; e++) original[e] = packed[i * q + e]!;
    if (!factorPacked(packed, i * q, p)) inverses.set(i, invertPacked(original, 0, p));
  }
  return {
    singular: inverses.size,
    solve(x) {
      for (let i = 0; i < count; i++) {
        const inverse = inverses.size > 0 ? inverses.get(i) : undefined;
        if (inverse) applyInverse(inverse, x, i * p);
        else solveFactored(packed, i * q, p, x, i * p);
      }
    },
  };
}
