import { elbowPosition } from '../../decomposition/pipeline/elbow.ts';

/** Knee of ln W over k. */
export const chooseElbow = (ks: readonly number[], logs: ArrayLike<number>): number =>
  ks[elbowPosition(logs, { log: false, maxPoints: ks.length })]!;

/**
 * Local maxima of the silhouette, best first: inside the range, and the first of the best of all wherever it is. HyperSpy
 * takes the first k for a neighbour of the last.
 */
export function chooseSilhouette(ks: readonly number[], scores: ArrayLike<number>): number[] {
  const n = ks.length;
  const top = indexOfBest(scores, n);
  const found = Array.from({ length: n }, (_, i) => i).filter((i) => {
    if (i === top) return true;
    return i > 0 && i < n - 1 && scores[i]! > scores[i - 1]! && scores[i]! > scores[i + 1]!;
  });
  return found.sort((a, b) => scores[b]! - scores[a]! || a - b).map((i) => ks[i]!);
}

/** The first k whose gap is not clearly below the next one's; the last k when there is none. */
export function chooseGap(ks: readonly number[], gaps: ArrayLike<number>, errors: ArrayLike<number>): number {
  const i = ks.findIndex((_, at) => at + 1 < ks.length && gaps[at]! >= gaps[at + 1]! - errors[at + 1]!);
  return ks[i < 0 ? ks.length - 1 : i]!;
}

/** HyperSpy's rule: as above, but neither the first nor the last k can be chosen, and the second stands for none. */
export function chooseHyperspyGap(ks: readonly number[], gaps: ArrayLike<number>, errors: ArrayLike<number>): number {
  for (let i = 1; i < ks.length - 1; i++) if (gaps[i]! >= gaps[i + 1]! - errors[i + 1]!) return ks[i]!;
  return ks[Math.min(1, ks.length - 1)]!;
}

export const chooseLargest = (ks: readonly number[], scores: ArrayLike<number>): number =>
  ks[indexOfBest(scores, ks.length)]!;

/** The largest k of those that are as stable as the best: two groups that lie apart are also found when one is split. */
export function chooseStable(ks: readonly number[], scores: ArrayLike<number>): number {
  const best = scores[indexOfBest(scores, ks.length)]!;
  return ks[Array.from(scores).findLastIndex((score) => score >= best - 1e-9)]!;
}

export const chooseSmallest = (ks: readonly number[], scores: ArrayLike<number>): number =>
  ks[
    indexOfBest(
      Array.from(scores, (score) => -score),
      ks.length,
    )
  ]!;

function indexOfBest(scores: ArrayLike<number>, n: number): number {
  let best = 0;
  for (let i = 1; i < n; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}
