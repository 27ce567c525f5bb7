import type { Pass } from '../job.ts';
import { createSplitGram, type SplitGramSums } from '../linalg/split-gram.ts';
import type { SplitRule } from '../linalg/split-rows.ts';

/** The sums from which AᵀA follows, the bulk of the products in single precision: see createSplitGram. */
export const splitGramPass: Pass<SplitRule, SplitGramSums> = {
  id: 'split-gram',
  stateBytes: (cols, { t }) => 8 * (cols * cols + t * cols + t * t),
  partial(cols, rule, next) {
    const gram = createSplitGram(cols, rule);
    try {
      for (let block = next(); block; block = next()) gram.add(block.data, block.rows);
      return gram.sums();
    } finally {
      gram.free();
    }
  },
  merge(a, b) {
    addTo(a.remainder, b.remainder);
    addTo(a.coupling, b.coupling);
    addTo(a.strong, b.strong);
    return a;
  },
};

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}
