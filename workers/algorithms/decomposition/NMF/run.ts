import type { Job, Run } from '../../../job.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { requireNonNegative } from '../pipeline/non-negative.ts';
import type { KeptComponents } from '../pipeline/captured.ts';
import { finishDecomposition, orderBySize } from '../pipeline/finish.ts';
import { prepareDecomposition, type Prepared } from '../pipeline/prepare.ts';
import type { Fit, FitTask } from './fit.ts';
import { measure } from './measure.ts';
import { findPenalties } from './penalties.ts';
import { planReading } from './plan-reading.ts';
import { solveDivergence } from './solve-divergence.ts';
import { solveSquared } from './solve-squared.ts';
import { nmf } from './spec.ts';
import { findStart } from './start.ts';

const phases = { read: 0, gather: 1, solve: 2, fit: 3, finish: 4 };

type Values = ValuesOf<typeof nmf.params>;

/** Non-negative matrix factorisation A ≈ W Hᵀ, see help.md. W is the loadings, H the factors. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels, sums, view } = prepared;
  requireNonNegative(sums);
  requirePositive(values, sums.min);
  assertLimits(nmf, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const k = values.output_dimension ?? Math.min(pixels.keptCount, channels.keptCount);
  const { energy, mean } = await measure(prepared, job, phases.read);
  const start = await findStart(prepared, values.init, k, mean, input.inputs, job, phases);
  const reading = planReading(prepared, values.beta_loss === 'frobenius' && values.init !== 'custom', job);
  const fit = await solve(
    {
      view,
      reading,
      k,
      ...start,
      penalty: findPenalties(values, pixels.keptCount, channels.keptCount),
      maxIter: values.max_iter,
      tol: values.tol,
      energy,
      job,
      phase: phases.fit,
    },
    values,
  );
  if (reading.single) prepared.notes = noteSingle(prepared.notes);
  return describeFit(prepared, fit, { ...values, k, energy }, job);
};

function solve(task: FitTask, { solver, beta_loss: loss, shuffle }: Values): Promise<Fit> {
  if (loss !== 'frobenius') return solveDivergence(task, loss);
  return solveSquared(task, solver === 'cd' ? 'descent' : 'multiplicative', shuffle);
}

/** @throws EigenscopeError `parameter-out-of-range` for a measure of misfit that is infinite where the data are 0 */
function requirePositive({ beta_loss: loss }: Values, min: number): void {
  if (loss !== 'itakura-saito' || min > 0) return;
  throw new EigenscopeError(
    'parameter-out-of-range',
    'beta_loss itakura-saito needs data above 0, and these hold values of 0. Mask their pixels or channels, or use kullback-leibler.',
    { parameter: 'beta_loss', min },
  );
}

async function describeFit(
  prepared: Prepared,
  fit: Fit,
  asked: Values & { k: number; energy: number },
  job: Job,
): Promise<AlgorithmOutput> {
  const { k } = asked;
  const { components, order } = orderAsStored(prepared, { k, factors: fit.h, loadings: fit.w });
  const { cross } = fit;
  const output = await finishDecomposition(
    prepared,
    components,
    {
      reproject: asked.reproject,
      fit: 'non-negative',
      phase: phases.finish,
      ...(cross ? { capture: { cross: Float64Array.from(order, (j) => cross[j]!), energy: asked.energy } } : {}),
    },
    { iterations: fit.iterations, objective: fit.objective, converged: fit.converged },
    job,
  );
  output.arrays['component_order'] = { dtype: 'int32', shape: [k], data: order };
  output.notes.push(...notesOn(fit, asked));
  return output;
}

/** Largest ‖L_j‖·‖F_j‖ first, measured after the scaling for Poisson noise is undone, as the result is stored. */
function orderAsStored(
  { poisson }: Prepared,
  found: KeptComponents,
): { components: KeptComponents; order: Int32Array } {
  if (!poisson) return orderBySize(found);
  const { k } = found;
  const { order } = orderBySize({
    k,
    factors: found.factors.map((value, at) => value * poisson.channel[Math.floor(at / k)]!),
    loadings: found.loadings.map((value, at) => value * poisson.pixel[Math.floor(at / k)]!),
  });
  const reorder = (rows: Float64Array): Float64Array => rows.map((_, at) => rows[at - (at % k) + order[at % k]!]!);
  return { components: { k, factors: reorder(found.factors), loadings: reorder(found.loadings) }, order };
}

/** What was done with float32 data in place of converting them. */
function noteSingle(notes: readonly string[]): string[] {
  const others = notes.filter((note) => !note.startsWith('The data are float32'));
  return [
    ...others,
    'The data are float32: they were multiplied in single precision during the fit, and everything else is float64.',
  ];
}

function notesOn({ iterations, converged }: Fit, asked: Values & { k: number }): string[] {
  const notes: string[] = [];
  if (asked.output_dimension === null) {
    notes.push(
      `output_dimension was not given, so all ${asked.k} components were fitted, as many as there are channels or pixels.`,
    );
  }
  if (asked.solver === 'mu' && asked.init === 'nndsvd') {
    notes.push('Zeros of the nndsvd start stay 0 with solver mu. Start from nndsvda or nndsvdar to let them change.');
  }
  if (converged) return notes;
  notes.push(
    iterations < asked.max_iter
      ? `Stopped after ${iterations} ${iterations === 1 ? 'sweep' : 'sweeps'} as you asked; the components had not settled to the tolerance of ${asked.tol}.`
      : `The components had not settled to the tolerance of ${asked.tol} after ${iterations} sweeps. ` +
          'Raise max_iter, or accept a larger tol.',
  );
  return notes;
}
