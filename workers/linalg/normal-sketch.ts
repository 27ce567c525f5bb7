import { kernels } from '../kernels/kernels.ts';
import { createMatrix, type Matrix } from './matrix.ts';

/** Sums AᵀAΩ over blocks of rows of A (rows × m) for few columns of Ω (m × l), in float32: see createNormalSketch. */
export interface NormalSketch {
  /** `block` holds rows × m values, row-major. */
  add(block: Float64Array, rows: number): void;
  /** m × l */
  toMatrix(): Matrix;
  free(): void;
}

const bufferBytes = 2 * 2 ** 20;

/**
 * AᵀA·Ω in single precision, good to about 1e-6 of its norm: enough to find directions that are then used in double
 * precision, at twice the speed and half the memory traffic. Values of A whose squares leave the range of float32
 * give infinity or zero; the caller looks for that.
 */
export function createNormalSketch(omega: Matrix): NormalSketch {
  const k = kernels();
  const { rows: m, cols: l } = omega;
  const capacity = Math.max(48, Math.floor(bufferBytes / (4 * Math.max(1, m))));
  const packed = k.allocate(k.run.packedBytes32(m, l));
  k.scope((allocate) => {
    const plain = allocate(m * l * 4);
    k.f32(plain, m * l).set(omega.data);
    k.run.packRight32(m, l, plain, l * 4, packed);
  });
  const left = k.allocate(capacity * m * 4);
  const product = k.allocate(capacity * l * 4);
  // transposed (l × m): then the long side is read in place of being transposed
  const sum = k.allocate(m * l * 4);
  const scratch = k.allocate(k.run.scratch32(m));
  const edge = k.allocate(192);
  k.f32(sum, m * l).fill(0);
  return {
    add(block, rows) {
      for (let start = 0; start < rows; start += capacity) {
        const count = Math.min(capacity, rows - start);
        k.f32(left, count * m).set(block.subarray(start * m, (start + count) * m));
        k.f32(product, count * l).fill(0);
        k.run.multiplyRight32(count, l, m, left, m * 4, packed, product, l * 4, edge);
        k.run.gemm32(l, m, count, product, l * 4, true, left, m * 4, false, sum, m * 4, scratch);
      }
    },
    toMatrix() {
      const values = k.f32(sum, m * l);
      const matrix = createMatrix(m, l);
      for (let i = 0; i < m; i++) for (let j = 0; j < l; j++) matrix.data[i * l + j] = values[j * m + i]!;
      return matrix;
    },
    free() {
      for (const address of [edge, scratch, sum, product, left, packed]) k.free(address);
    },
  };
}
