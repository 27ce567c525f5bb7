import type { Random } from '../../../linalg/random.ts';

/** What happens to the zeros that NNDSVD leaves: nothing, the mean of the data, or small random numbers. */
export type NndsvdVariant = 'nndsvd' | 'nndsvda' | 'nndsvdar';

/** The leading singular triplets X ≈ U diag(s) Vᵀ; the sign of each pair (u, v) does not matter. */
export interface SingularTriplets {
  k: number;
  /** U [rows × k], row-major, unit columns */
  left: Float64Array;
  /** V [cols × k], row-major, unit columns */
  right: Float64Array;
  /** s, k values, descending */
  values: Float64Array;
}

/** A non-negative start X ≈ W Hᵀ: W [rows × k] and H [cols × k] (the transpose of scikit-learn's H), row-major. */
export interface NonNegativeStart {
  w: Float64Array;
  h: Float64Array;
}

/** Smaller values of a start count as 0. */
const smallest = 1e-6;

/**
 * Non-negative double SVD: of every pair (u, v) the heavier of the two non-negative halves, u⁺v⁺ᵀ or u⁻v⁻ᵀ, which is the
 * best non-negative rank-one part of it. Equal halves take the negative one.
 * @param mean mean of all values of X; fills the zeros of `nndsvda` and scales the random ones of `nndsvdar`
 * @param random for `nndsvdar` alone: drawn for the zeros of W row by row, then for those of H
 * @see Boutsidis & Gallopoulos, Pattern Recognition 41, 1350 (2008), table 1
 */
export function nndsvd(
  triplets: SingularTriplets,
  variant: NndsvdVariant,
  mean: number,
  random: Random,
): NonNegativeStart {
  const { k, left, right, values } = triplets;
  const w = new Float64Array(left.length);
  const h = new Float64Array(right.length);
  for (let j = 0; j < k; j++) {
    const u = halves(left, k, j);
    const v = halves(right, k, j);
    const plus = u.plus * v.plus;
    const minus = u.minus * v.minus;
    if (j === 0) {
      // the leading pair of a non-negative matrix has one sign (Perron–Frobenius); rounding may leave specks of the other
      writeHalf(left, k, j, 0, Math.sqrt(values[j]!), w);
      writeHalf(right, k, j, 0, Math.sqrt(values[j]!), h);
      continue;
    }
    const positive = plus > minus;
    const mass = positive ? plus : minus;
    const size = Math.sqrt(values[j]! * mass);
    const sign = positive ? 1 : -1;
    writeHalf(left, k, j, sign, mass > 0 ? size / (positive ? u.plus : u.minus) : 0, w);
    writeHalf(right, k, j, sign, mass > 0 ? size / (positive ? v.plus : v.minus) : 0, h);
  }
  for (const start of [w, h]) {
    for (let at = 0; at < start.length; at++) if (start[at]! < smallest) start[at] = 0;
    fillZeros(start, variant, mean, random);
  }
  return { w, h };
}

/** A random start: |√(mean/k) · gaussian|, H drawn before W as in scikit-learn. */
export function randomStart(rows: number, cols: number, k: number, mean: number, random: Random): NonNegativeStart {
  const size = Math.sqrt(mean / k);
  const draw = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () => Math.abs(size * random.gaussian()));
  const h = draw(cols * k);
  return { w: draw(rows * k), h };
}

/** Euclidean lengths of the positive and of the negative part of column j. */
function halves(rows: Float64Array, k: number, j: number): { plus: number; minus: number } {
  let plus = 0;
  let minus = 0;
  for (let at = j; at < rows.length; at += k) {
    const value = rows[at]!;
    if (value > 0) plus += value * value;
    else minus += value * value;
  }
  return { plus: Math.sqrt(plus), minus: Math.sqrt(minus) };
}

/** Column j of `out` = size times the half of this sign of column j, or its absolute values for sign 0. */
function writeHalf(rows: Float64Array, k: number, j: number, sign: number, size: number, out: Float64Array): void {
  for (let at = j; at < rows.length; at += k) {
    const value = rows[at]!;
    out[at] = size * (sign === 0 ? Math.abs(value) : Math.max(0, sign * value));
  }
}

function fillZeros(start: Float64Array, variant: NndsvdVariant, mean: number, random: Random): void {
  if (variant === 'nndsvd') return;
  for (let at = 0; at < start.length; at++) {
    if (start[at] === 0) start[at] = variant === 'nndsvda' ? mean : Math.abs((mean * random.gaussian()) / 100);
  }
}
