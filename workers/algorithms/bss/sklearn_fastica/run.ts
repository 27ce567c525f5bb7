import type { InputArray, Run } from '../../../job.ts';
import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { loadSamples } from '../pipeline/contrast.ts';
import { gaussianMatrix } from '../pipeline/orthogonal.ts';
import { bestOfRuns } from '../pipeline/runs.ts';
import { separate } from '../pipeline/separate.ts';
import { whiten } from '../pipeline/whiten.ts';
import { deflation, parallel } from './fixed-point.ts';
import type { sklearnFastica } from './spec.ts';

/** All starts but the best go to this tolerance alone. */
const pilotTol = 1e-6;

/**
 * FastICA, see help.md. The samples stay in kernel memory; one look at them gives products, slopes and contrast, so that
 * the contrast that is drawn and that chooses the best start costs nothing. The iteration needs white samples: where none
 * are given it makes them itself, as scikit-learn does.
 */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof sklearnFastica.params>;
  return separate(input, values, job, (whitened) => {
    const isWhite = values.whiten_method !== 'none';
    const { y, whitening, covariance } = isWhite ? whitened : whiten(whitened.y, 'PCA');
    const k = y.cols;
    const { fun: contrast, tol, max_iter: maxIter } = values;
    const alpha = contrast === 'logcosh' ? values.alpha : 1;
    const first = startOf(input.inputs['w_init'], k);
    const samples = loadSamples(y);
    try {
      const isParallel = values.approach === 'parallel';
      const search = isParallel ? parallel : deflation;
      // Which start is best and how alike they are shows long before the last digits do.
      const enough = isParallel && values.n_runs > 1 ? Math.max(tol, pilotTol) : tol;
      const options = { contrast, alpha, maxIter };
      const found = bestOfRuns(
        {
          count: values.n_runs,
          maxIter,
          seed: job.seed,
          control: job.control,
          phase: 0,
          covariance,
          ...(enough > tol
            ? {
                polish: (best, step) =>
                  parallel(samples, best.unmixing, { ...options, tol, maxIter: maxIter - best.iterations }, step),
              }
            : {}),
        },
        (random, at, step) => {
          const start = at === 0 && first !== null ? first : gaussianMatrix(k, random);
          return search(samples, start, { ...options, tol: enough }, step);
        },
      );
      return isWhite ? found : { ...found, unmixing: multiply(found.unmixing, whitening) };
    } finally {
      samples.free();
    }
  });
};

function startOf(array: InputArray | undefined, k: number): Matrix | null {
  if (array === undefined) return null;
  if (array.shape.length !== 2 || array.shape[0] !== k || array.shape[1] !== k || !array.data.every(Number.isFinite)) {
    throw new EigenscopeError(
      'shape-mismatch',
      `w_init has shape (${array.shape.join(', ')}); ${k} × ${k} finite numbers are needed, one row per source.`,
      { found: array.shape.join(' × '), components: k },
    );
  }
  const start = createMatrix(k, k, array.data.slice());
  const lengths = eigh(multiply(start, start, { transposeB: true })).values;
  if (!(lengths[k - 1]! > 1e-14 * lengths[0]!)) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      'w_init must have rows that do not depend on each other; some are multiples or sums of others, or zero.',
      { parameter: 'w_init' },
    );
  }
  return start;
}
