import { multiply } from '../../../linalg/gemm.ts';
import { copyMatrix, createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import type { Random } from '../../../linalg/random.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { gaussianValue, negentropy, type Contrast, type ContrastMeans, type Samples } from '../pipeline/contrast.ts';
import { complete, decorrelate, gaussianMatrix, orthonormalize } from '../pipeline/orthogonal.ts';
import type { OneRun, Step } from '../pipeline/runs.ts';
import { createStepSize } from './step-size.ts';

export interface Nonlinearity {
  contrast: Contrast;
  a: number;
}

export interface SearchOptions {
  coarse: Nonlinearity;
  /** what the coarse result is refined with; null = not at all */
  fine: Nonlinearity | null;
  mu: number;
  stabilization: boolean;
  limit: number;
  /** change at which the refinement begins */
  coarseLimit: number;
  maxIt: number;
  maxItFine: number;
  failures: number;
}

/** Steps of the refinement are this share of a full one. */
const fineShare = 0.01;

/** Samples for an iteration: all, or a part drawn anew. */
export type Draw = () => Samples;

/**
 * w ← E[y g] − E[g'] w, or the same direction with a step μ: w ← w − μ (E[y g] − βw)/(E[g'] − β), β = w·E[y g].
 * Rows of w are turned in place of a new matrix being normalised: that is up to the caller.
 */
function update(means: ContrastMeans, w: Matrix, mu: number | null): Matrix {
  const k = w.cols;
  const out = createMatrix(w.rows, k);
  for (let r = 0; r < w.rows; r++) {
    let beta = 0;
    for (let c = 0; c < k; c++) beta += w.data[r * k + c]! * means.products.data[r * k + c]!;
    const slope = means.slopes[r]!;
    const divisor = slope - beta;
    for (let c = 0; c < k; c++) {
      const [at, v] = [w.data[r * k + c]!, means.products.data[r * k + c]!];
      out.data[r * k + c] =
        mu === null ? v - slope * at : at - (mu * (v - beta * at)) / (Math.abs(divisor) > 1e-300 ? divisor : 1e-300);
    }
  }
  return out;
}

/** All sources at once; stops when 1 − min_i |(W Wᵀ_old)_ii| < limit. */
export function symmetric(draw: Draw, k: number, random: Random, options: SearchOptions, step: Step): OneRun {
  const { coarse, fine, limit, maxIt, maxItFine } = options;
  const gaussian = gaussianValue(coarse.contrast, coarse.a);
  const size = createStepSize(options);
  let w = decorrelate(gaussianMatrix(k, random));
  let [old, older]: [Matrix | null, Matrix | null] = [null, null];
  let isFine = false;
  let converged = false;
  let iterations = 0;
  for (;;) {
    const change = old ? 1 - leastCosine(w, old) : Infinity;
    const enough = !isFine && fine ? Math.max(limit, options.coarseLimit) : limit;
    if (change < enough) {
      if (isFine || !fine) {
        converged = true;
        break;
      }
      isFine = true;
      old = null;
    } else if (iterations >= maxIt + (isFine ? maxItFine : 0)) {
      break;
    } else if (!isFine) {
      size.watch(iterations, change, older ? 1 - leastCosine(w, older) : Infinity);
    }
    const { contrast, a } = isFine ? fine! : coarse;
    const means = draw().means(contrast, a, w);
    const mu = isFine ? fineShare * options.mu : size.isCut ? size.mu : null;
    [older, old] = [old, w];
    w = decorrelate(update(means, w, mu));
    iterations++;
    if (step(iterations, isFine ? NaN : negentropy(means.values, gaussian))) break;
  }
  return { unmixing: w, iterations, converged, contrast: NaN };
}

function leastCosine(a: Matrix, b: Matrix): number {
  const cosines = multiply(a, b, { transposeB: true });
  let least = Infinity;
  for (let i = 0; i < a.rows; i++) least = Math.min(least, Math.abs(cosines.data[i * a.rows + i]!));
  return least;
}

/**
 * One source after the other. A source that does not converge is tried again from another start; the first one, or more
 * than `failures` of them, end the search.
 * @throws EigenscopeError `did-not-converge`
 */
export function deflation(draw: Draw, k: number, random: Random, options: SearchOptions, step: Step): OneRun {
  const w = createMatrix(k, k);
  let [failed, total, most, isKept] = [0, 0, 0, false];
  for (let row = 0; row < k && !isKept; row++) {
    const found = findOne(draw, w, row, random, options, (contrast) => (isKept = step(++total, contrast)));
    most = Math.max(most, found.iterations);
    if (!found.converged && !isKept) {
      if (row === 0 || ++failed > options.failures) throw failure(row, found.iterations, failed);
      row--;
      continue;
    }
    w.data.set(found.w, row * k);
    if (isKept) complete(w, row + 1);
  }
  return { unmixing: copyMatrix(w), iterations: most, converged: !isKept, contrast: NaN };
}

function findOne(
  draw: Draw,
  found: Matrix,
  row: number,
  random: Random,
  options: SearchOptions,
  step: (contrast: number) => boolean,
): { w: Float64Array; iterations: number; converged: boolean } {
  const { coarse, fine, limit, maxIt, maxItFine } = options;
  const k = found.cols;
  const gaussian = gaussianValue(coarse.contrast, coarse.a);
  const size = createStepSize(options);
  let w = Float64Array.from({ length: k }, () => random.gaussian());
  orthonormalize(w, found, row);
  let [old, older]: [Float64Array | null, Float64Array | null] = [null, null];
  let isFine = false;
  let iterations = 0;
  for (;;) {
    const change = distance(w, old);
    const enough = !isFine && fine ? Math.max(limit, options.coarseLimit) : limit;
    if (change < enough) {
      if (isFine || !fine) return { w, iterations, converged: true };
      isFine = true;
      old = null;
    } else if (iterations >= maxIt + (isFine ? maxItFine : 0)) {
      return { w, iterations, converged: isFine };
    } else if (!isFine) {
      size.watch(iterations, change, distance(w, older));
    }
    const { contrast, a } = isFine ? fine! : coarse;
    const current = createMatrix(1, k, w);
    const means = draw().means(contrast, a, current);
    const mu = isFine ? fineShare * options.mu : size.isCut ? size.mu : null;
    [older, old] = [old, w];
    w = new Float64Array(update(means, current, mu).data);
    orthonormalize(w, found, row);
    iterations++;
    if (step(isFine ? NaN : negentropy(means.values, gaussian))) return { w, iterations, converged: false };
  }
}

/** min(‖a − b‖, ‖a + b‖) */
function distance(a: Float64Array, b: Float64Array | null): number {
  if (b === null) return Infinity;
  let [minus, plus] = [0, 0];
  for (let c = 0; c < a.length; c++) {
    minus += (a[c]! - b[c]!) ** 2;
    plus += (a[c]! + b[c]!) ** 2;
  }
  return Math.sqrt(Math.min(minus, plus));
}

const failure = (row: number, iterations: number, failed: number): EigenscopeError =>
  new EigenscopeError(
    'did-not-converge',
    `FastICA found no ${row === 0 ? 'first source' : `source ${row + 1}`} in ${iterations} iterations` +
      `${failed > 0 ? ` (${failed} failed starts)` : ''}. Take approach symm, another g such as tanh, turn on ` +
      'stabilization, or raise max_it.',
    { source: row + 1, iterations, failures: failed },
  );
