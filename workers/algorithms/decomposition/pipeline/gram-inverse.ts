import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';

/** Components this much weaker than the strongest say nothing: they get no share in a fit. */
const weakest = 1e-13;
const nearlyOrthogonal = 1e-9;
/** Directions of the scaled Gram matrix below this count as dependent. */
const dependent = 1e-11;

/**
 * G⁺ of a Gram matrix G = FᵀF [k × k] whose columns may differ by many orders of magnitude: G = D Ĝ D with unit diagonal
 * of Ĝ, G⁺ = D⁻¹ Ĝ⁺ D⁻¹. Squaring then costs no digits to weak components.
 */
export function invertGram(gram: Matrix): Matrix {
  const k = gram.rows;
  const lengths = Float64Array.from({ length: k }, (_, j) => Math.sqrt(Math.max(0, gram.data[j * k + j]!)));
  const strongest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const inverse = lengths.map((d) => (d > weakest * strongest ? 1 / d : 0));
  const scaled = createMatrix(k, k);
  let coupling = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const value = i === j ? Math.sign(inverse[i]!) : gram.data[i * k + j]! * inverse[i]! * inverse[j]!;
      scaled.data[i * k + j] = value;
      if (i !== j) coupling = Math.max(coupling, Math.abs(value));
    }
  }
  const result = coupling < nearlyOrthogonal ? firstOrderInverse(scaled) : pseudoInverse(scaled);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) result.data[i * k + j]! *= inverse[i]! * inverse[j]!;
  return result;
}

/** 2I − Ĝ, exact to the square of the coupling. */
function firstOrderInverse(scaled: Matrix): Matrix {
  const k = scaled.rows;
  return createMatrix(
    k,
    k,
    scaled.data.map((v, at) => (Math.floor(at / k) === at % k ? v : -v)),
  );
}

function pseudoInverse(scaled: Matrix): Matrix {
  const k = scaled.rows;
  const { values, vectors } = eigh(scaled);
  const half = createMatrix(k, k);
  const least = dependent * (values[0] ?? 0);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      half.data[i * k + j] = values[j]! > least ? vectors.data[i * k + j]! / Math.sqrt(values[j]!) : 0;
    }
  }
  return multiply(half, half, { transposeB: true });
}
