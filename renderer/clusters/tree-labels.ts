import { leafWeights, type MergeTree } from '../charts/dendrogram-tree.ts';

/**
 * The cluster that every leaf and every join of a tree lies in: leaves first, then joins; −1 = in several.
 *
 * Leaves that are pixels have the labels of these. Leaves that are small groups of pixels lie in the branches of the
 * cut, and a branch is the cluster with as many pixels: clusters are numbered by size, of equal ones the one with the
 * later first leaf first, and small groups are numbered by size as well.
 * @param labels of the result, −1 = in no cluster
 * @param sizes pixels of each cluster, falling
 * @param stored the array `leaf_labels`; for results without it the labels follow from the sizes
 * @returns null when that cannot be told: leaves are a sample of the pixels
 */
export function labelsOfTree(
  tree: MergeTree,
  labels: ArrayLike<number>,
  sizes: readonly number[],
  stored: ArrayLike<number> | null,
): Int32Array | null {
  const ofLeaves = stored?.length === tree.leaves ? Int32Array.from(stored) : labelsOfLeaves(tree, labels, sizes);
  if (ofLeaves === null) return null;
  const { leaves, joined } = tree;
  const all = new Int32Array(2 * leaves - 1);
  all.set(ofLeaves);
  for (let j = 0; j < leaves - 1; j++) {
    const [a, b] = [all[joined[2 * j] as number] as number, all[joined[2 * j + 1] as number] as number];
    all[leaves + j] = a === b ? a : -1;
  }
  return all;
}

function labelsOfLeaves(tree: MergeTree, labels: ArrayLike<number>, sizes: readonly number[]): Int32Array | null {
  const { leaves } = tree;
  const pixels = sizes.reduce((sum, size) => sum + size, 0);
  if (pixels === leaves) {
    return Int32Array.from(Array.from(labels).filter((label) => label >= 0 && label < sizes.length));
  }
  if (tree.sizes[leaves - 2] !== pixels || sizes.length > leaves) return null;
  const branches = branchesOf(tree, sizes.length);
  const weights = leafWeights(tree);
  const counts = branches.map((root) => (root < leaves ? weights[root] : tree.sizes[root - leaves]) as number);
  if (!fillUnknown(counts, branches, sizes)) return null;
  const first = firstLeaves(tree);
  const order = branches
    .map((_, b) => b)
    .sort(
      (a, b) =>
        (counts[b] as number) - (counts[a] as number) ||
        (first[branches[b] as number] as number) - (first[branches[a] as number] as number),
    );
  if (order.some((b, label) => counts[b] !== sizes[label])) return null;
  const owner = new Int32Array(2 * leaves - 1).fill(-1);
  order.forEach((b, label) => (owner[branches[b] as number] = label));
  // from the top down: what has no label takes that of what it was joined into
  for (let j = leaves - 2; j >= 0; j--) {
    for (const node of tree.joined.subarray(2 * j, 2 * j + 2)) {
      if (owner[node] === -1) owner[node] = owner[leaves + j] as number;
    }
  }
  return owner.subarray(0, leaves);
}

/** Nodes that are left when all but the last joins are made. */
export function branchesOf({ leaves, joined }: MergeTree, clusters: number): number[] {
  const made = leaves - clusters;
  const isInside = new Uint8Array(leaves + made);
  for (const node of joined.subarray(0, 2 * made)) isInside[node] = 1;
  return Array.from(isInside.keys()).filter((node) => isInside[node] === 0);
}

/** Leaves of unknown size, largest first as they are numbered, take the sizes that no other branch has. */
function fillUnknown(counts: number[], branches: readonly number[], sizes: readonly number[]): boolean {
  const left = [...sizes];
  for (const count of counts) {
    if (Number.isNaN(count)) continue;
    const at = left.indexOf(count);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  const unknown = counts
    .flatMap((count, b) => (Number.isNaN(count) ? [b] : []))
    .sort((a, b) => (branches[a] as number) - (branches[b] as number));
  unknown.forEach((b, i) => (counts[b] = left[i] as number));
  return true;
}

/** The lowest leaf below every node. */
function firstLeaves({ leaves, joined }: MergeTree): Int32Array {
  const first = Int32Array.from({ length: 2 * leaves - 1 }, (_, node) => node);
  for (let j = 0; j < leaves - 1; j++) {
    first[leaves + j] = Math.min(
      first[joined[2 * j] as number] as number,
      first[joined[2 * j + 1] as number] as number,
    );
  }
  return first;
}
