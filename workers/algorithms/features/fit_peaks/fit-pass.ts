import type { Pass } from '../../../job.ts';
import { createFitter, type Fitter, type SpectrumFit } from './fit-spectrum.ts';
import { createMatchedStart } from './matched-start.ts';
import { createPeakModel, type Background, type PeakModel } from './peak-model.ts';

/** What became of a spectrum. */
export const outcome = { failed: 0, fitted: 1, empty: 2, notFinite: 3 } as const;

export interface FitShared {
  u: Float64Array;
  logX: Float64Array | null;
  background: Background;
  peaks: number;
  lower: Float64Array;
  upper: Float64Array;
  /** positions and widths (and exponent) of the mean spectrum */
  usual: Float64Array;
  maxIter: number;
  tol: number;
  /** the mean spectrum, when weights are those of counts */
  mean: Float64Array | null;
  /** [rows × (nonlinear + linear)]: found parameters and their standard errors; shared memory, like the rest */
  found: Float64Array;
  errors: Float64Array;
  rms: Float64Array;
  outcomes: Float64Array;
}

/** Rounds of weights from the model at most; some ten suffice but for a handful of counts. */
const mostRounds = 100;
/** A height below this share of the largest value is rounding. */
const noHeight = 1e-9;

/** Fits every row on its own; each part writes its own rows, so that the answer does not depend on the parts. */
export const fitPeaksPass: Pass<FitShared, null> = {
  id: 'fit-peaks',
  stateBytes: () => 8,
  partial(cols, shared, next) {
    const { background, lower, upper, maxIter, tol, found, errors, rms, outcomes } = shared;
    const model = createPeakModel(shared.u, shared.logX, background, shared.peaks);
    const fitter = createFitter(model, { lower, upper, maxIter, tol });
    const fitRow = createRowFit(model, fitter, shared);
    const width = model.nonlinear + model.linear;
    const fitted = new Float64Array(cols);
    for (let block = next(); block; block = next()) {
      for (let i = 0; i < block.rows; i++) {
        const row = block.start + i;
        const y = block.data.subarray(i * cols, (i + 1) * cols);
        const fit = y.every(Number.isFinite) ? fitRow(y) : null;
        if (!fit) {
          outcomes[row] = outcome.notFinite;
          continue;
        }
        const largest = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        const isThere = (height: number): boolean => height > noHeight * largest;
        const heights = fit.alpha.subarray(0, model.peaks);
        if (!fit.converged) outcomes[row] = outcome.failed;
        else outcomes[row] = heights.some(isThere) ? outcome.fitted : outcome.empty;
        if (outcomes[row] !== outcome.fitted) continue;
        errors.set(fitter.errors(), row * width);
        fitter.writeModel(fitted);
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += (y[j]! - fitted[j]!) ** 2;
        rms[row] = Math.sqrt(sum / cols);
        found.set(fit.theta, row * width);
        found.set(fit.alpha, row * width + model.nonlinear);
        heights.forEach((height, p) => {
          if (isThere(height)) return;
          found[row * width + model.nonlinear + p] = 0;
          found.fill(NaN, row * width + 2 * p, row * width + 2 * p + 2);
          errors.fill(NaN, row * width + 2 * p, row * width + 2 * p + 2);
        });
      }
    }
    return null;
  },
  merge: () => null,
};

function createRowFit(model: PeakModel, fitter: Fitter, shared: FitShared): (y: Float64Array) => SpectrumFit {
  const { usual, lower, upper, mean, tol } = shared;
  const m = model.u.length;
  const root = new Float64Array(m).fill(1);
  const start = new Float64Array(model.nonlinear);
  const first = new Float64Array(model.nonlinear);
  const last = new Float64Array(model.nonlinear);
  const current = new Float64Array(m);
  const next = new Float64Array(m);
  const matched = createMatchedStart(model, usual, lower, upper);

  /** From the usual place, and from where the peaks stand out, when that is another one; the better of both. */
  function fitBoth(y: Float64Array): SpectrumFit {
    const fit = fitter.fit(y, root, usual);
    const { converged, squares } = fit;
    first.set(fit.theta);
    matched(y, start);
    if (converged && !isElsewhere(start, first)) return fit;
    const other = fitter.fit(y, root, start);
    return other.squares < squares ? other : fitter.fit(y, root, first);
  }

  const isElsewhere = (a: Float64Array, b: Float64Array): boolean => {
    for (let i = 0; i < 2 * model.peaks; i += 2) {
      const ratio = a[i + 1]! / b[i + 1]!;
      if (Math.abs(a[i]! - b[i]!) > b[i + 1]! || ratio > 2 || ratio < 0.5) return true;
    }
    return false;
  };

  /**
   * From a fit on to the most likely parameters: a step with the weights of the fitted counts, and again, until they agree
   * (Fisher scoring). With few counts full steps can go to and fro for ever: one that turns back is halved.
   */
  function reweight(y: Float64Array, from: SpectrumFit, floor: number): SpectrumFit {
    let fit = from;
    let share = 1;
    first.set(fit.theta);
    last.fill(0);
    fitter.writeModel(current);
    for (let round = 0; round < mostRounds; round++) {
      for (let j = 0; j < m; j++) root[j] = 1 / Math.sqrt(Math.max(floor, current[j]!));
      fit = fitter.fit(y, root, first, 1);
      fitter.writeModel(next);
      let [change, along] = [0, 0];
      for (let i = 0; i < model.nonlinear; i++) {
        const move = (fit.theta[i]! - first[i]!) / (i < 2 * model.peaks ? fit.theta[i - (i % 2) + 1]! : 1);
        change = Math.max(change, Math.abs(move));
        along += move * last[i]!;
        last[i] = move;
      }
      if (change < 10 * tol) return { ...fit, converged: Number.isFinite(fit.squares) };
      share = along < 0 ? share / 2 : Math.min(1, 1.5 * share);
      for (let i = 0; i < model.nonlinear; i++) first[i]! += share * (fit.theta[i]! - first[i]!);
      for (let j = 0; j < m; j++) current[j]! += share * (next[j]! - current[j]!);
    }
    return { ...fit, converged: false };
  }

  return (y) => {
    if (mean === null) return fitBoth(y);
    // counts: weights of the mean spectrum first, which hold no noise, then those of the fitted counts, until they agree:
    // the most likely parameters of Poisson counts (iteratively reweighted least squares)
    const level = y.reduce((sum, v) => sum + v, 0) / m;
    if (!(level > 0)) return { ...fitBoth(y), converged: false };
    const floor = level / 50;
    const meanLevel = mean.reduce((sum, v) => sum + v, 0) / m;
    for (let j = 0; j < m; j++) root[j] = 1 / Math.sqrt(Math.max(floor, (mean[j]! * level) / meanLevel));
    const fit = fitBoth(y);
    return fit.converged ? reweight(y, fit, floor) : fit;
  };
}
