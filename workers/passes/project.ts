import type { Block, Pass } from '../job.ts';
import { kernels } from '../kernels/kernels.ts';
import { createRightMultiplier, type RightMultiplier } from '../linalg/product.ts';

export interface ProjectShared {
  /** [cols × k] row-major */
  v: Float64Array;
  k: number;
  /** result rows of `stride` numbers in shared memory; row r of A goes to row `rows[r]` (r without), from `column` on */
  out: Float64Array;
  stride: number;
  column: number;
  rows?: Int32Array;
  /** factor for each row of A·V as it is written */
  scale?: Float64Array;
}

/** Of the columns of A·V, before scaling. */
export interface Projection {
  /** sum of squares of each column */
  energy: Float64Array;
  /** entry of the largest absolute value of each column, the first on ties */
  peak: Float64Array;
}

/** A·V, written to shared memory row by row. */
export const projectPass: Pass<ProjectShared, Projection> = {
  id: 'project',
  // Every part packs V anew: a large one asks for fewer, longer parts.
  stateBytes: (cols, { k }) => 16 * k + Math.min(8 * cols * k, 2 * 2 ** 20),
  partial(cols, shared, next) {
    const { k } = shared;
    return projectBlocks(createRightMultiplier({ rows: cols, cols: k, data: shared.v }), shared, next);
  },
  merge: mergeProjections,
};

export function mergeProjections(a: Projection, b: Projection): Projection {
  for (let j = 0; j < a.energy.length; j++) {
    a.energy[j]! += b.energy[j]!;
    if (Math.abs(b.peak[j]!) > Math.abs(a.peak[j]!)) a.peak[j] = b.peak[j]!;
  }
  return a;
}

/** Multiplies all rows of a part and writes the products; frees the multiplier. */
export function projectBlocks(
  multiplier: Pick<RightMultiplier, 'each' | 'free'>,
  shared: ProjectShared,
  next: () => Block | null,
): Projection {
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
}

export interface RowTaker {
  /** Writes `count` products at `address` in kernel memory, rows of A from `first` on, to their places; changes them. */
  take(first: number, count: number, address: number): void;
  projection(): Projection;
  free(): void;
}

/** Gathers what is told of the columns of A·V and writes the rows, while they are still near the core. */
export function createRowTaker({ k, out, stride, column, rows, scale }: ProjectShared): RowTaker {
  const kernel = kernels();
  const bytes = Math.max(1, k) * 8;
  const [energy, largest, peak] = [kernel.allocate(bytes), kernel.allocate(bytes), kernel.allocate(bytes)];
  for (const address of [energy, largest, peak]) kernel.f64(address, k).fill(0);
  return {
    take(first, count, address) {
      kernel.scope((allocate) => {
        const factors = scale ? allocate(count * 8) : 0;
        if (scale) kernel.f64(factors, count).set(scale.subarray(first, first + count));
        kernel.run.takeColumns(count, k, address, energy, largest, peak, factors);
      });
      const products = kernel.f64(address, count * k);
      if (!rows && stride === k && column === 0) return out.set(products, first * k);
      for (let r = 0; r < count; r++) {
        const row = rows ? rows[first + r]! : first + r;
        out.set(products.subarray(r * k, (r + 1) * k), row * stride + column);
      }
    },
    projection: () => ({ energy: kernel.f64(energy, k).slice(), peak: kernel.f64(peak, k).slice() }),
    free: () => [peak, largest, energy].forEach((address) => kernel.free(address)),
  };
}
