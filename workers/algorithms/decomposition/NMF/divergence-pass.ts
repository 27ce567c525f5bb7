import type { Pass } from '../../../job.ts';
import { createRatioProducts } from '../../../linalg/ratio-products.ts';
import { divergenceOf, stepRows, type DivergenceStep } from './divergence.ts';
import { tiny } from './multiplicative.ts';

export interface DivergenceShared {
  step: DivergenceStep;
  /** W [rows of A × k] in shared memory, row-major */
  w: Float64Array;
  /** the new W, same shape, in shared memory; every part writes its own rows */
  next: Float64Array;
  /** H [cols of A × k], row-major */
  h: Float64Array;
  /** Σ of each column of H */
  sums: Float64Array;
  /** add up the divergence of (W, H) */
  measure: boolean;
}

export interface DivergenceSums {
  /** Σ d(A, W Hᵀ) with the old W, as far as `divergenceOf` gives it; 0 unless asked for */
  divergence: number;
  /** (A ∘ Y^(β−2))ᵀ W [cols × k] of the model Y with the new W */
  numerator: Float64Array;
  /** (Y^(β−1))ᵀ W [cols × k], or for Kullback–Leibler the k column sums of W */
  divisor: Float64Array;
}

/** A multiplicative step of W, and what the step of H needs, with one look at A. */
export const nmfDivergencePass: Pass<DivergenceShared, DivergenceSums> = {
  id: 'nmf-divergence',
  stateBytes: (cols, { step }) => 16 * cols * step.k,
  partial(cols, { step, w, next, h, sums, measure }, nextBlock) {
    const { k, loss } = step;
    const weighs = loss === 'itakura-saito';
    const products = createRatioProducts(h, cols, k, tiny, weighs);
    const newSums = new Float64Array(k);
    let divergence = 0;
    try {
      for (let block = nextBlock(); block; block = nextBlock()) {
        const [from, to] = [block.start * k, (block.start + block.rows) * k];
        products.sweep(block.data, block.rows, w.subarray(from, to), (found) => {
          if (measure) divergence += divergenceOf(loss, found.x, found.weight ?? found.ratio);
          const at = from + found.first * k;
          stepRows(step, w, next, at, found.numerator, found.divisor ?? sums, found.count);
          return next.subarray(at, at + found.count * k);
        });
        for (let i = from; i < to; i++) newSums[i % k]! += next[i]!;
      }
      return {
        divergence,
        numerator: products.toNumerator(),
        divisor: weighs ? products.toDivisor() : newSums,
      };
    } finally {
      products.free();
    }
  },
  merge(a, b) {
    a.divergence += b.divergence;
    for (let i = 0; i < a.numerator.length; i++) a.numerator[i]! += b.numerator[i]!;
    for (let i = 0; i < a.divisor.length; i++) a.divisor[i]! += b.divisor[i]!;
    return a;
  },
};
