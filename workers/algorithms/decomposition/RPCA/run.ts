import type { Job, Run } from '../../../job.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { finishDecomposition } from '../pipeline/finish.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { summarizeVariance } from '../pipeline/variance.ts';
import { truncateLowRank, type Truncated } from './finish.ts';
import { createHuberLoss } from './loss.ts';
import { scaledLeft } from './low-rank.ts';
import { minimizeHuber } from './minimize.ts';
import { findSparsePart } from './sparse-part.ts';
import { rpca } from './spec.ts';
import { findStart } from './start.ts';

const phases = { read: 0, gather: 1, iterate: 2, fill: 3 };

type Values = ValuesOf<typeof rpca.params>;

/** Rounding: a remainder of this share of ‖X‖ is none, whatever `tol` says. */
const nothing = 1e-14;

/** Robust PCA by GoDec's fixed point, see minimize.ts and help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels, notes } = prepared;
  assertLimits(rpca, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const k = values.output_dimension ?? Math.min(pixels.keptCount, channels.keptCount);
  const lambda = values.lambda1 ?? 1 / Math.sqrt(Math.max(pixels.keptCount, channels.keptCount));
  const wide = pixels.keptCount < channels.keptCount;
  // the long side first, as the spec of GoDec asks
  const view = wide ? { ...prepared.view, transpose: true } : prepared.view;
  const fit = await fitLowRank(view, k, lambda, values, job);
  if (!fit.converged) notes.push(stoppedEarly(fit.iterations, values.maxiter));
  const rows = wide ? { ...fit.low, u: fit.low.v, v: fit.low.u } : fit.low;
  const kept = { k, factors: rows.v.data, loadings: scaledLeft(rows).data };
  orientLoadings(kept);
  const { explainedVariance, ratio, significant } = summarizeVariance(rows.s, channels.keptCount);
  const output = await finishDecomposition(
    prepared,
    kept,
    { reproject: values.reproject, phase: phases.fill },
    {
      number_significant_components: significant,
      iterations: fit.iterations,
      objective: fit.loss,
      converged: fit.converged,
      remainder_norm: fit.remainder,
      lambda1: lambda,
    },
    job,
  );
  output.arrays['explained_variance'] = { dtype: 'float64', shape: [k], data: explainedVariance };
  output.arrays['explained_variance_ratio'] = { dtype: 'float64', shape: [k], data: ratio };
  if (values.return_info) output.arrays['error_matrix'] = findSparsePart(prepared, kept, lambda, job);
  return output;
};

async function fitLowRank(
  view: MatrixView,
  k: number,
  lambda: number,
  values: Values,
  job: Job,
): Promise<Truncated & { iterations: number; converged: boolean }> {
  const { start, norm } = await findStart(view, k, values.power, job, phases.gather);
  const loss = createHuberLoss(view, k, lambda, job, phases.gather);
  try {
    const remainder = Math.max(values.tol_kind === 'relative' ? values.tol * norm : values.tol, nothing * norm);
    const options = {
      maxIter: values.maxiter,
      remainder,
      objectiveTol: values.objective_tol,
      phase: phases.iterate,
    };
    const { low, iterations, converged } = await minimizeHuber(loss, start, options, job);
    return { ...(await truncateLowRank(loss, low, values.power)), iterations, converged };
  } finally {
    loss.free();
  }
}

const stoppedEarly = (iterations: number, most: number): string =>
  iterations >= most
    ? `The objective still fell after ${iterations} iterations, the most that maxiter allows. Give a larger maxiter, ` +
      'or a larger objective_tol if the components are good enough.'
    : `Stopped after ${iterations} iterations as asked; the components may still change.`;

/** Makes the loading of the largest absolute value of every component positive, the first on ties. */
function orientLoadings({ k, factors, loadings }: { k: number; factors: Float64Array; loadings: Float64Array }): void {
  for (let j = 0; j < k; j++) {
    let peak = 0;
    for (let at = j; at < loadings.length; at += k) if (Math.abs(loadings[at]!) > Math.abs(peak)) peak = loadings[at]!;
    if (peak >= 0) continue;
    for (let at = j; at < loadings.length; at += k) loadings[at] = -loadings[at]!;
    for (let at = j; at < factors.length; at += k) factors[at] = -factors[at]!;
  }
}
