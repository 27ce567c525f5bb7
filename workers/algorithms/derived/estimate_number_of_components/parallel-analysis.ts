import type { Matrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { countAbove } from './broken-stick.ts';
import { edgeOfVariances } from './marchenko-pastur.ts';
import { noiseEigenvalues } from './noise-sample.ts';

export interface ParallelTask {
  /** G = AᵀA [m × m] */
  gram: Matrix;
  /** n, rows of A; n ≥ m */
  rows: number;
  /** the first eigenvalues of G, descending, and their vectors [m × count] */
  values: Float64Array;
  vectors: Matrix;
  repetitions: number;
  quantile: number;
  seed: number;
  check: () => void;
  progress: (done: number, total: number) => void;
}

export interface ParallelResult {
  count: number;
  /** what each eigenvalue is compared with, in their units */
  thresholds: Float64Array;
}

/**
 * Parallel analysis with deflation: an eigenvalue counts when it is larger than those of noise without relations between
 * columns, of the same size and the same variances of columns. Strong components raise all variances and would hide weak
 * ones; so what the components found so far describe is taken away before the next is tested. The noise is normal, and
 * only its m × m product is drawn: no shuffled copy of the data is needed.
 *
 * How many components to take away is found with the exact edge of such noise; the drawn noise then decides.
 * @see Horn, Psychometrika 30, 179 (1965); Dobriban & Owen, J. R. Stat. Soc. B 81, 163 (2019)
 */
export function parallelAnalysis(task: ParallelTask): ParallelResult {
  const { values, rows } = task;
  let removed = 0;
  while (removed < values.length && values[removed]! > rows * edgeOfVariances(residualVariances(task, removed), rows)) {
    removed++;
    task.check();
  }
  // the edge is exceeded by chance more often than the quantile: the drawn noise may take one back, or see one more
  const seen = new Map<number, ParallelResult>();
  for (;;) {
    const drawn = drawThresholds(task, removed);
    const count = countAbove(values, drawn);
    const result = { count, thresholds: drawn };
    if (count === removed || seen.has(count)) return result;
    seen.set(removed, result);
    removed = count;
  }
}

/** Variances of the columns without the first `removed` components, corrected for the noise that these took along. */
function residualVariances({ gram, rows, values, vectors }: ParallelTask, removed: number): Float64Array {
  const m = gram.rows;
  const taken = (1 - Math.min(removed, rows - 1) / rows) * (1 - Math.min(removed, m - 1) / m);
  const variances = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    const all = gram.data[j * m + j]!;
    let rest = all;
    for (let i = 0; i < removed; i++) rest -= values[i]! * vectors.data[j * vectors.cols + i]! ** 2;
    // differences below rounding of the column's own size are nothing
    variances[j] = rest > 1e-12 * all ? rest / (rows * taken) : 0;
  }
  return variances;
}

function drawThresholds(task: ParallelTask, removed: number): Float64Array {
  const { rows, values, repetitions, quantile } = task;
  const variances = residualVariances(task, removed).filter((v) => v > 0);
  const thresholds = new Float64Array(values.length);
  if (variances.length === 0) return thresholds;
  const random = createRandom(task.seed).fork('parallel analysis');
  const draws: Float64Array[] = [];
  for (let r = 0; r < repetitions; r++) {
    task.check();
    task.progress(r, repetitions);
    draws.push(noiseEigenvalues(variances, rows, random.fork(r), task.check));
  }
  for (let i = 0; i < thresholds.length; i++) {
    const place = Math.max(0, i - removed);
    thresholds[i] =
      place < variances.length
        ? quantileOf(
            draws.map((draw) => draw[place]!),
            quantile,
          )
        : 0;
  }
  return thresholds;
}

/** Quantile with linear interpolation between the sorted values. */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
