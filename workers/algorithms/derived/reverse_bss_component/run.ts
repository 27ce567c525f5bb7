import type { Run } from '../../../job.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { chosenComponents, deriveFrom, parentComponents } from '../parent.ts';
import { scaleUnmixing } from '../separated.ts';
import type { reverseBssComponent } from './spec.ts';

/** Negates the chosen columns of spectra and maps and the rows of the unmixing; a derived result. */
export const run: Run = (input, given) => {
  const { components } = given as ValuesOf<typeof reverseBssComponent.params>;
  const { parent, factors, loadings, k } = parentComponents(input, {
    factors: 'bss_factors',
    loadings: 'bss_loadings',
  });
  const signs = new Float64Array(k).fill(1);
  for (const j of chosenComponents(components, k)) signs[j] = -1;
  const reverse = (data: Float64Array): Float64Array => data.map((v, at) => v * signs[at % k]!);
  return Promise.resolve(
    deriveFrom(
      parent,
      {
        bss_factors: { ...factors, data: reverse(factors.data) },
        bss_loadings: { ...loadings, data: reverse(loadings.data) },
        ...scaleUnmixing(parent, (row) => signs[row]!),
      },
      [],
    ),
  );
};
