import type { Run } from '../../../job.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { assignRows, fitMixture } from '../pipeline/fit.ts';
import { parameterCount } from '../../../specs/mixture-params.ts';
import { readyRows } from '../pipeline/rows.ts';
import { usualNumbers, type gaussianMixtureSelection } from './spec.ts';

const phases = { read: 0, start: 1, fit: 2 };

/** AIC and BIC of mixtures of several numbers of components, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof gaussianMixtureSelection.params>;
  const numbers = values.n_components ?? usualNumbers;
  const { covariance_type: type } = values;
  const most = Math.max(...numbers);
  const rows = await readyRows(input, values, { parameter: 'n_components', k: most }, job, phases.read);
  const curves = {
    aic: new Float64Array(numbers.length),
    bic: new Float64Array(numbers.length),
    log_likelihood: new Float64Array(numbers.length),
  };
  const unsettled: number[] = [];
  for (const [i, k] of numbers.entries()) {
    const options = {
      k,
      type,
      init: values.init_params,
      starts: values.n_init,
      maxIter: values.max_iter,
      tol: values.tol,
      regCovar: values.reg_covar,
      phases,
    };
    const fit = await fitMixture(rows, options, job);
    const { logLikelihood } = await assignRows(rows, fit.prepared, job, phases.fit);
    const count = parameterCount(type, k, rows.p);
    curves.log_likelihood[i] = logLikelihood;
    curves.aic[i] = -2 * rows.n * logLikelihood + 2 * count;
    curves.bic[i] = -2 * rows.n * logLikelihood + count * Math.log(rows.n);
    if (!fit.converged) unsettled.push(k);
  }
  const shape = [numbers.length];
  const lowest = (curve: Float64Array): number =>
    numbers[curve.reduce((best, value, i) => (value < curve[best]! ? i : best), 0)]!;
  const best = { aic: lowest(curves.aic), bic: lowest(curves.bic) };
  const notes = [...rows.notes];
  if (unsettled.length > 0) {
    notes.push(
      `The fits of ${unsettled.join(', ')} components had not settled when max_iter ended them. Raise max_iter.`,
    );
  }
  if (numbers.length > 2 && best.bic === most) {
    notes.push(`BIC is still falling at ${most}, the largest number tried. Try larger numbers.`);
  }
  return {
    arrays: {
      n_components: { dtype: 'int32', shape, data: Int32Array.from(numbers) },
      aic: { dtype: 'float64', shape, data: curves.aic },
      bic: { dtype: 'float64', shape, data: curves.bic },
      log_likelihood: { dtype: 'float64', shape, data: curves.log_likelihood },
    },
    scalars: { best_k_aic: best.aic, best_k_bic: best.bic, converged: unsettled.length === 0 },
    notes,
  };
};
