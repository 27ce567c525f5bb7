import type { Run } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom, type Random } from '../../../linalg/random.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { gaussianValue, loadSamples, negentropy, type Contrast, type Samples } from '../pipeline/contrast.ts';
import { bestOfRuns } from '../pipeline/runs.ts';
import { whitenAgain } from '../pipeline/second-whitening.ts';
import { separate } from '../pipeline/separate.ts';
import { deflation, symmetric, type Nonlinearity } from './search.ts';
import type { fastIca } from './spec.ts';

const contrasts: Readonly<Record<'pow3' | 'tanh' | 'gaus' | 'skew', Contrast>> = {
  pow3: 'cube',
  tanh: 'logcosh',
  gaus: 'exp',
  skew: 'square',
};

/** FastICA with coarse search and refinement, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof fastIca.params>;
  const nonlinearity = (name: keyof typeof contrasts): Nonlinearity => ({
    contrast: contrasts[name],
    a: name === 'tanh' ? values.fine_tanh : name === 'gaus' ? values.fine_gaus : 1,
  });
  const coarse = nonlinearity(values.g);
  const options = {
    coarse,
    fine: values.fine_g === 'none' ? null : nonlinearity(values.fine_g),
    mu: values.mu,
    stabilization: values.stabilization,
    limit: values.limit,
    coarseLimit: values.coarse_limit ?? 0,
    maxIt: values.max_it,
    maxItFine: values.max_it_fine,
    failures: values.failures,
  };
  return separate(input, values, job, (white) => {
    const { y, whitening } = whitenAgain(white);
    const k = y.cols;
    const samples = loadSamples(y);
    const drawn = createDrawing(y, samples, values.sample_size, createRandom(job.seed).fork('samples'));
    const gaussian = gaussianValue(coarse.contrast, coarse.a);
    try {
      const found = bestOfRuns(
        {
          count: values.n_runs,
          maxIter: (values.max_it + values.max_it_fine) * (values.approach === 'defl' ? k : 1),
          seed: job.seed,
          control: job.control,
          phase: 0,
          covariance: white.covariance,
        },
        (random, _at, step) => {
          const search = values.approach === 'symm' ? symmetric : deflation;
          const { unmixing, ...rest } = search(drawn.next, k, random, options, step);
          const contrast = negentropy(samples.means(coarse.contrast, coarse.a, unmixing).values, gaussian);
          return { ...rest, contrast, unmixing: multiply(unmixing, whitening) };
        },
      );
      return found;
    } finally {
      drawn.free();
      samples.free();
    }
  });
};

/** Gives all samples, or for every iteration a part drawn anew. */
function createDrawing(y: Matrix, all: Samples, share: number, random: Random): { next(): Samples; free(): void } {
  if (share >= 1) return { next: () => all, free: () => {} };
  const count = Math.min(y.rows, Math.max(y.cols + 1, Math.round(share * y.rows)));
  let part: Samples | null = null;
  return {
    next() {
      part?.free();
      const rows = createMatrix(count, y.cols);
      const chosen = random.permutation(y.rows).subarray(0, count).sort();
      chosen.forEach((row, to) => rows.data.set(y.data.subarray(row * y.cols, (row + 1) * y.cols), to * y.cols));
      part = loadSamples(rows);
      return part;
    },
    free: () => part?.free(),
  };
}
