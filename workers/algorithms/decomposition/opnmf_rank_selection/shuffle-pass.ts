import type { Pass } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';

export interface ShuffleShared {
  /** takes the rows, in shared memory, [rows × cols] */
  out: Float64Array;
  seed: number;
}

/** Writes every row of A with its values in random order. A row's order depends on the seed and its number alone. */
export const shufflePass: Pass<ShuffleShared, null> = {
  id: 'shuffle-rows',
  stateBytes: () => 8,
  partial(cols, { out, seed }, next) {
    const random = createRandom(seed);
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        const row = block.start + r;
        const own = random.fork(row);
        const values = block.data.subarray(r * cols, (r + 1) * cols);
        for (let i = cols - 1; i > 0; i--) {
          const j = own.integer(i + 1);
          [values[i], values[j]] = [values[j]!, values[i]!];
        }
        out.set(values, row * cols);
      }
    }
    return null;
  },
  merge: () => null,
};
