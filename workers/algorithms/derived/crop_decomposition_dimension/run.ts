import { EigenscopeError } from '../../../model/errors.ts';
import type { Run } from '../../../job.ts';
import type { ResultArray } from '../../../model/result.ts';
import { deriveFrom, parentComponents, pickColumns } from '../parent.ts';

/** Cuts factors, loadings and explained variance to the first n components, not the ratio; a derived result. */
export const run: Run = (input, given) => {
  const n = given.n as number;
  const { parent, factors, loadings, k } = parentComponents(input);
  if (n > k) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `n must be from 1 to ${k}, the components there are; got ${n}.`,
      {
        parameter: 'n',
        available: k,
      },
    );
  }
  const first = Array.from({ length: n }, (_, i) => i);
  const cropped: Record<string, ResultArray> = {
    factors: { dtype: 'float64', shape: [factors.shape[0]!, n], data: pickColumns(factors, first) },
    loadings: { dtype: 'float64', shape: [loadings.shape[0]!, n], data: pickColumns(loadings, first) },
  };
  const variance = parent.arrays.explained_variance;
  if (variance?.dtype === 'float64' && variance.data.length > n) {
    cropped.explained_variance = { dtype: 'float64', shape: [n], data: variance.data.slice(0, n) };
  }
  return Promise.resolve(deriveFrom(parent, cropped, []));
};
