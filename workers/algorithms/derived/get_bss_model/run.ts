import type { ParentResult, Run } from '../../../job.ts';
import type { ResultArray } from '../../../model/result.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { buildModel } from '../get_decomposition_model/run.ts';
import { parentComponents } from '../parent.ts';
import type { getBssModel } from './spec.ts';

/** The model of chosen separated components plus the mean that the decomposition subtracted; see `buildModel`. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof getBssModel.params>;
  const { parent, ...components } = parentComponents(input, { factors: 'bss_factors', loadings: 'bss_loadings' });
  return buildModel(input, components, meanOf(parent), values, job);
};

/** The mean that the nearest result up to the decomposition holds. */
function meanOf(result: ParentResult): ResultArray | null {
  for (let at: ParentResult | undefined = result; at; at = at.parent) {
    if (at.arrays['mean']) return at.arrays['mean'];
    if (at.operation === 'decomposition') return null;
  }
  return null;
}
