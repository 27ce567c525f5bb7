import type { Job, Run } from '../../../job.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { measure } from '../NMF/measure.ts';
import { finishDecomposition, orderBySize, type FinishOptions } from '../pipeline/finish.ts';
import { prepareDecomposition, type Prepared } from '../pipeline/prepare.ts';
import { assignRows } from './assign.ts';
import { fitOpnmf, type Fit } from './fit.ts';
import { requireNonNegative } from '../pipeline/non-negative.ts';
import { projectLeftOut } from './project-left-out.ts';
import { opnmf } from './spec.ts';
import { startValues } from './start.ts';
import { distanceFromOrthonormal } from './update.ts';

const phases = { read: 0, gather: 1, solve: 2, finish: 3 };

/**
 * Orthonormal projective NMF, see help.md: A ≈ W WᵀA. W is the loadings and WᵀA the factors; with `transpose` W is the
 * factors.
 */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof opnmf.params>;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  requireNonNegative(prepared.sums);
  const { pixels, channels, view } = prepared;
  assertLimits(opnmf, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const k = values.output_dimension!;
  const { energy, mean } = await measure(prepared, job, phases.read);
  const a = values.transpose ? { ...view, transpose: true } : view;
  const options = { k, transpose: values.transpose, init: values.init, mean };
  const start = await startValues(prepared, options, input.inputs['init_W'], job, phases.gather);
  const fit = await fitOpnmf(
    a,
    start,
    {
      k,
      maxIter: values.max_iter,
      tol: values.tol,
      energy,
      phases,
      onObjective: (iteration, value) => job.control.objective(iteration, value),
    },
    job,
  );
  return describeFit(prepared, fit, { ...values, k, energy }, job);
};

interface Described {
  k: number;
  energy: number;
  transpose: boolean;
  reproject: FinishOptions['reproject'];
  max_iter: number;
  tol: number;
}

async function describeFit(prepared: Prepared, fit: Fit, asked: Described, job: Job): Promise<AlgorithmOutput> {
  const { k, energy, transpose, reproject } = asked;
  const found = transpose ? { k, factors: fit.w, loadings: fit.b } : { k, factors: fit.b, loadings: fit.w };
  const { components, order } = orderBySize(found);
  // Σ_i W_ij (A b_j)_i = b_jᵀ b_j: how much is captured is known without another look at A
  const cross = Float64Array.from(order, (j) => fit.c[j * k + j]!);
  const fitted = transpose ? 'signal' : 'navigation';
  const projected = transpose ? 'navigation' : 'signal';
  const output = await finishDecomposition(
    prepared,
    components,
    {
      // left-out rows of W are fitted; those of WᵀA are the same product
      reproject: reproject === fitted || reproject === 'both' ? fitted : null,
      fit: 'non-negative',
      phase: phases.finish,
      capture: { cross, energy },
    },
    {
      iterations: fit.iterations,
      objective: fit.error,
      converged: fit.converged,
      orthogonality: distanceFromOrthonormal(fit.gram, k),
    },
    job,
  );
  if (reproject === projected || reproject === 'both')
    await projectLeftOut(prepared, output, projected, job, phases.finish);
  const parts = output.arrays[transpose ? 'factors' : 'loadings']!;
  output.arrays['assignment'] = {
    dtype: 'int32',
    shape: [parts.shape[0]!],
    data: assignRows(parts.data as Float64Array, k),
  };
  if (!fit.converged) output.notes.push(notConverged(fit, asked));
  return output;
}

function notConverged({ iterations }: Fit, { max_iter: most, tol }: Described): string {
  return iterations < most
    ? `Stopped after ${iterations} iterations as you asked; the components had not settled to the tolerance of ${tol}.`
    : `The components had not settled to the tolerance of ${tol} after ${iterations} iterations. Raise max_iter, or accept a larger tol.`;
}
