import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { gaussianValue, negentropy, type Contrast, type Samples } from '../pipeline/contrast.ts';
import { complete, decorrelate, orthonormalize } from '../pipeline/orthogonal.ts';
import type { OneRun, Step } from '../pipeline/runs.ts';

export interface FixedPointOptions {
  contrast: Contrast;
  alpha: number;
  tol: number;
  maxIter: number;
}

/**
 * All sources at once: W ← dec(E[g(W y) yᵀ] − diag(E[g'(W y)]) W), until no row turns any more:
 * max_i | |(W' Wᵀ)_ii| − 1 | < tol.
 * @param start k × k
 * @see Hyvärinen, IEEE Trans. Neural Netw. 10, 626 (1999), eq. 20 and 26
 */
export function parallel(samples: Samples, start: Matrix, options: FixedPointOptions, step: Step): OneRun {
  const { contrast, alpha, tol, maxIter } = options;
  const gaussian = gaussianValue(contrast, alpha);
  let w = decorrelate(start);
  let iterations = 0;
  let converged = false;
  while (iterations < maxIter && !converged) {
    const means = samples.means(contrast, alpha, w);
    const reached = negentropy(means.values, gaussian);
    const next = decorrelate(newton(means.products, means.slopes, w));
    iterations++;
    converged = largestTurn(next, w) < tol;
    w = next;
    if (step(iterations, reached) && !converged) break;
  }
  const { values } = samples.means(contrast, alpha, w);
  return { unmixing: w, iterations, converged, contrast: negentropy(values, gaussian) };
}

/**
 * One source after the other, each orthogonal to those before.
 * @returns iterations of the source that took most
 */
export function deflation(samples: Samples, start: Matrix, options: FixedPointOptions, step: Step): OneRun {
  const { contrast, alpha, tol, maxIter } = options;
  const k = samples.k;
  const gaussian = gaussianValue(contrast, alpha);
  const w = createMatrix(k, k);
  let [most, total, isKept, converged] = [0, 0, false, true];
  let before = 0;
  for (let row = 0; row < k && !isKept; row++) {
    let v: Float64Array = start.data.slice(row * k, (row + 1) * k);
    orthonormalize(v, w, row);
    let isFixed = false;
    let iteration = 0;
    let reached = 0;
    while (iteration < maxIter && !isFixed && !isKept) {
      const current = createMatrix(1, k, v);
      const means = samples.means(contrast, alpha, current);
      reached = negentropy(means.values, gaussian);
      const next = newton(means.products, means.slopes, current).data;
      orthonormalize(next, w, row);
      iteration++;
      isFixed = Math.abs(Math.abs(dot(next, v)) - 1) < tol;
      v = next;
      isKept = step(++total, before + reached);
    }
    before += reached;
    converged &&= isFixed;
    most = Math.max(most, iteration);
    w.data.set(v, row * k);
    if (isKept) complete(w, row + 1);
  }
  const { values } = samples.means(contrast, alpha, w);
  return { unmixing: w, iterations: most, converged: converged && !isKept, contrast: negentropy(values, gaussian) };
}

function newton(products: Matrix, slopes: Float64Array, w: Matrix): Matrix {
  const k = w.cols;
  return createMatrix(
    w.rows,
    k,
    products.data.map((value, at) => value - slopes[Math.floor(at / k)]! * w.data[at]!),
  );
}

function largestTurn(next: Matrix, w: Matrix): number {
  const turns = multiply(next, w, { transposeB: true });
  let largest = 0;
  for (let i = 0; i < w.rows; i++) largest = Math.max(largest, Math.abs(Math.abs(turns.data[i * w.rows + i]!) - 1));
  return largest;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
