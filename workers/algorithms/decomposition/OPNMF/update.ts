import { eigenvalues } from '../../../linalg/eigh.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { createMatrix } from '../../../linalg/matrix.ts';

/** Entries of W do not fall below this: a zero could never grow again. */
export const smallestEntry = 1e-16;

/**
 * The multiplicative step W ∘ P / (W C) of some rows, not yet normalised; entries below 1e-16 and 0/0 become 1e-16.
 * @param w rows of W, row-major from `at` on, k numbers each
 * @param p the same rows of P = A(AᵀW), from `pAt` on
 * @param c C = WᵀP [k × k], symmetric, of the whole W
 * @param out takes the new rows, from `at` on
 * @see Yang & Oja, IEEE Trans. Neural Netw. 21, 734 (2010), eq. 15
 */
export function updateRows(
  rows: number,
  k: number,
  w: Float64Array,
  at: number,
  p: Float64Array,
  pAt: number,
  c: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++, at += k, pAt += k) {
    for (let j = 0; j < k; j++) {
      let below = 0;
      for (let t = 0; t < k; t++) below += w[at + t]! * c[t * k + j]!;
      const value = (w[at + j]! * p[pAt + j]!) / below;
      // written so that NaN of 0/0 takes the floor
      out[at + j] = value > smallestEntry ? value : smallestEntry;
    }
  }
}

/** Divides W [rows × k] by its spectral norm, in place; returns that norm and WᵀW [k × k] of the result. */
export function normalizeSpectrally(w: Float64Array, k: number): { gram: Float64Array; norm: number } {
  const gram = gramOf(w, k);
  const square = eigenvalues(createMatrix(k, k, gram))[0] ?? 0;
  if (!(square > 0)) return { gram, norm: 1 };
  const norm = Math.sqrt(square);
  for (let at = 0; at < w.length; at++) w[at]! /= norm;
  return { gram: gram.map((value) => value / square), norm };
}

/** ‖W_old − W‖_F / ‖W_old‖_F, by which the iteration is stopped. */
export function relativeChange(old: Float64Array, now: Float64Array): number {
  let change = 0;
  let size = 0;
  for (let at = 0; at < old.length; at++) {
    const difference = old[at]! - now[at]!;
    change += difference * difference;
    size += old[at]! * old[at]!;
  }
  return Math.sqrt(change / size);
}

/**
 * ‖A − W WᵀA‖_F from ‖A‖², WᵀW and C = WᵀAAᵀW: ‖A‖² − 2 tr C + tr(WᵀW C). Good to about 1e-8 ‖A‖.
 */
export function projectionError(energy: number, gram: Float64Array, c: Float64Array, k: number): number {
  let square = energy;
  for (let i = 0; i < k; i++) {
    square -= 2 * c[i * k + i]!;
    for (let j = 0; j < k; j++) square += gram[i * k + j]! * c[j * k + i]!;
  }
  return Math.sqrt(Math.max(0, square));
}

/** ‖WᵀW − I‖_F from WᵀW: 0 for orthonormal columns. */
export function distanceFromOrthonormal(gram: Float64Array, k: number): number {
  let square = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) square += (gram[i * k + j]! - (i === j ? 1 : 0)) ** 2;
  return Math.sqrt(square);
}
