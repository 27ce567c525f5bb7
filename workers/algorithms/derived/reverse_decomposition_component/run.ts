import type { Run } from '../../../job.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { chosenComponents, deriveFrom, parentComponents } from '../parent.ts';
import type { reverseDecompositionComponent } from './spec.ts';

/** Negates the chosen columns of factors and loadings; a derived result. */
export const run: Run = (input, given) => {
  const { components } = given as ValuesOf<typeof reverseDecompositionComponent.params>;
  const { parent, factors, loadings, k } = parentComponents(input);
  const signs = new Float64Array(k).fill(1);
  for (const j of chosenComponents(components, k)) signs[j] = -1;
  const reverse = (data: Float64Array): Float64Array => data.map((v, at) => v * signs[at % k]!);
  return Promise.resolve(
    deriveFrom(
      parent,
      { factors: { ...factors, data: reverse(factors.data) }, loadings: { ...loadings, data: reverse(loadings.data) } },
      [],
    ),
  );
};
