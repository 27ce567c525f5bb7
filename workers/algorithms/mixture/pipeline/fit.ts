import type { Job } from '../../../job.ts';
import { createRandom, type Random } from '../../../linalg/random.ts';
import { densePass } from './dense-pass.ts';
import { diagonalPass } from './diagonal-pass.ts';
import { startFromGroups, type Rows } from './kmeans-start.ts';
import { denseShared, diagonalShared, isDense, maximize, prepareMixture, unitMixture } from './mixture.ts';
import type { Mixture, Prepared } from './mixture.ts';
import type { CovarianceType } from '../../../specs/mixture-params.ts';
import type { Probabilities } from './posterior.ts';

export interface FitOptions {
  k: number;
  type: CovarianceType;
  init: 'kmeans' | 'k-means++' | 'random' | 'random_from_data';
  starts: number;
  maxIter: number;
  tol: number;
  regCovar: number;
  /** progress phases */
  phases: { start: number; fit: number };
  onObjective?(iteration: number, logLikelihood: number): void;
}

export interface Fit {
  prepared: Prepared;
  /** mean log-likelihood per row at the last step: the lower bound of scikit-learn */
  bound: number;
  iterations: number;
  converged: boolean;
}

/**
 * The best mixture of several starts by expectation maximization (Dempster, Laird & Rubin 1977), as scikit-learn iterates.
 * @throws EigenscopeError `did-not-converge` when a covariance becomes singular; `cancelled`
 */
export async function fitMixture(rows: Rows, options: FitOptions, job: Job): Promise<Fit> {
  const { k, starts, phases } = options;
  // a fork for each number of components: a fit among many is the fit alone
  const random = createRandom(job.seed).fork('mixture').fork(k);
  let best: Fit | null = null;
  let done = 0;
  for (let start = 0; start < starts; start++) {
    job.control.progress(phases.start, start, starts);
    const first = await startMixture(rows, options, random.fork(start), job);
    const fit = await climb(rows, first, options, job, start * options.maxIter, done);
    done += fit.iterations;
    if (best === null || fit.bound > best.bound) best = fit;
    if (job.control.shouldKeep()) break;
  }
  if (best === null) throw new Error('A mixture needs at least one start');
  return best;
}

async function climb(
  rows: Rows,
  first: Prepared,
  options: FitOptions,
  job: Job,
  offset: number,
  done: number,
): Promise<Fit> {
  const { maxIter, tol, regCovar, phases, starts } = options;
  let prepared = first;
  let bound = -Infinity;
  let converged = false;
  let iterations = 0;
  while (iterations < maxIter && !converged) {
    job.control.check();
    job.control.progress(phases.fit, offset + iterations, maxIter * starts);
    const moments = await look(rows, prepared, {}, job, phases.fit);
    const now = moments[0]! / rows.n;
    iterations++;
    options.onObjective?.(done + iterations, now);
    prepared = prepareMixture(maximize(prepared, moments, regCovar), regCovar);
    converged = Math.abs(now - bound) < tol;
    bound = now;
    if (job.control.shouldKeep()) break;
  }
  return { prepared, bound, iterations, converged };
}

/** One pass over the rows: its moments; with `out`, their first value alone, Σ log p(x). */
function look(rows: Rows, prepared: Prepared, how: Probabilities, job: Job, phase: number): Promise<Float64Array> {
  return isDense(prepared.mixture.type)
    ? job.run(densePass, rows.view, { ...denseShared(prepared), ...how }, phase)
    : job.run(diagonalPass, rows.view, { ...diagonalShared(prepared), ...how }, phase);
}

/** Probabilities [n × k] of the components in every row, and the mean log-likelihood per row. */
export async function assignRows(
  rows: Rows,
  prepared: Prepared,
  job: Job,
  phase: number,
): Promise<{ probabilities: Float64Array; logLikelihood: number }> {
  const out = job.allocate(rows.n * prepared.mixture.k);
  const moments = await look(rows, prepared, { out }, job, phase);
  return { probabilities: out, logLikelihood: moments[0]! / rows.n };
}

/** The mixture of the first M step. */
async function startMixture(rows: Rows, options: FitOptions, random: Random, job: Job): Promise<Prepared> {
  const { k, type, regCovar, phases } = options;
  const { n, p } = rows;
  const given = job.allocate(n * k);
  let centres: Float64Array = new Float64Array(k * p);
  if (options.init === 'random') {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let at = i * k; at < (i + 1) * k; at++) sum += given[at] = random.uniform();
      for (let at = i * k; at < (i + 1) * k; at++) given[at]! /= sum;
    }
  } else {
    const start = startFromGroups(rows, k, options.init, random, job);
    start.labels.forEach((label, i) => (given[i * k + label] = 1));
    ({ centres } = start);
  }
  const unit = unitMixture(type, k, p, centres);
  const moments = await look(rows, unit, { given }, job, phases.fit);
  return prepareMixture(maximize(unit, moments, regCovar), regCovar);
}

/** The same components, those of the largest weight first. */
export function orderByWeight(mixture: Mixture): Mixture {
  const { k, p, type } = mixture;
  const order = Array.from({ length: k }, (_, c) => c).sort(
    (a, b) => mixture.weights[b]! - mixture.weights[a]! || a - b,
  );
  const pick = (values: Float64Array, size: number): Float64Array => {
    const out = new Float64Array(values.length);
    order.forEach((from, to) => out.set(values.subarray(from * size, (from + 1) * size), to * size));
    return out;
  };
  const size = { full: p * p, tied: 0, diag: p, spherical: 1 }[type];
  return {
    ...mixture,
    weights: pick(mixture.weights, 1),
    means: pick(mixture.means, p),
    covariances: size === 0 ? mixture.covariances : pick(mixture.covariances, size),
  };
}
