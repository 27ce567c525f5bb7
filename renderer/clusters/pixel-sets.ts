/* Sets of pixels as one byte each, 1 = in the set. */

export type Combine = 'replace' | 'add' | 'subtract';

/** The set after something new was selected: instead of it, added to it, or taken out of it. */
export function combine(before: Uint8Array | null, next: Uint8Array, how: Combine): Uint8Array {
  if (how === 'replace' || before === null) return how === 'subtract' ? new Uint8Array(next.length) : next;
  return before.map((v, i) => (how === 'add' ? v | (next[i] as number) : v & (1 - (next[i] as number))));
}

export function countOf(set: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < set.length; i++) count += set[i] as number;
  return count;
}

/** All other pixels of those that have a cluster. */
export const inverted = (set: Uint8Array, labels: ArrayLike<number>): Uint8Array =>
  set.map((v, i) => ((labels[i] as number) < 0 ? 0 : 1 - v));

/** The pixels of some clusters. */
export function pixelsOf(labels: ArrayLike<number>, clusters: ReadonlySet<number>): Uint8Array {
  const set = new Uint8Array(labels.length);
  for (let p = 0; p < labels.length; p++) if (clusters.has(labels[p] as number)) set[p] = 1;
  return set;
}

/** The set as runs of neighbours: first pixel and end (exclusive) by turns, rising. */
export function runsOf(set: ArrayLike<number>): number[] {
  const runs: number[] = [];
  let isIn = false;
  for (let i = 0; i <= set.length; i++) {
    const is = i < set.length && set[i] === 1;
    if (is !== isIn) runs.push(i);
    isIn = is;
  }
  return runs;
}
