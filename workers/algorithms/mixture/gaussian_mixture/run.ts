import type { Run } from '../../../job.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { assignRows, fitMixture, orderByWeight, type Fit } from '../pipeline/fit.ts';
import { prepareMixture, type Mixture } from '../pipeline/mixture.ts';
import { parameterCount } from '../../../specs/mixture-params.ts';
import { readyRows, type ReadyRows } from '../pipeline/rows.ts';
import type { gaussianMixture } from './spec.ts';

const phases = { read: 0, start: 1, fit: 2, assign: 3 };

/** Gaussian mixture by expectation maximization, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof gaussianMixture.params>;
  const { n_components: k, covariance_type: type, reg_covar: regCovar } = values;
  const rows = await readyRows(input, values, { parameter: 'n_components', k }, job, phases.read);
  const fit = await fitMixture(
    rows,
    {
      k,
      type,
      init: values.init_params,
      starts: values.n_init,
      maxIter: values.max_iter,
      tol: values.tol,
      regCovar,
      phases,
      onObjective: (iteration, value) => job.control.objective(iteration, value),
    },
    job,
  );
  const ordered = prepareMixture(orderByWeight(fit.prepared.mixture), regCovar);
  const assigned = await assignRows(rows, ordered, job, phases.assign);
  return describeFit(rows, ordered.mixture, fit, assigned, values);
};

function describeFit(
  rows: ReadyRows,
  mixture: Mixture,
  { iterations, converged }: Fit,
  { probabilities, logLikelihood }: { probabilities: Float64Array; logLikelihood: number },
  { max_iter: maxIter, tol }: { max_iter: number; tol: number },
): AlgorithmOutput {
  const { n, p, mean, source } = rows;
  const { k, type } = mixture;
  const { samples, pixels } = source;
  const labels = new Int32Array(samples).fill(-1);
  const proba = new Float64Array(samples * k).fill(NaN);
  const entropy = new Float64Array(samples).fill(NaN);
  pixels.forEach((pixel, i) => {
    let best = 0;
    let h = 0;
    for (let c = 0; c < k; c++) {
      const r = probabilities[i * k + c]!;
      proba[pixel * k + c] = r;
      if (r > probabilities[i * k + best]!) best = c;
      if (r > 0 && r < 1) h -= r * Math.log(r);
    }
    labels[pixel] = best;
    entropy[pixel] = h;
  });
  const means = mixture.means.map((value, at) => value + mean[at % p]!);
  const count = parameterCount(type, k, p);
  const shape = { full: [k, p, p], tied: [p, p], diag: [k, p], spherical: [k] }[type];
  const notes = [...rows.notes];
  if (!converged) notes.push(notConverged(iterations, maxIter, tol));
  if (count > n) {
    notes.push(
      `The mixture has ${count} numbers to find from ${n} pixels. Use fewer columns (loadings), or a simpler covariance_type.`,
    );
  }
  return {
    arrays: {
      labels: { dtype: 'int32', shape: [samples], data: labels },
      weights: { dtype: 'float64', shape: [k], data: mixture.weights },
      means: { dtype: 'float64', shape: [k, p], data: means },
      covariances: { dtype: 'float64', shape, data: mixture.covariances },
      predict_proba: { dtype: 'float64', shape: [samples, k], data: proba },
      entropy: { dtype: 'float64', shape: [samples], data: entropy },
    },
    scalars: {
      n_components: k,
      log_likelihood: logLikelihood,
      aic: -2 * n * logLikelihood + 2 * count,
      bic: -2 * n * logLikelihood + count * Math.log(n),
      mean_entropy: entropy.reduce((sum, h) => (h > 0 ? sum + h : sum), 0) / n,
      iterations,
      converged,
    },
    notes,
  };
}

function notConverged(iterations: number, most: number, tol: number): string {
  return iterations < most
    ? `Stopped after ${iterations} iterations as you asked; the log-likelihood still changed by more than ${tol}.`
    : `The log-likelihood still changed by more than ${tol} after ${iterations} iterations. Raise max_iter, or accept a larger tol.`;
}
