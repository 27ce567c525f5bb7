import { createCrossAccumulator } from '../../../linalg/product.ts';

/** Up to this many columns a plain loop is faster than copies to kernel memory. */
const loopColumns = 16;

/** AᵀB [k × k] of two row-major matrices of k columns and equally many rows. */
export function smallProduct(a: Float64Array, b: Float64Array, k: number): Float64Array {
  if (k > loopColumns) {
    const cross = createCrossAccumulator(k, k);
    try {
      cross.add(a, b, a.length / k);
      return cross.toMatrix().data;
    } finally {
      cross.free();
    }
  }
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let at = 0; at < a.length; at += k) sum += a[at + i]! * b[at + j]!;
      out[i * k + j] = sum;
    }
  }
  return out;
}
