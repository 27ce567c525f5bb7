import type { Run } from '../../../job.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { createSpace } from '../dictionary/choose-space.ts';
import { finishSparse } from '../dictionary/finish-sparse.ts';
import { findScaledMean } from '../dictionary/weighted-mean.ts';
import { centredView } from '../pipeline/centre.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { learnDictionary } from './learn.ts';
import { sparsePca } from './spec.ts';

const phases = { read: 0, gather: 1, solve: 2, write: 3, reproject: 4 };

/** Sparse principal components, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof sparsePca.params>;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels } = prepared;
  const shape = { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype };
  assertLimits(sparsePca, shape, values);
  const mean = await findScaledMean(prepared, job, phases.read);
  const centred = centredView(prepared.view, mean);
  const k = values.output_dimension ?? Math.min(shape.samples, shape.features);
  const space = await createSpace(centred, k, job, phases);
  try {
    const { codes, atoms, iterations, converged, objective } = await learnDictionary(
      space,
      {
        alpha: values.alpha,
        method: values.method,
        maxIter: values.max_iter,
        tol: values.tol,
        phase: phases.solve,
      },
      job,
    );
    const output = await finishSparse(
      prepared,
      { k, codes, peaks: await space.peaks(atoms), energy: space.energy },
      { mean, centred, ridgeAlpha: values.ridge_alpha, reproject: values.reproject, phases },
      { iterations, objective, converged },
      job,
    );
    if (!converged && iterations === values.max_iter) {
      output.notes.push(
        `The components were still changing after max_iter = ${iterations} rounds. ` +
          'Allow more rounds, or a larger tolerance.',
      );
    }
    return output;
  } finally {
    space.free();
  }
};
