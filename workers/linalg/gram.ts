import { kernels } from '../kernels/kernels.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { createRowBuffer } from './row-buffer.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';

/** Sums XᵀX over blocks of rows of X (rows × m), in float64. Holds m² values of kernel memory until `free`. */
export interface GramAccumulator {
  readonly size: number;
  /** `block` holds rows × m values, row-major; float32 is converted exactly. */
  add(block: Float64Array | Float32Array, rows: number, check?: Check): void;
  /** The full symmetric m × m matrix of what was added so far. */
  toMatrix(): Matrix;
  free(): void;
}

/** RᵀR [k × k] of the rows of a row-major matrix of k columns. */
export function gramOf(rows: Float64Array, k: number): Float64Array {
  const gram = createGram(k);
  try {
    gram.add(rows, k === 0 ? 0 : rows.length / k);
    return gram.toMatrix().data;
  } finally {
    gram.free();
  }
}

export function createGram(m: number): GramAccumulator {
  const k = kernels();
  const sum = k.allocate(m * m * 8);
  const scratch = k.allocate(k.run.scratch64(m));
  const buffer = createRowBuffer(k, m);
  k.f64(sum, m * m).fill(0);
  return {
    size: m,
    add(block, rows, check = neverCancelled) {
      for (const { address, count } of buffer.fill(block, rows)) {
        check();
        k.run.gram64(m, count, address, m * 8, sum, m * 8, scratch);
      }
    },
    toMatrix() {
      k.run.mirror64(m, sum, m * 8);
      return createMatrix(m, m, k.f64(sum, m * m).slice());
    },
    free() {
      buffer.free();
      k.free(scratch);
      k.free(sum);
    },
  };
}
