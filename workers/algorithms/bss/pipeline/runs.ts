import type { JobControl } from '../../../control.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom, type Random } from '../../../linalg/random.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { bestAssignment } from './assignment.ts';
import type { Separation } from './separate.ts';

/** What one start leads to. */
export interface OneRun {
  unmixing: Matrix;
  iterations: number;
  converged: boolean;
  /** what the method looks for the most of */
  contrast: number;
}

export interface RunOptions {
  count: number;
  maxIter: number;
  seed: number;
  control: JobControl;
  /** progress phase */
  phase: number;
  /** of the samples, for similarities of sources [k × k] */
  covariance: Matrix;
  /** Goes on from the best of several runs, which stop early; not called for a single run. */
  polish?(best: OneRun, step: Step): OneRun;
}

/** Tells how far a run is; true when the person wants to keep what there is. */
export type Step = (iteration: number, contrast: number) => boolean;

/**
 * Runs a method from several random starts and keeps the run with the largest contrast, of those that converged if any
 * did. The live curve shows the first run step by step, then the best contrast after every further one.
 */
export function bestOfRuns(options: RunOptions, once: (random: Random, run: number, step: Step) => OneRun): Separation {
  const { count, maxIter, control, phase } = options;
  const random = createRandom(options.seed);
  const runs: OneRun[] = [];
  let best: OneRun | null = null;
  let passed = 0;
  let isKept = false;
  let failure: EigenscopeError | null = null;
  for (let run = 0; run < count && !isKept; run++) {
    const step: Step = (iteration, contrast) => {
      control.check();
      control.progress(phase, run * maxIter + Math.min(iteration, maxIter), count * maxIter);
      if (run === 0 && !Number.isNaN(contrast)) control.objective(iteration, contrast);
      isKept = control.shouldKeep();
      return isKept;
    };
    const found = unlessFailed(() => once(random.fork(run), run, step));
    if (found instanceof EigenscopeError) {
      failure = found;
      continue;
    }
    // a run that was cut short says nothing about stability
    if (!isKept || best === null) runs.push(found);
    if (best === null || isBetter(found, best)) best = found;
    passed += found.iterations;
    if (run > 0) control.objective(passed, best.contrast);
  }
  if (best === null) throw failure ?? new Error('No run');
  const stability = runs.length > 1 ? stabilityOf(best, runs, options.covariance) : null;
  if (options.polish && count > 1 && best.converged && !isKept) {
    const before = best.iterations;
    const end = options.polish(best, (_iteration, contrast) => {
      control.check();
      control.objective(++passed, contrast);
      isKept = control.shouldKeep();
      return isKept;
    });
    best = { ...end, iterations: before + end.iterations };
  }
  control.progress(phase, count * maxIter, count * maxIter);
  const { unmixing, iterations, contrast } = best;
  const converged = best.converged && !isKept;
  const notes = converged ? [] : [isKept ? keptNote(iterations) : limitNote(iterations)];
  if (failure) {
    notes.push(`${runs.length} of ${count} starts led to sources; from the others the search did not converge.`);
  }
  return {
    unmixing,
    iterations,
    converged,
    ...(stability ? { stability } : {}),
    scalars: { objective: contrast, runs: runs.length },
    notes,
  };
}

/** What a start leads to, or the error when it leads nowhere. */
function unlessFailed(once: () => OneRun): OneRun | EigenscopeError {
  try {
    return once();
  } catch (thrown) {
    if (thrown instanceof EigenscopeError && thrown.code === 'did-not-converge') return thrown;
    throw thrown;
  }
}

const isBetter = (a: OneRun, b: OneRun): boolean =>
  a.converged === b.converged ? a.contrast > b.contrast : a.converged;

const keptNote = (iterations: number): string =>
  `Stopped after ${iterations} iterations as asked; the sources may still change.`;
export const limitNote = (iterations: number): string =>
  `Still changing after ${iterations} iterations, the most that are allowed. Raise the limit or the tolerance, try ` +
  'another start (seed), or separate fewer components.';

/**
 * How alike the sources of the best run come out from every start. Sources of the other runs are matched one to one by
 * their correlation; per source: mean |correlation| within its group minus mean |correlation| with all others, 1 = the
 * same from every start.
 * @returns [k], cut to 0 … 1
 * @see Himberg, Hyvärinen & Esposito, NeuroImage 22, 1214 (2004), eq. 8 (ICASSO's quality index)
 */
export function stabilityOf(best: OneRun, runs: readonly OneRun[], covariance: Matrix): Float64Array {
  const k = best.unmixing.rows;
  const units = runs.map((run) => unitSources(run.unmixing, covariance));
  const centre = units[runs.indexOf(best)] ?? unitSources(best.unmixing, covariance);
  const groups = units.map((unit) => bestAssignment(correlations(centre, unit, covariance), k));
  const [inside, outside] = [new Float64Array(k), new Float64Array(k)];
  let pairs = 0;
  for (let a = 0; a < runs.length; a++) {
    for (let b = 0; b < runs.length; b++) {
      const r = correlations(units[a]!, units[b]!, covariance);
      if (a !== b) pairs++;
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          const value = r[groups[a]![i]! * k + groups[b]![j]!]!;
          if (i !== j) outside[i]! += value;
          else if (a !== b) inside[i]! += value;
        }
      }
    }
  }
  const others = runs.length ** 2 * (k - 1);
  return inside.map((sum, i) => Math.min(1, Math.max(0, sum / pairs - (others > 0 ? outside[i]! / others : 0))));
}

/** Rows scaled so that their sources have variance 1. */
function unitSources(w: Matrix, covariance: Matrix): Matrix {
  const product = multiply(w, covariance);
  const out = createMatrix(w.rows, w.cols);
  for (let i = 0; i < w.rows; i++) {
    let variance = 0;
    for (let c = 0; c < w.cols; c++) variance += product.data[i * w.cols + c]! * w.data[i * w.cols + c]!;
    const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
    for (let c = 0; c < w.cols; c++) out.data[i * w.cols + c] = scale * w.data[i * w.cols + c]!;
  }
  return out;
}

/** |correlation| of the sources of a with those of b [k × k]. */
const correlations = (a: Matrix, b: Matrix, covariance: Matrix): Float64Array =>
  multiply(multiply(a, covariance), b, { transposeB: true }).data.map(Math.abs);
