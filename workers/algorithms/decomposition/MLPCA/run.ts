import type { Job, Run } from '../../../job.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { shareFloats } from '../../../passes/share.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { findCaptured, type KeptComponents } from '../pipeline/captured.ts';
import { spread } from '../pipeline/finish.ts';
import { prepareDecomposition, type Prepared } from '../pipeline/prepare.ts';
import type { FullComponents } from '../pipeline/reproject.ts';
import { summarizeVariance } from '../pipeline/variance.ts';
import { capturedPass } from './captured-pass.ts';
import { fitWeighted, type FitOptions, type WeightedFit } from './fit.ts';
import { residentView } from './resident.ts';
import { fillChannels, fillPixels } from './reproject.ts';
import { singularForm } from './singular-form.ts';
import { mlpca } from './spec.ts';
import { findStart, turned } from './start.ts';
import { findVariances, type VarianceSource } from './variance-input.ts';

const phases = { read: 0, gather: 1, solve: 1, write: 1, fit: 2, maps: 3, fill: 4 };

/** Maximum-likelihood principal components, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof mlpca.params>;
  const prepared = await prepareDecomposition(input, { normalize_poissonian_noise: false }, job, phases.read, {
    allowMissing: true,
  });
  const { pixels, channels, sums } = prepared;
  assertLimits(mlpca, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const p = values.output_dimension!;
  const variances = findVariances(input, values, pixels, channels, job);
  const hasMissing = sums.notFinite > 0;
  const rowMeans = hasMissing ? null : prepared.pixelSums.map((sum) => sum / channels.keptCount);
  const start = await findStart(prepared.view, rowMeans, p, values.svd_solver, job, phases);
  const fit = await fitTall(prepared, variances, start.loadings, { ...values, p }, job);

  const check = (): void => job.control.check();
  const { keptCount: samples } = pixels;
  const { keptCount: features } = channels;
  const form = singularForm(createMatrix(samples, p, fit.loadings), createMatrix(features, p, fit.factors), check);
  const kept: KeptComponents = { k: p, factors: form.factors.data, loadings: form.loadings.data };
  const captured = hasMissing
    ? await capturedOfKnown(prepared, kept, job)
    : await findCaptured(prepared.view, kept, job, phases.maps);
  const full: FullComponents = {
    k: p,
    factors: spread(kept.factors, p, channels, undefined, job),
    loadings: spread(kept.loadings, p, pixels, undefined, job),
  };
  const notes = notesOf(prepared, fit, values, p);
  const { reproject } = values;
  if (reproject === 'navigation' || reproject === 'both') {
    const note = await fillPixels(prepared, variances, full, job, phases.fill);
    if (note) notes.push(note);
  }
  if (reproject === 'signal' || reproject === 'both') {
    const note = await fillChannels(prepared, variances, full, job, phases.fill);
    if (note) notes.push(note);
  }
  const { explainedVariance, ratio, significant } = summarizeVariance(form.singularValues, features);
  // As in HyperSpy the ratios are of all min(N, M) components of the model, of which all but p are zero.
  const allRatios = new Float64Array(Math.min(samples, features));
  allRatios.set(ratio);
  return {
    arrays: {
      factors: { dtype: 'float64', shape: [channels.size, p], data: full.factors },
      loadings: { dtype: 'float64', shape: [pixels.size, p], data: full.loadings },
      explained_variance: { dtype: 'float64', shape: [p], data: explainedVariance },
      explained_variance_ratio: { dtype: 'float64', shape: [allRatios.length], data: allRatios },
      captured_fractions: { dtype: 'float64', shape: [p], data: captured },
    },
    scalars: {
      number_significant_components: significant,
      captured_fraction: captured[p - 1] ?? 1,
      iterations: fit.iterations,
      objective: fit.objective,
      converged: fit.converged,
    },
    notes,
  };
};

/** The fit with the longer side as rows: the factors, on which the search works, are then the smaller of both. */
async function fitTall(
  prepared: Prepared,
  variances: VarianceSource,
  start: Float64Array<SharedArrayBuffer>,
  values: { p: number; tol: number; max_iter: number },
  job: Job,
): Promise<WeightedFit> {
  const { view, pixels, channels } = prepared;
  const isTall = pixels.keptCount >= channels.keptCount;
  const matrix = isTall ? { view, variance: variances.kept } : turned(view, variances.kept);
  const resident = await residentView(matrix.view, 'mlpca-data', job, phases.gather);
  const { variance: given } = matrix;
  const variance =
    given.kind === 'array'
      ? { ...given, view: await residentView(given.view, 'mlpca-variances', job, phases.gather) }
      : given;
  const options: FitOptions = {
    p: values.p,
    tol: values.tol,
    maxIter: values.max_iter,
    phase: phases.fit,
    given: isTall ? 'loadings' : 'factors',
  };
  const fit = await fitWeighted(resident, variance, start, options, job);
  if (isTall) return fit;
  return {
    ...fit,
    loadings: fit.factors,
    factors: fit.loadings,
    undetermined: { rows: fit.undetermined.columns, columns: fit.undetermined.rows },
  };
}

/** The share of ‖A‖² over the values there are that the first 1, 2 … p components describe. */
async function capturedOfKnown(prepared: Prepared, kept: KeptComponents, job: Job): Promise<Float64Array> {
  const shared = {
    k: kept.k,
    factors: shareFloats(job, kept.factors),
    loadings: shareFloats(job, kept.loadings),
  };
  const { left } = await job.run(capturedPass, prepared.view, shared, phases.maps);
  const all = left[0]!;
  return left.subarray(1).map((rest) => (all > 0 ? 1 - rest / all : 1));
}

function notesOf(
  { notes, pixels, channels }: Prepared,
  fit: WeightedFit,
  values: { normalize_poissonian_noise: boolean; max_iter: number },
  p: number,
): string[] {
  const all = [...notes];
  if (values.normalize_poissonian_noise) {
    all.push('Scaling for Poisson noise was switched off: this method weighs every value by its own variance instead.');
  }
  if (fit.ignored > 0) {
    const total = pixels.keptCount * channels.keptCount;
    all.push(
      `${fit.ignored} of ${total} values count for nothing: they are not finite numbers, or their variance is infinite or unknown.`,
    );
  }
  const { rows, columns } = fit.undetermined;
  if (rows > 0 || columns > 0) {
    all.push(
      `The weights of ${rows} pixels and ${columns} channels do not determine all ${p} components there; the smallest solution was taken.`,
    );
  }
  if (!fit.converged) {
    all.push(
      fit.iterations >= values.max_iter
        ? `The fit did not converge in ${fit.iterations} iterations. Raise max_iter, or tol if the result is good enough.`
        : `The fit was stopped after ${fit.iterations} iterations, before it converged.`,
    );
  }
  return all;
}
