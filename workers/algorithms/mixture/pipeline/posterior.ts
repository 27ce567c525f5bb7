import type { Kernels } from '../../../kernels/kernels.ts';

/**
 * What a look at the rows leaves, one after the other: Σ log p(x); Σ r for each component; Σ r z (k × p); and the second
 * moments of z: Σ r z zᵀ (k × p × p) or Σ r z² (k × p).
 */
export interface MomentsLayout {
  k: number;
  p: number;
  /** p for whole matrices, 1 for their diagonals */
  depth: number;
}

export const momentsAt = ({
  k,
  p,
}: Pick<MomentsLayout, 'k' | 'p'>): { weights: number; first: number; second: number } => ({
  weights: 1,
  first: 1 + k,
  second: 1 + k + k * p,
});

export const momentsLength = ({ k, p, depth }: MomentsLayout): number => 1 + k + k * p + k * p * depth;

export function addMoments(a: Float64Array, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
  return a;
}

/** Where the probabilities of the first step come from, and where those of the last one go; both [rows × k]. */
export interface Probabilities {
  /** in place of those that follow from the densities */
  given?: Float64Array;
  /** takes them; no moments but Σ log p(x) are added up then */
  out?: Float64Array;
}

export interface Weigher {
  /** kernel memory for z of so many rows [capacity × k p] */
  z: number;
  /**
   * Probabilities r of the next rows from their z, and their sums.
   * @param start index of the first row
   */
  add(start: number, count: number): void;
  /** Kernel memory of the second moments. */
  second: number;
  /** The moments of all rows that were added. */
  finish(): Float64Array;
}

/**
 * E and M step over rows whose z lie in kernel memory; `add` leaves √r z in place of z.
 * @param shift [k p] is subtracted from z first
 * @param constants logarithm of the density at z = 0 of each component
 * @param layout depth 1: second moments are added up here; else they are left to the caller, at `second`
 */
export function createWeigher(
  kernel: Kernels,
  allocate: (bytes: number) => number,
  layout: MomentsLayout,
  { shift, constants }: { shift: Float64Array; constants: Float64Array },
  { given, out }: Probabilities,
  capacity: number,
): Weigher {
  const { k, p, depth } = layout;
  const length = out ? 1 : momentsLength(layout);
  const at = momentsAt(layout);
  const z = allocate(8 * capacity * k * p);
  const shares = allocate(8 * capacity * k);
  const shiftAt = allocate(8 * k * p);
  const constantsAt = allocate(8 * k);
  const moments = allocate(8 * length);
  kernel.f64(shiftAt, k * p).set(shift);
  kernel.f64(constantsAt, k).set(constants);
  kernel.f64(moments, length).fill(0);
  const [weights, first, second] = out ? [0, 0, 0] : [at.weights, at.first, at.second].map((j) => moments + 8 * j);
  let logLikelihood = 0;
  return {
    z,
    second: second!,
    add(start, count) {
      const rows = [start * k, (start + count) * k] as const;
      if (given) kernel.f64(shares, count * k).set(given.subarray(...rows));
      logLikelihood += kernel.run.weighMixture(
        count, k, p, z, shiftAt, constantsAt, shares, given !== undefined,
        weights!, first!, depth === 1 ? second! : 0,
      ); // prettier-ignore
      out?.set(kernel.f64(shares, count * k), rows[0]);
    },
    finish() {
      const all = kernel.f64(moments, length).slice();
      all[0] = logLikelihood;
      return all;
    },
  };
}
