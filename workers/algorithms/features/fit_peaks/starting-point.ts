import { EigenscopeError } from '../../../model/errors.ts';
import { createFitter } from './fit-spectrum.ts';
import type { PeakModel } from './peak-model.ts';
import { localMaxima, pickPeaks, widthAt } from './pick-peaks.ts';

export interface StartValues {
  n_peaks: number;
  positions: readonly number[] | null;
  min_distance: number | null;
  min_prominence: number;
  max_shift: number | null;
  max_iter: number;
  tol: number;
}

/** How coordinates x are moved to u = (x − centre) / half. */
export interface Frame {
  centre: number;
  half: number;
  units: string;
}

export interface StartingPoint {
  usual: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  /** whether the fit of the mean spectrum settled */
  converged: boolean;
}

/**
 * Positions, widths and bounds to start from: peaks of the mean spectrum, refined by a fit of it. Each peak keeps to its
 * side of the middle to the next one.
 * @param mean over the channels of `model`
 * @throws EigenscopeError `parameter-out-of-range` when fewer peaks stand out than are asked for
 */
export function findStart(mean: Float64Array, model: PeakModel, values: StartValues, frame: Frame): StartingPoint {
  const { u, peaks, nonlinear } = model;
  const m = u.length;
  const spacing = (u[m - 1]! - u[0]!) / (m - 1);
  const smooth = mean.map((v, j) => (mean[Math.max(0, j - 1)]! + 2 * v + mean[Math.min(m - 1, j + 1)]!) / 4);
  const guesses = values.positions
    ? guessAt(
        smooth,
        model,
        values.positions.map((x) => (x - frame.centre) / frame.half),
        spacing,
      )
    : guessFrom(mean, smooth, model, values, spacing, frame);
  const usual = new Float64Array(nonlinear);
  guesses.sort((a, b) => a.centre - b.centre);
  guesses.forEach(({ centre, width }, i) => {
    usual[2 * i] = centre;
    usual[2 * i + 1] = Math.min(1, Math.max(0.5 * spacing, width / 2.3548));
  });
  if (model.logX) usual[2 * peaks] = guessTail(mean, model.logX).r;
  const narrow = boundsAbout(usual, model, spacing, values.max_shift, frame);
  const fit = createFitter(model, { ...narrow, maxIter: values.max_iter, tol: values.tol }).fit(
    mean,
    new Float64Array(m).fill(1),
    usual,
  );
  const isUsable = fit.converged && fit.alpha.subarray(0, peaks).every((height) => height > 0);
  if (isUsable) usual.set(fit.theta);
  return { usual, ...boundsAbout(usual, model, spacing, values.max_shift, frame), converged: isUsable };
}

interface Guess {
  centre: number;
  /** full width at half maximum */
  width: number;
}

function guessFrom(
  mean: Float64Array,
  smooth: Float64Array,
  { u, peaks, logX }: PeakModel,
  values: StartValues,
  spacing: number,
  frame: Frame,
): Guess[] {
  // a steep tail is no measure of what stands on it
  const level = logX ? withoutTail(mean, logX) : smooth;
  const [least, most] = [level.reduce((a, b) => Math.min(a, b)), level.reduce((a, b) => Math.max(a, b))];
  const distance = values.min_distance === null ? 3 : values.min_distance / frame.half / spacing;
  const found = pickPeaks(smooth, peaks, values.min_prominence * (most - least), distance);
  if (found.length < peaks) {
    const places = found.map(({ index }) => Number((frame.centre + frame.half * u[index]!).toPrecision(6)));
    throw new EigenscopeError(
      'parameter-out-of-range',
      `n_peaks asks for ${peaks} ${peaks === 1 ? 'peak' : 'peaks'}, but ${found.length === 0 ? 'none stands' : found.length === 1 ? '1 stands' : `${found.length} stand`} ` +
        `out of the mean spectrum${places.length > 0 ? ` (at ${places.join(', ')}${frame.units})` : ''}. ` +
        'Ask for fewer, lower min_prominence or min_distance, or give their positions.',
      { parameter: 'n_peaks', found: found.length },
    );
  }
  return found.map(({ index, width }) => ({ centre: u[index]!, width: width * spacing }));
}

function guessAt(smooth: Float64Array, { u }: PeakModel, positions: readonly number[], spacing: number): Guess[] {
  const maxima = localMaxima(smooth);
  const lowest = smooth.reduce((a, b) => Math.min(a, b));
  return positions.map((centre) => {
    const nearest = maxima.toSorted((a, b) => Math.abs(u[a.index]! - centre) - Math.abs(u[b.index]! - centre))[0];
    if (nearest && Math.abs(u[nearest.index]! - centre) < Math.max(3 * spacing, nearest.width * spacing)) {
      return { centre, width: nearest.width * spacing };
    }
    const index = Math.min(u.length - 1, Math.max(0, Math.round((centre - u[0]!) / spacing)));
    // on the flank of something larger the crossing of the level may be far away
    const width = widthAt(smooth, index, (smooth[index]! + lowest) / 2) * spacing;
    return { centre, width: Math.min(width, 0.2) };
  });
}

/** Bounds: the middle to the neighbours (or the ends), at most `maxShift` away; widths from a third of a channel on. */
function boundsAbout(
  usual: Float64Array,
  { u, peaks, logX }: PeakModel,
  spacing: number,
  maxShift: number | null,
  frame: Frame,
): { lower: Float64Array; upper: Float64Array } {
  const lower = new Float64Array(usual.length);
  const upper = new Float64Array(usual.length);
  const reach = maxShift === null ? Infinity : maxShift / frame.half;
  for (let i = 0; i < peaks; i++) {
    const centre = usual[2 * i]!;
    const left = i === 0 ? u[0]! : (usual[2 * i - 2]! + centre) / 2;
    const right = i === peaks - 1 ? u[u.length - 1]! : (usual[2 * i + 2]! + centre) / 2;
    lower[2 * i] = Math.max(left, centre - reach);
    upper[2 * i] = Math.min(right, centre + reach);
    lower[2 * i + 1] = spacing / 3;
    upper[2 * i + 1] = 1;
  }
  if (logX) {
    lower[2 * peaks] = -20;
    upper[2 * peaks] = 20;
  }
  return { lower, upper };
}

/** What is above the power law through the ends. */
function withoutTail(y: Float64Array, logX: Float64Array): Float64Array {
  const { r, factor } = guessTail(y, logX);
  return Number.isFinite(factor) ? y.map((value, j) => value - factor * Math.exp(-r * logX[j]!)) : y;
}

/** The power law through the ends, a tenth of the values each: exponent, and value where ln x is 0. */
function guessTail(y: Float64Array, logX: Float64Array): { r: number; factor: number } {
  const m = y.length;
  const count = Math.max(1, Math.floor(m / 10));
  const average = (values: Float64Array, from: number): number =>
    values.subarray(from, from + count).reduce((sum, v) => sum + v, 0) / count;
  const logs = y.map((v) => Math.log(v));
  const level = (from: number): number => {
    const inLogs = average(logs, from);
    return Number.isFinite(inLogs) ? inLogs : Math.log(average(y, from));
  };
  const [first, last] = [level(0), level(m - count)];
  const start = average(logX, 0);
  const r = (first - last) / (average(logX, m - count) - start);
  const kept = Math.min(10, Math.max(0, Number.isFinite(r) ? r : 2));
  return { r: kept, factor: Math.exp(first + kept * start) };
}
