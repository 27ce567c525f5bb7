import { roundingOf } from '../lloyd/rounding.ts';
import type { Scatter } from '../pipeline/scatter-pass.ts';

/** W: Σ of squared distances to the own centroids. */
export const dispersion = ({ squares }: Scatter): number => squares.reduce((sum, value) => sum + value, 0);

/** What W may be by rounding alone where every row lies on its centroid. */
export function dispersionByRounding(scatter: Scatter, cols: number): number {
  const { counts, centroids } = scatter;
  const n = counts.reduce((sum, count) => sum + count, 0);
  const squares = centroids.reduce((sum, value, at) => sum + counts[Math.floor(at / cols)]! * value * value, 0);
  return n * roundingOf(n, squares + dispersion(scatter));
}

/** Whether nothing is left to explain: every row lies on its centroid. */
export const isExact = (scatter: Scatter, cols: number): boolean =>
  dispersion(scatter) <= dispersionByRounding(scatter, cols);

/** ln W; ln 0 is no number, so that W counts as no less than rounding gives. */
export const logDispersion = (scatter: Scatter, cols: number): number =>
  Math.log(Math.max(dispersion(scatter), dispersionByRounding(scatter, cols)));

/**
 * Scatter of the centroids over that within the clusters, each by its degrees of freedom; large is good.
 * @see Caliński & Harabasz, Commun. Stat. 3, 1 (1974)
 */
export function calinskiHarabasz(scatter: Scatter, cols: number): number {
  const { counts, centroids } = scatter;
  const k = counts.reduce((found, count) => found + (count > 0 ? 1 : 0), 0);
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = new Float64Array(cols);
  counts.forEach((count, c) => {
    for (let j = 0; j < cols; j++) mean[j]! += (count / n) * centroids[c * cols + j]!;
  });
  let between = 0;
  counts.forEach((count, c) => {
    for (let j = 0; j < cols; j++) between += count * (centroids[c * cols + j]! - mean[j]!) ** 2;
  });
  const within = dispersion(scatter);
  return within === 0 ? 1 : (between * (n - k)) / (within * (k - 1));
}

/**
 * Mean over the clusters of their likeness to the most similar other one, (s_i + s_j)/d_ij with s the mean distance to
 * the centroid; small is good.
 * @see Davies & Bouldin, IEEE Trans. Pattern Anal. Mach. Intell. 1, 224 (1979)
 */
export function daviesBouldin({ counts, centroids, distances }: Scatter, cols: number): number {
  const clusters = Array.from(counts.keys()).filter((c) => counts[c]! > 0);
  const spread = distances.map((sum, c) => sum / Math.max(1, counts[c]!));
  let total = 0;
  for (const a of clusters) {
    let worst = 0;
    for (const b of clusters) {
      if (a === b) continue;
      let square = 0;
      for (let j = 0; j < cols; j++) square += (centroids[a * cols + j]! - centroids[b * cols + j]!) ** 2;
      const both = spread[a]! + spread[b]!;
      if (both > 0) worst = Math.max(worst, both / Math.sqrt(square));
    }
    total += worst;
  }
  return total / clusters.length;
}

/**
 * Agreement of two partitions, corrected for chance: 1 for the same, about 0 for independent ones.
 * @see Hubert & Arabie, J. Classif. 2, 193 (1985)
 */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>, ka: number, kb: number): number {
  const table = new Float64Array(ka * kb);
  const rows = new Float64Array(ka);
  const cols = new Float64Array(kb);
  for (let i = 0; i < a.length; i++) {
    table[a[i]! * kb + b[i]!]!++;
    rows[a[i]!]!++;
    cols[b[i]!]!++;
  }
  const pairs = (counts: Float64Array): number => counts.reduce((sum, c) => sum + (c * (c - 1)) / 2, 0);
  const [both, inA, inB] = [pairs(table), pairs(rows), pairs(cols)];
  const byChance = (inA * inB) / ((a.length * (a.length - 1)) / 2);
  const most = (inA + inB) / 2;
  return most === byChance ? 1 : (both - byChance) / (most - byChance);
}
