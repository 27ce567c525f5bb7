import type { MergeTree } from '../charts/dendrogram-tree.ts';

/**
 * The leaf of a tree at which every pixel stands, −1 = at none.
 * @param stored the array `leaves` of the result; results without it tell only where leaves are the pixels themselves
 * @param labels of the result, −1 = in no cluster
 * @returns null when it is not known
 */
export function leavesOfPixels(
  { leaves }: Pick<MergeTree, 'leaves'>,
  stored: ArrayLike<number> | null,
  labels: ArrayLike<number>,
): Int32Array | null {
  if (stored !== null) {
    const all = Int32Array.from(stored);
    return all.length === labels.length && all.every((leaf) => leaf >= -1 && leaf < leaves) ? all : null;
  }
  let next = 0;
  const counted = Int32Array.from(labels, (label) => (label < 0 ? -1 : next++));
  return next === leaves ? counted : null;
}

/** Pixels at every leaf. */
export function leafCounts({ leaves }: Pick<MergeTree, 'leaves'>, leafOf: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(leaves);
  for (let p = 0; p < leafOf.length; p++) {
    const leaf = leafOf[p] as number;
    if (leaf >= 0) counts[leaf]! += 1;
  }
  return counts;
}

/** One byte per leaf and join: 1 = the node itself or below it. */
export function nodesBelow({ leaves, joined }: MergeTree, node: number): Uint8Array {
  const below = new Uint8Array(2 * leaves - 1);
  below[node] = 1;
  for (let j = node - leaves; j >= 0; j--) {
    if (below[leaves + j] !== 1) continue;
    below[joined[2 * j] as number] = 1;
    below[joined[2 * j + 1] as number] = 1;
  }
  return below;
}

/** The pixels of a branch: one byte each, 1 = at a leaf below. */
export function pixelsBelow(below: Uint8Array, leafOf: ArrayLike<number>): Uint8Array {
  const set = new Uint8Array(leafOf.length);
  for (let p = 0; p < set.length; p++) if (below[leafOf[p] as number] === 1) set[p] = 1;
  return set;
}
