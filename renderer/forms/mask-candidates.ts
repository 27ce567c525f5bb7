import type { ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes } from '../../workers/model/signal.ts';

/** Masks that were made in the window, in the shape that the choices of an input field take. */
export const maskCandidates = (results: readonly ResultRecord[]) =>
  results
    .filter(({ kind }) => kind === 'mask')
    .map(({ id, name, arrays, axes }) => ({
      id,
      name,
      shape: arrays['navigation_mask']?.shape ?? [],
      axes: navigationAxes(axes),
      dtype: 'bool',
    }));
