import { createGram } from '../../../linalg/gram.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import type { Check } from '../../../linalg/control-check.ts';

/** Rows of products that are made at a time. */
const blockValues = 2 ** 18;

/** `exact`: √2 (E[…] − e_i e_jᵀ − e_j e_iᵀ); `mdp`: √2 E[…] − e_i e_jᵀ − e_j e_iᵀ, the constant without its √2. */
export type CumulantScaling = 'mdp' | 'exact';

/**
 * The cumulant matrices of white samples y [samples × k], k(k+1)/2 of them, one after the other: for every i
 * E[y_i² y yᵀ] − I − 2 e_i e_iᵀ, for every j < i √2 (E[y_i y_j y yᵀ] − e_i e_jᵀ − e_j e_iᵀ), up to the scaling.
 * All fourth moments come from one Gram matrix, that of the products y_i y_j.
 * @see Cardoso, Neural Comput. 11, 157 (1999), section 3.2
 */
export function cumulantMatrices(y: Matrix, scaling: CumulantScaling, check: Check): Float64Array {
  const { rows, cols: k } = y;
  const pairs: [number, number][] = [];
  for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) pairs.push([i, j]);
  const moments = momentsOf(y, pairs, check);
  const place = (i: number, j: number): number => (i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i);
  const out = new Float64Array(pairs.length * k * k);
  pairs.forEach(([i, j], matrix) => {
    const offset = matrix * k * k;
    const factor = i === j ? 1 : Math.SQRT2;
    const weight = scaling === 'exact' ? factor : 1;
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        const constant = (i === j && a === b ? 1 : 0) + (a === i && b === j ? 1 : 0) + (a === j && b === i ? 1 : 0);
        out[offset + a * k + b] = (factor * moments[matrix * pairs.length + place(a, b)]!) / rows - weight * constant;
      }
    }
  });
  return out;
}

/** Σ over samples of (y_i y_j)(y_a y_b) for all pairs. */
function momentsOf(y: Matrix, pairs: readonly [number, number][], check: Check): Float64Array {
  const { rows, cols: k, data } = y;
  const width = pairs.length;
  const step = Math.max(1, Math.floor(blockValues / width));
  const block = new Float64Array(Math.min(step, rows) * width);
  const gram = createGram(width);
  try {
    for (let first = 0; first < rows; first += step) {
      check();
      const count = Math.min(step, rows - first);
      let to = 0;
      for (let t = first; t < first + count; t++) {
        for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) block[to++] = data[t * k + i]! * data[t * k + j]!;
      }
      gram.add(block.subarray(0, count * width), count);
    }
    return gram.toMatrix().data;
  } finally {
    gram.free();
  }
}
