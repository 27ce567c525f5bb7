import { tryCholesky } from '../../../linalg/cholesky.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, identity, type Matrix } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { DenseShared } from './dense-pass.ts';
import type { DiagonalShared } from './diagonal-pass.ts';
import type { CovarianceType } from '../../../specs/mixture-params.ts';
import { momentsAt } from './posterior.ts';

/** The components of a mixture, in coordinates in which the mean of all rows is 0. */
export interface Mixture {
  type: CovarianceType;
  k: number;
  p: number;
  /** k, sum 1 */
  weights: Float64Array;
  /** k × p */
  means: Float64Array;
  /** full: k × p × p; tied: p × p; diag: k × p; spherical: k variances */
  covariances: Float64Array;
}

export const isDense = (type: CovarianceType): boolean => type === 'full' || type === 'tied';

/** scikit-learn adds ten units of rounding to the weight of every component, so that none is divided by zero. */
const unit = 10 * 2 ** -52;

/** A mixture with its Cholesky factors L or deviations σ, ready for a pass. */
export interface Prepared {
  mixture: Mixture;
  /** one lower triangular factor for each covariance; empty for diagonal ones */
  lower: Matrix[];
  /** k × p deviations; empty for dense ones */
  deviations: Float64Array;
}

/**
 * Factors the covariances.
 * @throws EigenscopeError `did-not-converge` when one is singular to rounding
 */
export function prepareMixture(mixture: Mixture, regCovar: number): Prepared {
  const { type, k, p, covariances } = mixture;
  if (isDense(type)) {
    const count = type === 'tied' ? 1 : k;
    const lower = Array.from({ length: count }, (_, c) => {
      const l = tryCholesky(createMatrix(p, p, covariances.subarray(c * p * p, (c + 1) * p * p)));
      return l ?? singular(type, c, regCovar);
    });
    return { mixture, lower, deviations: new Float64Array(0) };
  }
  const deviations = Float64Array.from({ length: k * p }, (_, at) => {
    const c = Math.floor(at / p);
    const variance = covariances[type === 'spherical' ? c : at]!;
    return variance > 0 ? Math.sqrt(variance) : singular(type, c, regCovar);
  });
  return { mixture, lower: [], deviations };
}

function singular(type: CovarianceType, component: number, regCovar: number): never {
  const which = type === 'tied' ? 'The covariance of the components' : `The covariance of component ${component}`;
  throw new EigenscopeError(
    'did-not-converge',
    `${which} became singular: too few pixels, or columns that depend on each other. ` +
      `Raise reg_covar (now ${regCovar}), use fewer components, fewer columns, or a simpler covariance_type.`,
    { parameter: 'reg_covar', reg_covar: regCovar, component },
  );
}

/** A stand-in with unit covariances about given centres: the coordinates of the first step. */
export function unitMixture(type: CovarianceType, k: number, p: number, centres: Float64Array): Prepared {
  const dense = isDense(type);
  const mixture = {
    type,
    k,
    p,
    weights: new Float64Array(k).fill(1 / k),
    means: centres,
    covariances: new Float64Array(0),
  };
  return {
    mixture,
    lower: dense ? Array.from({ length: type === 'tied' ? 1 : k }, () => identity(p)) : [],
    deviations: dense ? new Float64Array(0) : new Float64Array(k * p).fill(1),
  };
}

const logTwoPi = Math.log(2 * Math.PI);

export function denseShared({ mixture, lower }: Prepared): DenseShared {
  const { k, p, means, weights } = mixture;
  const project = new Float64Array(p * k * p);
  const shift = new Float64Array(k * p);
  const constants = new Float64Array(k);
  const inverses = lower.map(invertLower);
  for (let c = 0; c < k; c++) {
    const l = lower[lower.length === 1 ? 0 : c]!.data;
    const inverse = inverses[inverses.length === 1 ? 0 : c]!;
    let logDeterminant = 0;
    for (let i = 0; i < p; i++) {
      logDeterminant += Math.log(l[i * p + i]!);
      let sum = 0;
      for (let j = 0; j <= i; j++) {
        project[j * k * p + c * p + i] = inverse[i * p + j]!;
        sum += inverse[i * p + j]! * means[c * p + j]!;
      }
      shift[c * p + i] = sum;
    }
    constants[c] = Math.log(weights[c]!) - (p * logTwoPi) / 2 - logDeterminant;
  }
  return { k, project, shift, constants };
}

export function diagonalShared({ mixture, deviations }: Prepared): DiagonalShared {
  const { k, p, means, weights } = mixture;
  const constants = Float64Array.from({ length: k }, (_, c) => {
    let sum = 0;
    for (let at = c * p; at < (c + 1) * p; at++) sum += Math.log(deviations[at]!);
    return Math.log(weights[c]!) - (p * logTwoPi) / 2 - sum;
  });
  return { k, means, inverse: deviations.map((d) => 1 / d), constants };
}

/** L⁻¹ of a lower triangular L, row-major. */
function invertLower({ rows: n, data: l }: Matrix): Float64Array {
  const inverse = new Float64Array(n * n);
  const sum = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    sum.fill(0);
    for (let q = 0; q < i; q++) {
      const f = l[i * n + q]!;
      if (f !== 0) for (let j = 0; j <= q; j++) sum[j]! += f * inverse[q * n + j]!;
    }
    const pivot = l[i * n + i]!;
    for (let j = 0; j < i; j++) inverse[i * n + j] = -sum[j]! / pivot;
    inverse[i * n + i] = 1 / pivot;
  }
  return inverse;
}

/**
 * M step: the mixture that the moments of a pass lead to. Moments are of z = L⁻¹(x − μ) of the mixture before, so that
 * μ' = μ + L δ and Σ' = L (Σ r z zᵀ / n − δ δᵀ) Lᵀ + reg · 1 with δ = Σ r z / n.
 */
export function maximize(before: Prepared, moments: Float64Array, regCovar: number): Mixture {
  const { type, k, p, means: oldMeans } = before.mixture;
  const at = momentsAt({ k, p });
  const sizes = Float64Array.from({ length: k }, (_, c) => moments[at.weights + c]! + unit);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const means = oldMeans.slice();
  const deltas = Float64Array.from({ length: k * p }, (_, j) => moments[at.first + j]! / sizes[Math.floor(j / p)]!);
  const dense = isDense(type);
  const covariances = new Float64Array(
    type === 'full' ? k * p * p : type === 'tied' ? p * p : type === 'diag' ? k * p : k,
  );
  for (let c = 0; c < k; c++) {
    const delta = deltas.subarray(c * p, (c + 1) * p);
    if (!dense) {
      for (let j = 0; j < p; j++) {
        const deviation = before.deviations[c * p + j]!;
        means[c * p + j]! += deviation * delta[j]!;
        const square = moments[at.second + c * p + j]! / sizes[c]! - delta[j]! * delta[j]!;
        const variance = deviation * deviation * Math.max(0, square) + regCovar;
        if (type === 'diag') covariances[c * p + j] = variance;
        else covariances[c]! += variance / p;
      }
      continue;
    }
    const l = before.lower[type === 'tied' ? 0 : c]!;
    addProduct(l, delta, means, c * p);
    const own = secondAbout(moments.subarray(at.second + c * p * p, at.second + (c + 1) * p * p), delta, sizes[c]!, p);
    const target = type === 'tied' ? 0 : c * p * p;
    const share = type === 'tied' ? sizes[c]! / total : 1;
    own.data.forEach((value, i) => (covariances[target + i]! += share * value));
  }
  if (dense) {
    for (let c = 0; c < before.lower.length; c++) {
      const part = covariances.subarray(c * p * p, (c + 1) * p * p);
      part.set(between(before.lower[c]!, createMatrix(p, p, part.slice())));
      for (let j = 0; j < p; j++) part[j * (p + 1)]! += regCovar;
    }
  }
  return { type, k, p, weights: sizes.map((size) => size / total), means, covariances };
}

/** means[to …] += L δ */
function addProduct({ rows: p, data: l }: Matrix, delta: Float64Array, means: Float64Array, to: number): void {
  for (let i = 0; i < p; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += l[i * p + j]! * delta[j]!;
    means[to + i]! += sum;
  }
}

/** G / n − δ δᵀ from the upper triangle of G; symmetric. */
function secondAbout(upper: Float64Array, delta: Float64Array, size: number, p: number): Matrix {
  const out = createMatrix(p, p);
  for (let i = 0; i < p; i++) {
    for (let j = i; j < p; j++) {
      const value = upper[i * p + j]! / size - delta[i]! * delta[j]!;
      out.data[i * p + j] = value;
      out.data[j * p + i] = value;
    }
  }
  return out;
}

/** L S Lᵀ, made exactly symmetric. */
function between(l: Matrix, s: Matrix): Float64Array {
  const { data } = multiply(l, multiply(s, l, { transposeB: true }));
  const p = l.rows;
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) data[i * p + j] = data[j * p + i]!;
  return data;
}
