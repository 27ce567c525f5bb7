import { addCurvature, writeColumns, writeDerivatives, type PeakModel } from './peak-model.ts';
import { factor, solveLower, solveUpper } from './small-solve.ts';

export interface FitLimits {
  /** bounds of the parameters that are not linear */
  lower: Float64Array;
  upper: Float64Array;
  maxIter: number;
  tol: number;
}

/** A fit of one spectrum; arrays belong to the fitter and are valid until its next fit. */
export interface SpectrumFit {
  converged: boolean;
  iterations: number;
  /** weighted sum of squared residuals */
  squares: number;
  theta: Float64Array;
  alpha: Float64Array;
}

export interface Fitter {
  /**
   * Fits from `start`; y and root hold m values.
   * @param mostSteps ends after so many steps that made the fit better
   */
  fit(y: Float64Array, root: Float64Array, start: Float64Array, mostSteps?: number): SpectrumFit;
  /** The fitted spectrum, without weights. */
  writeModel(out: Float64Array): void;
  /** Standard errors of the last fit: of theta, then of alpha; NaN for what a bound holds or what is not there. */
  errors(): Float64Array;
}

/** Damping beyond which no step can help. */
const mostDamping = 1e12;
/** Steps longer than this many widths leave the range in which a straight line describes the model. */
const longestStep = 1.5;

/**
 * Levenberg–Marquardt fits of spectra of the same length by variable projection: for every trial of positions and
 * widths the heights and the background follow from a linear fit, so that the search has half the parameters and needs
 * no start for the rest (Golub & Pereyra 1973). The matrix of a step is the Schur complement of the whole Hessian, with the
 * second derivatives that Gauss–Newton leaves out: where noise is strong that one creeps or circles, this one settles in
 * a few steps. Heights are never negative; positions and widths keep to bounds by projection.
 */
export function createFitter(model: PeakModel, { lower, upper, maxIter, tol }: FitLimits): Fitter {
  const m = model.u.length;
  const { peaks, linear: nl, nonlinear: nt } = model;
  const columns = new Float64Array(nl * m);
  const derivatives = new Float64Array(nt * m);
  const target = new Float64Array(m);
  const residual = new Float64Array(m);
  const theta = new Float64Array(nt);
  const trial = new Float64Array(nt);
  const alpha = new Float64Array(nl);
  // the linear parameters that take part: all but peaks whose height would be negative
  const active: number[] = [];
  const scales = new Float64Array(nl);
  const gram = new Float64Array(nl * nl);
  const products = new Float64Array(nl);
  const lowerFactor = new Float64Array(nl * nl);
  const right = new Float64Array(Math.max(nl, nt));
  const cross = new Float64Array(nl * nt);
  const curved = new Float64Array(nl * nt);
  const normal = new Float64Array(nt * nt);
  const hessian = new Float64Array(nt * nt);
  const damped = new Float64Array(nt * nt);
  const gradient = new Float64Array(nt);
  const step = new Float64Array(nt);
  let squares = Infinity;
  let root = new Float64Array(0);

  const dotColumns = (a: Float64Array, i: number, b: Float64Array, j: number): number => {
    let sum = 0;
    for (let x = i * m, y = j * m, end = x + m; x < end; x++, y++) sum += a[x]! * b[y]!;
    return sum;
  };

  /** Factors the Gram matrix of the active columns, scaled to a unit diagonal. */
  function factorActive(): boolean {
    const n = active.length;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        const [i, j] = [active[a]!, active[b]!];
        lowerFactor[a * nl + b] = gram[i * nl + j]! * scales[i]! * scales[j]!;
      }
    }
    return factor(lowerFactor, n, nl);
  }

  function solveActive(): boolean {
    if (!factorActive()) return false;
    const n = active.length;
    for (let a = 0; a < n; a++) right[a] = products[active[a]!]! * scales[active[a]!]!;
    solveLower(lowerFactor, n, nl, right);
    solveUpper(lowerFactor, n, nl, right);
    alpha.fill(0);
    for (let a = 0; a < n; a++) alpha[active[a]!] = right[a]! * scales[active[a]!]!;
    return true;
  }

  function writeResidual(): number {
    residual.set(target);
    for (const i of active) {
      const f = alpha[i]!;
      for (let j = 0, at = i * m; j < m; j++, at++) residual[j]! -= f * columns[at]!;
    }
    return dotColumns(residual, 0, residual, 0);
  }

  /** The best linear parameters for these others, heights not negative; the weighted sum of squares, or infinity. */
  function evaluate(at: Float64Array): number {
    writeColumns(model, at, root, columns);
    active.length = 0;
    for (let i = 0; i < nl; i++) {
      for (let j = 0; j <= i; j++) gram[i * nl + j] = gram[j * nl + i] = dotColumns(columns, i, columns, j);
      products[i] = dotColumns(columns, i, target, 0);
      const length = gram[i * nl + i]!;
      scales[i] = length > 0 ? 1 / Math.sqrt(length) : 0;
      if (length > 0) active.push(i);
    }
    // each height is dropped and taken back once at most: an active-set search of few variables
    const taken = new Set<number>();
    for (;;) {
      if (!solveActive()) return Infinity;
      let worst = -1;
      for (const i of active) if (i < peaks && alpha[i]! < 0 && (worst < 0 || alpha[i]! < alpha[worst]!)) worst = i;
      if (worst >= 0) {
        active.splice(active.indexOf(worst), 1);
        continue;
      }
      const sum = writeResidual();
      let better = -1;
      for (let i = 0; i < peaks; i++) {
        if (scales[i] === 0 || taken.has(i) || active.includes(i)) continue;
        if (dotColumns(columns, i, residual, 0) * scales[i]! > 1e-9 * Math.sqrt(sum)) better = i;
      }
      if (better < 0) return sum;
      taken.add(better);
      active.push(better);
      active.sort((a, b) => a - b);
    }
  }

  /** Gradient, Gauss–Newton matrix and Hessian of the projected problem at the last evaluated point. */
  function linearize(): void {
    writeDerivatives(model, theta, alpha, columns, derivatives);
    addCurvature(model, theta, alpha, columns, residual, hessian.fill(0));
    const n = active.length;
    for (let t = 0; t < nt; t++) {
      gradient[t] = -dotColumns(derivatives, t, residual, 0);
      const own = t < 2 * peaks ? t >> 1 : peaks;
      for (let a = 0; a < n; a++) {
        const column = active[a]!;
        const f = scales[column]!;
        const product = dotColumns(derivatives, t, columns, column) * f;
        cross[t * nl + a] = product;
        // the derivative of the own column by θ is that of the model over its factor
        curved[t * nl + a] = column === own && alpha[own] !== 0 ? product + (f * gradient[t]!) / alpha[own]! : product;
      }
      solveLower(lowerFactor, n, nl, cross.subarray(t * nl));
      solveLower(lowerFactor, n, nl, curved.subarray(t * nl));
      for (let o = 0; o <= t; o++) {
        const whole = dotColumns(derivatives, t, derivatives, o);
        normal[t * nt + o] = normal[o * nt + t] = whole - dotRows(cross, t, o, n);
        hessian[t * nt + o] = hessian[o * nt + t] = hessian[t * nt + o]! + whole - dotRows(curved, t, o, n);
      }
    }
  }

  const dotRows = (a: Float64Array, t: number, o: number, n: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += a[t * nl + i]! * a[o * nl + i]!;
    return sum;
  };

  /** Parameters that may move: not held by a bound, and of a peak that is there. */
  function findFree(): number[] {
    const free: number[] = [];
    for (let t = 0; t < nt; t++) {
      const held = (theta[t]! <= lower[t]! && gradient[t]! > 0) || (theta[t]! >= upper[t]! && gradient[t]! < 0);
      if (!held && normal[t * nt + t]! > 0) free.push(t);
    }
    return free;
  }

  /** Solves with a matrix for the free parameters, its diagonal raised by a share of the Gauss–Newton one. */
  function solveWith(matrix: Float64Array, free: readonly number[], damping: number): boolean {
    const n = free.length;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) damped[a * nt + b] = matrix[free[a]! * nt + free[b]!]!;
      damped[a * nt + a]! += damping * normal[free[a]! * (nt + 1)]!;
      right[a] = -gradient[free[a]!]!;
    }
    if (!factor(damped, n, nt)) return false;
    solveLower(damped, n, nt, right);
    solveUpper(damped, n, nt, right);
    step.fill(0);
    for (let a = 0; a < n; a++) step[free[a]!] = right[a]!;
    return true;
  }

  /** The Hessian where it is positive definite, else the Gauss–Newton matrix. */
  const solveStep = (free: readonly number[], damping: number): boolean =>
    solveWith(hessian, free, damping) || solveWith(normal, free, damping);

  /** A step in units of the width of its peak, or of 1 for an exponent. */
  const relative = (t: number, change: number): number =>
    Math.abs(t < 2 * peaks ? change / theta[t - (t % 2) + 1]! : change);

  function fit(y: Float64Array, weightRoot: Float64Array, start: Float64Array, mostSteps = Infinity): SpectrumFit {
    root = weightRoot as Float64Array<ArrayBuffer>;
    for (let j = 0; j < m; j++) target[j] = root[j]! * y[j]!;
    for (let t = 0; t < nt; t++) theta[t] = Math.min(upper[t]!, Math.max(lower[t]!, start[t]!));
    squares = evaluate(theta);
    let converged = false;
    let iterations = 0;
    let steps = 0;
    let damping = 1e-3;
    const floor = 1e-30 * dotColumns(target, 0, target, 0);
    while (!converged && steps < mostSteps && iterations < maxIter && Number.isFinite(squares)) {
      linearize();
      const free = findFree();
      // nothing can be better than no residual, or than all parameters at their bounds
      if (free.length === 0 || squares <= floor) {
        converged = true;
        break;
      }
      let accepted = false;
      while (!accepted && !converged && iterations < maxIter) {
        iterations++;
        let largest = 0;
        let next = Infinity;
        if (solveStep(free, damping)) {
          for (const t of free) largest = Math.max(largest, relative(t, step[t]!));
          const shorten = Math.min(1, longestStep / largest);
          let moved = 0;
          for (let t = 0; t < nt; t++) {
            const isWidth = t < 2 * peaks && t % 2 === 1;
            // a width is halved at most: beyond that a peak falls between the channels and never returns
            const least = isWidth ? Math.max(lower[t]!, theta[t]! / 2) : lower[t]!;
            trial[t] = Math.min(upper[t]!, Math.max(least, theta[t]! + shorten * step[t]!));
            moved = Math.max(moved, relative(t, trial[t]! - theta[t]!));
          }
          largest = moved;
          next = evaluate(trial);
        } else largest = Infinity;
        if (next < squares) {
          // damped steps are short for another reason
          converged = largest < tol && damping <= 1;
          theta.set(trial);
          squares = next;
          damping = Math.max(damping / 10, 1e-12);
          accepted = true;
          steps++;
        } else {
          // at the bottom rounding decides whether a step helps
          if (largest < tol) converged = true;
          damping *= 10;
          if (damping > mostDamping) break;
        }
      }
      if (!accepted && !converged) break;
    }
    squares = evaluate(theta);
    converged &&= Number.isFinite(squares);
    return { converged, iterations, squares, theta, alpha };
  }

  return {
    fit,
    writeModel(out) {
      for (let j = 0; j < m; j++) out[j] = root[j]! > 0 ? (target[j]! - residual[j]!) / root[j]! : NaN;
    },
    errors() {
      const errors = new Float64Array(nt + nl).fill(NaN);
      const freedom = m - nt - nl;
      if (freedom <= 0 || !Number.isFinite(squares)) return errors;
      const variance = squares / freedom;
      linearize();
      const free = findFree().filter((t) => theta[t]! > lower[t]! && theta[t]! < upper[t]!);
      const inverse: Float64Array[] = [];
      if (!solveWith(normal, free, 0)) return errors;
      for (let a = 0; a < free.length; a++) {
        const unit = new Float64Array(free.length);
        unit[a] = 1;
        solveLower(damped, free.length, nt, unit);
        solveUpper(damped, free.length, nt, unit);
        inverse.push(unit);
        errors[free[a]!] = Math.sqrt(unit[a]! * variance);
      }
      // cov(α) = K⁻¹ + (K⁻¹B) N⁻¹ (K⁻¹B)ᵀ with K = L Lᵀ; cross holds L⁻¹ B of the scaled columns
      const n = active.length;
      for (let a = 0; a < n; a++) {
        const unit = new Float64Array(n);
        unit[a] = 1;
        solveLower(lowerFactor, n, nl, unit);
        let sum = 0;
        for (let b = 0; b < n; b++) sum += unit[b]! ** 2;
        const reachOf = free.map((t) => {
          let dot = 0;
          for (let b = 0; b < n; b++) dot += unit[b]! * cross[t * nl + b]!;
          return dot;
        });
        for (let i = 0; i < free.length; i++) {
          for (let j = 0; j < free.length; j++) sum += reachOf[i]! * inverse[i]![j]! * reachOf[j]!;
        }
        errors[nt + active[a]!] = Math.sqrt(sum * variance) * scales[active[a]!]!;
      }
      return errors;
    },
  };
}
