import type { Pass } from '../job.ts';
import { createGram } from '../linalg/gram.ts';

/** G = AᵀA [cols × cols], full and symmetric, row-major. */
export const gramPass: Pass<null, Float64Array> = {
  id: 'gram',
  stateBytes: (cols) => 8 * cols * cols,
  partial(cols, _shared, next) {
    const gram = createGram(cols);
    try {
      for (let block = next(); block; block = next()) gram.add(block.data, block.rows);
      return gram.toMatrix().data;
    } finally {
      gram.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
    return a;
  },
};
