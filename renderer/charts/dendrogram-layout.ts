import { leafWeights, type MergeTree } from './dendrogram-tree.ts';

/** One branch as it is drawn: the joint it begins at, and the leg from there up to the joint above. */
export interface Branch {
  /** number in the tree */
  node: number;
  /** 0 … 1 from left to right */
  x: number;
  /** distance of its joint, 0 for a single leaf of the tree */
  height: number;
  /** distance of the joint above; null = the root */
  parent: number | null;
  /** places of the two branches that meet here; null = nothing below is drawn */
  between: readonly [number, number] | null;
  /** of a branch whose inside is not drawn: points, NaN = not known; null for the others */
  points: number | null;
  /** of such a branch: its width, proportional to its points, in units of x */
  width: number;
}

export interface TreeLayout {
  branches: Branch[];
  /** branches whose inside is not drawn */
  ends: number;
  /** distance of the highest join that is not drawn, 0 when all are */
  floor: number;
}

/** Share of the width that points take; the rest is gaps, the same after every end. */
const filled = 0.62;

/**
 * Places of the top of a tree: its last joins, everything below folded into ends as wide as their points. Joints stand in
 * the middle of what they join; no two legs cross.
 * @param most joins that are drawn
 * @param weights points of every leaf, NaN = not known
 */
export function layoutTree(tree: MergeTree, most: number, weights: Float64Array = leafWeights(tree)): TreeLayout {
  const { leaves, joined, heights, sizes } = tree;
  const joins = leaves - 1;
  const hidden = Math.max(0, joins - most);
  const ends = joins - hidden + 1;
  const total = sizes[joins - 1] as number;
  const branches: Branch[] = [];
  let edge = 0;

  // at most `most` levels deep, so it may call itself
  function place(node: number, parent: number | null, above: number): number {
    const join = node - leaves;
    const height = join < 0 ? 0 : (heights[join] as number);
    if (join >= hidden) {
      const [a, b] = [joined[2 * join] as number, joined[2 * join + 1] as number];
      const between = [place(a, height, join), place(b, height, join)] as const;
      const x = (between[0] + between[1]) / 2;
      branches.push({ node, x, height, parent, between, points: null, width: 0 });
      return x;
    }
    const points = join < 0 ? (weights[node] as number) : (sizes[join] as number);
    // of two leaves whose sum alone is known each is drawn with half of it
    const width = (filled * (Number.isNaN(points) ? (sizes[above] as number) / 2 : points)) / total;
    const slot = width + (1 - filled) / ends;
    const x = edge + slot / 2;
    edge += slot;
    branches.push({ node, x, height, parent, between: null, points, width });
    return x;
  }
  place(leaves + joins - 1, null, joins - 1);
  return { branches, ends, floor: hidden === 0 ? 0 : (heights[hidden - 1] as number) };
}
