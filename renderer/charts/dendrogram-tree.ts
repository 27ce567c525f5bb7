/*
 * A tree of groups as agglomerative clustering stores it, and what a cut through it means.
 *   readTree(merges)                   from the array `merges`, or null when it is no tree
 *   clustersAt(tree, distance)         how many groups a cut leaves
 *   cutInto(tree, clusters, ceiling)   a distance that leaves so many
 *   leafWeights(tree)                  points of every leaf
 */

/** Leaves are numbered 0 … leaves − 1, the result of join j is leaves + j; joins by rising distance. */
export interface MergeTree {
  leaves: number;
  /** (leaves − 1) × 2: what is joined */
  joined: Int32Array;
  /** distance of each join, rising */
  heights: Float64Array;
  /** points below each join; more than its leaves where a leaf stands for several */
  sizes: Float64Array;
}

/**
 * @param merges float64 [joins × 4], C order: two numbers of what is joined, distance, points below
 * @returns null when something is joined twice or before it is there, or distances fall
 */
export function readTree(merges: ArrayLike<number>): MergeTree | null {
  const joins = merges.length / 4;
  if (!Number.isInteger(joins) || joins < 1) return null;
  const leaves = joins + 1;
  const tree: MergeTree = {
    leaves,
    joined: new Int32Array(2 * joins),
    heights: new Float64Array(joins),
    sizes: new Float64Array(joins),
  };
  const isUsed = new Uint8Array(leaves + joins);
  let before = 0;
  for (let j = 0; j < joins; j++) {
    for (const side of [0, 1]) {
      const node = merges[4 * j + side] as number;
      if (!Number.isInteger(node) || node < 0 || node >= leaves + j || isUsed[node] === 1) return null;
      isUsed[node] = 1;
      tree.joined[2 * j + side] = node;
    }
    const height = merges[4 * j + 2] as number;
    const size = merges[4 * j + 3] as number;
    if (!(height >= before && height < Infinity && size >= 2 && size < Infinity)) return null;
    tree.heights[j] = before = height;
    tree.sizes[j] = size;
  }
  return tree;
}

/** Groups that are left when all joins below a distance are made, as `distance_threshold` counts them. */
export function clustersAt({ heights, leaves }: Pick<MergeTree, 'heights' | 'leaves'>, distance: number): number {
  let [low, high] = [0, heights.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((heights[middle] as number) < distance) low = middle + 1;
    else high = middle;
  }
  return leaves - low;
}

/**
 * A distance at which so many groups are left: the middle between the two joins that bound it. Where equal distances
 * leave no such cut, `clustersAt` of the result is the next larger number.
 * @param ceiling distance above all joins
 */
export function cutInto({ heights, leaves }: MergeTree, clusters: number, ceiling: number): number {
  const above = clusters <= 1 ? ceiling : (heights[leaves - clusters] ?? 0);
  const below = heights[leaves - clusters - 1] ?? 0;
  const middle = (above + below) / 2;
  return middle > below ? middle : above;
}

/** What a cut can be moved to: a number of clusters and its distance, fewest first. */
export interface CutStop {
  clusters: number;
  distance: number;
}

/** Every number of clusters up to `most` that a cut can leave. */
export function cutStops(tree: MergeTree, most: number, ceiling: number): CutStop[] {
  const stops: CutStop[] = [];
  for (let clusters = 1; clusters <= Math.min(most, tree.leaves); clusters++) {
    const distance = cutInto(tree, clusters, ceiling);
    if (clustersAt(tree, distance) === clusters) stops.push({ clusters, distance });
  }
  return stops;
}

/**
 * Points that each leaf stands for; NaN for two leaves joined with each other, of which only the sum is known, unless
 * every leaf is one point.
 */
export function leafWeights({ leaves, joined, sizes }: MergeTree): Float64Array {
  const joins = leaves - 1;
  if (sizes[joins - 1] === leaves) return new Float64Array(leaves).fill(1);
  const weights = new Float64Array(leaves).fill(NaN);
  for (let j = 0; j < joins; j++) {
    const [a, b] = [joined[2 * j] as number, joined[2 * j + 1] as number];
    const own = sizes[j] as number;
    if (a < leaves && b >= leaves) weights[a] = own - (sizes[b - leaves] as number);
    if (b < leaves && a >= leaves) weights[b] = own - (sizes[a - leaves] as number);
    // two points in a group of two leaves: one each
    if (a < leaves && b < leaves && own === 2) weights[a] = weights[b] = 1;
  }
  return weights;
}
