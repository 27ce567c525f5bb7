import type { Pass } from '../job.ts';
import { createSplitMultiplier } from '../linalg/split-product.ts';
import type { SplitRule } from '../linalg/split-rows.ts';
import { createRowTaker, mergeProjections, type Projection, type ProjectShared } from './project.ts';

export interface SplitProjectShared extends ProjectShared {
  rule: SplitRule;
  /** Wᵀ V [t × k] */
  strongV: Float64Array;
}

/** A·V as `projectPass` writes it, the bulk of the products in single precision: see createSplitMultiplier. */
export const splitProjectPass: Pass<SplitProjectShared, Projection> = {
  id: 'split-project',
  // Every part packs V anew: a large one asks for fewer, longer parts.
  stateBytes: (cols, { k }) => 16 * k + Math.min(8 * cols * k, 2 * 2 ** 20),
  partial(cols, shared, next) {
    const { k, v, strongV, rule } = shared;
    const multiplier = createSplitMultiplier({ rows: cols, cols: k, data: v }, strongV, rule);
    const taker = createRowTaker(shared);
    try {
      for (let block = next(); block; block = next()) {
        const first = block.start;
        multiplier.each(block.data, block.rows, (address, start, count) => taker.take(first + start, count, address));
      }
      return taker.projection();
    } finally {
      taker.free();
      multiplier.free();
    }
  },
  merge: mergeProjections,
};
