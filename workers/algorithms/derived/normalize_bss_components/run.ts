import type { Run } from '../../../job.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { normalizeComponents } from '../normalize_decomposition_components/run.ts';
import { deriveFrom, parentComponents } from '../parent.ts';
import { isOnLoadings, scaleUnmixing } from '../separated.ts';
import type { normalizeBssComponents } from './spec.ts';

/** Divides one side of every separated component by its size and multiplies the other; the unmixing goes along. */
export const run: Run = (input, given) => {
  const { target, function: size } = given as ValuesOf<typeof normalizeBssComponents.params>;
  const { parent, ...components } = parentComponents(input, { factors: 'bss_factors', loadings: 'bss_loadings' });
  const { factors, loadings, divided, notes } = normalizeComponents(components, target, size);
  const isDivided = (target === 'loadings') === isOnLoadings(parent);
  const unmixing = scaleUnmixing(parent, (row) => (isDivided ? 1 / divided[row]! : divided[row]!));
  return Promise.resolve(deriveFrom(parent, { bss_factors: factors, bss_loadings: loadings, ...unmixing }, notes));
};
