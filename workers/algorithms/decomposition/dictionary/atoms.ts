import { smallProduct } from './small-product.ts';

/**
 * k atoms D [k × pixels], in coordinates that depend on how the data are held: either the values of Dᵀ [pixels × k]
 * themselves, or the combinations P [channels × k] of the channel maps that they are, Dᵀ = X·P.
 */
export interface Atoms {
  /** row-major, k numbers a row */
  coordinates: Float64Array;
  /** XᵀDᵀ [channels × k]: products of every channel map with every atom */
  correlations: Float64Array;
  /** DDᵀ [k × k] */
  gram: Float64Array;
}

/** The data as dictionary learning sees them: channel maps (columns of the centred X) and combinations of them. */
export interface AtomSpace {
  k: number;
  channels: number;
  /** ‖X‖² */
  energy: number;
  /** ‖x_j‖² of every channel map where it is known, else their mean: for the size of noise */
  mapEnergy(channel: number): number;
  /** S·Vᵀ of the singular value decomposition Xᵀ = U S Vᵀ */
  start: Atoms;
  /** DDᵀ of given atoms, from coordinates and correlations */
  gramOf(coordinates: Float64Array, correlations: Float64Array): Float64Array;
  /** Room for other atoms, contents undefined: rounds reuse a few of these. */
  allocate(): Atoms;
  /**
   * One round of atom updates in order, see `updateAtom`.
   * @param codes C [channels × k]; the column of an unused atom holds the combination of channel maps that replaces it
   * @param codeGram CᵀC without these columns
   * @param out takes the new atoms; not the same as `atoms`
   */
  update(atoms: Atoms, codes: Float64Array, codeGram: Float64Array, out: Atoms): Promise<void>;
  /** the value of the largest size of every atom over the pixels, the first on ties */
  peaks(atoms: Pick<Atoms, 'coordinates'>): Promise<Float64Array>;
  free(): void;
}

/** An atom whose codes have a smaller sum of squares than this is unused. */
export const unused = 1e-6;

/**
 * D_r ← D_r + (B_r − Σ_s A_rs D_s) / A_rr, in place, for column r of row-major vectors of k columns; an unused atom becomes B_r.
 * @param a A = CᵀC [k × k] @param b B = X·C in the same coordinates
 * @see Mairal, Bach, Ponce & Sapiro, J. Mach. Learn. Res. 11, 19 (2010), algorithm 2
 */
export function updateAtom(vectors: Float64Array, b: Float64Array, a: Float64Array, r: number, k: number): void {
  const own = a[r * k + r]!;
  if (!(own > unused)) {
    for (let at = r; at < vectors.length; at += k) vectors[at] = b[at]!;
    return;
  }
  for (let at = 0; at < vectors.length; at += k) {
    let sum = b[at + r]!;
    for (let s = 0; s < k; s++) sum -= a[r * k + s]! * vectors[at + s]!;
    vectors[at + r]! += sum / own;
  }
}

/** Multiplies column r by a factor. */
export function scaleColumn(vectors: Float64Array, r: number, k: number, factor: number): void {
  if (factor === 1) return;
  for (let at = r; at < vectors.length; at += k) vectors[at]! *= factor;
}

/** Σ_i a_ir b_ir of two row-major arrays of k columns. */
export function columnProduct(a: Float64Array, b: Float64Array, r: number, k: number): number {
  let sum = 0;
  for (let at = r; at < a.length; at += k) sum += a[at]! * b[at]!;
  return sum;
}

/** The factor that brings an atom of this squared length back to length 1 when it is longer. */
export const shrinkToUnit = (square: number): number => (square > 1 ? 1 / Math.sqrt(square) : 1);

/** D + beta (D − before), every atom no longer than 1, written to `out`. */
export function extrapolate(space: AtomSpace, now: Atoms, before: Atoms, beta: number, out: Atoms): void {
  const { k } = space;
  reachBeyond(now.coordinates, before.coordinates, beta, out.coordinates);
  reachBeyond(now.correlations, before.correlations, beta, out.correlations);
  const gram = space.gramOf(out.coordinates, out.correlations);
  const factors = Float64Array.from({ length: k }, (_, r) => shrinkToUnit(gram[r * k + r]!));
  for (let r = 0; r < k; r++) {
    scaleColumn(out.coordinates, r, k, factors[r]!);
    scaleColumn(out.correlations, r, k, factors[r]!);
    for (let s = 0; s < k; s++) gram[r * k + s]! *= factors[r]! * factors[s]!;
  }
  out.gram = gram;
}

function reachBeyond(now: Float64Array, before: Float64Array, beta: number, out: Float64Array): void {
  for (let at = 0; at < out.length; at++) out[at] = now[at]! + beta * (now[at]! - before[at]!);
}

/**
 * ½ ‖Xᵀ − C·D‖² + alpha ‖C‖₁ from products alone. Good to about 1e-15 ‖X‖².
 * @param codeGram CᵀC [k × k]
 */
export function dictionaryCost(
  energy: number,
  { correlations, gram }: Atoms,
  codes: Float64Array,
  codeGram: Float64Array,
  alpha: number,
): number {
  let cross = 0;
  let length = 0;
  for (let at = 0; at < codes.length; at++) {
    cross += codes[at]! * correlations[at]!;
    length += Math.abs(codes[at]!);
  }
  let square = energy - 2 * cross;
  for (let at = 0; at < gram.length; at++) square += codeGram[at]! * gram[at]!;
  return 0.5 * Math.max(0, square) + alpha * length;
}

/** CᵀC [k × k] of codes. */
export const codeGramOf = (codes: Float64Array, k: number): Float64Array => smallProduct(codes, codes, k);
