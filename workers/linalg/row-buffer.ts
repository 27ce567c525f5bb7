import { EigenscopeError } from '../model/errors.ts';
import type { Kernels } from '../kernels/kernels.ts';

/** Part of a block of rows, copied to kernel memory as float64. */
export interface BufferedRows {
  address: number;
  /** first row within the block */
  start: number;
  count: number;
}

export interface RowBuffer {
  /** Copies the block piece by piece; each piece is valid until the next one is asked for. */
  fill(block: Float64Array | Float32Array, rows: number): Generator<BufferedRows>;
  /** most rows in one piece */
  capacity: number;
  free(): void;
}

/** Bytes of the buffer: a few slabs of the product kernels, small beside a cache of the third level. */
const bufferBytes = 4 * 2 ** 20;

/**
 * Kernel memory for rows of `cols` values. A multiple of 256 rows where it fits: the slab depth of the kernels.
 * @param most rows in one piece at most, where fewer than fit are wanted
 */
export function createRowBuffer(k: Kernels, cols: number, most = Infinity): RowBuffer {
  const fitting = Math.floor(bufferBytes / (Math.max(cols, 1) * 8));
  const capacity = Math.min(most, Math.max(256, Math.floor(fitting / 256) * 256));
  const wide = k.allocate(capacity * cols * 8);
  let narrow = 0;
  return {
    capacity,
    *fill(block, rows) {
      if (block.length < rows * cols) {
        throw new EigenscopeError(
          'shape-mismatch',
          `A block of ${rows} rows of ${cols} values needs ${rows * cols} values; got ${block.length}.`,
          { rows, cols, found: block.length },
        );
      }
      const single = block instanceof Float32Array;
      if (single && narrow === 0) narrow = k.allocate(capacity * cols * 4);
      for (let start = 0; start < rows; start += capacity) {
        const count = Math.min(capacity, rows - start);
        const values = count * cols;
        if (single) {
          k.f32(narrow, values).set(block.subarray(start * cols, start * cols + values));
          k.run.promote(values, narrow, wide);
        } else k.f64(wide, values).set(block.subarray(start * cols, start * cols + values));
        yield { address: wide, start, count };
      }
    },
    free() {
      if (narrow !== 0) k.free(narrow);
      k.free(wide);
    },
  };
}
