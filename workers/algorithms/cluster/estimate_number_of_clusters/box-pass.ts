import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRightMultiplier } from '../../../linalg/product.ts';

interface BoxShared {
  /** axes as columns [cols × k] */
  axes: Float64Array;
  k: number;
  mean: Float64Array;
}

export interface Box {
  min: Float64Array;
  max: Float64Array;
}

/** How far rows reach along axes, about their mean. */
export const boxOnAxesPass: Pass<BoxShared, Box> = {
  id: 'cluster-box',
  stateBytes: (cols, { k }) => 16 * k + Math.min(8 * cols * k, 2 * 2 ** 20),
  partial(cols, { axes, k, mean }, next) {
    const min = new Float64Array(k).fill(Infinity);
    const max = new Float64Array(k).fill(-Infinity);
    const kernel = kernels();
    const multiplier = createRightMultiplier({ rows: cols, cols: k, data: axes });
    try {
      for (let block = next(); block; block = next()) {
        const data = block.data.slice();
        for (let r = 0, at = 0; r < block.rows; r++) for (let j = 0; j < cols; j++, at++) data[at]! -= mean[j]!;
        multiplier.each(data, block.rows, (address, _start, count) => {
          const products = kernel.f64(address, count * k);
          for (let r = 0, at = 0; r < count; r++) {
            for (let j = 0; j < k; j++, at++) {
              const value = products[at]!;
              if (value < min[j]!) min[j] = value;
              if (value > max[j]!) max[j] = value;
            }
          }
        });
      }
      return { min, max };
    } finally {
      multiplier.free();
    }
  },
  merge(a, b) {
    for (let j = 0; j < a.min.length; j++) {
      a.min[j] = Math.min(a.min[j]!, b.min[j]!);
      a.max[j] = Math.max(a.max[j]!, b.max[j]!);
    }
    return a;
  },
};
