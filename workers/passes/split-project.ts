import type { Pass } from '../job.ts';
import { createSplitMultiplier } from '../linalg/split-product.ts';
import type { SplitRule } from '../linalg/split-rows.ts';
import { mergeProjections, projectBlocks, projectPass, type Projection, type ProjectShared } from './project.ts';

export interface SplitProjectShared extends ProjectShared {
  rule: SplitRule;
  /** Wᵀ V [t × k] */
  strongV: Float64Array;
}

/** A·V as `projectPass` writes it, the bulk of the products in single precision: see createSplitMultiplier. */
export const splitProjectPass: Pass<SplitProjectShared, Projection> = {
  id: 'split-project',
  stateBytes: projectPass.stateBytes,
  partial(cols, shared, next) {
    const { k, v, strongV, rule } = shared;
    return projectBlocks(createSplitMultiplier({ rows: cols, cols: k, data: v }, strongV, rule), shared, next);
  },
  merge: mergeProjections,
};
