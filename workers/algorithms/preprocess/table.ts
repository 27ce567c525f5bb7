import { EigenscopeError } from '../../model/errors.ts';
import type { Preparation } from './pipeline/preparation.ts';

/** Where the code of each preparation step is, by its id; loaded when first used. */
const steps: Readonly<Record<string, () => Promise<{ step: Preparation<never> }>>> = {
  crop: () => import('./crop/step.ts'),
  select_region: () => import('./select_region/step.ts'),
  select_pixels: () => import('./select_pixels/step.ts'),
  rebin: () => import('./rebin/step.ts'),
  reduce_axis: () => import('./reduce_axis/step.ts'),
  remove_background: () => import('./remove_background/step.ts'),
  remove_spikes: () => import('./remove_spikes/step.ts'),
  remove_dead_pixels: () => import('./remove_dead_pixels/step.ts'),
  align_peak: () => import('./align_peak/step.ts'),
  reflectance: () => import('./reflectance/step.ts'),
  smooth: () => import('./smooth/step.ts'),
  derivative: () => import('./derivative/step.ts'),
  normalize: () => import('./normalize/step.ts'),
  transpose: () => import('./transpose/step.ts'),
  set_axis: () => import('./set_axis/step.ts'),
  stack: () => import('./stack/step.ts'),
  merge: () => import('./merge/step.ts'),
  change_dtype: () => import('./change_dtype/step.ts'),
  complex_part: () => import('./complex_part/step.ts'),
};

/** @throws EigenscopeError `unknown-operation` */
export async function loadPreparation(operation: string): Promise<Preparation<unknown>> {
  const load = Object.hasOwn(steps, operation) ? steps[operation] : undefined;
  if (load === undefined) {
    throw new EigenscopeError('unknown-operation', `There is no preparation step ${operation} in this version.`);
  }
  return (await load()).step as Preparation<unknown>;
}
