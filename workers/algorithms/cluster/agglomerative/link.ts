import { EigenscopeError } from '../../../model/errors.ts';

export type Linkage = 'ward' | 'complete' | 'average' | 'single';

/** How points come together, lowest first. */
export interface Tree {
  /** points at the leaves */
  leaves: number;
  /** (leaves − 1) × 2: what is joined: a leaf by its number, the result of join j as leaves + j */
  joined: Int32Array;
  /** at which distance */
  heights: Float64Array;
  /** points below each join */
  sizes: Float64Array;
}

/** Place of the distance of points i < j in the condensed matrix. */
const place = (n: number, i: number, j: number): number => n * i - (i * (i + 1)) / 2 + (j - i - 1);
const between = (n: number, i: number, j: number): number => (i < j ? place(n, i, j) : place(n, j, i));

/**
 * Hierarchical clustering by chains of nearest neighbours: every join is one of the greedy method's, in O(n²) time and
 * in the memory of the distances, which are overwritten.
 * @param distances condensed, n(n − 1)/2; for Ward squared Euclidean distances between points of weight 1
 * @param weights how many points each leaf stands for
 * @see Müllner, arXiv:1109.2378 (2011); Lance & Williams, Comput. J. 9, 373 (1967)
 */
export function link(
  distances: Float64Array,
  n: number,
  linkage: Linkage,
  weights: Float64Array | null,
  check: (done: number) => void,
): Tree {
  const size = weights ? weights.slice() : new Float64Array(n).fill(1);
  if (linkage === 'ward' && weights) weigh(distances, n, size);
  const alive = new Uint8Array(n).fill(1);
  // slots that are still there, in order: what is gone is not looked at again
  let slots = Int32Array.from({ length: n }, (_, i) => i);
  let gone = 0;
  const chain = new Int32Array(n);
  let length = 0;
  let first = 0;
  const joins = { a: new Int32Array(n - 1), b: new Int32Array(n - 1), height: new Float64Array(n - 1) };
  for (let step = 0; step < n - 1; step++) {
    if (step % 64 === 0) check(step);
    if (gone * 2 > slots.length) {
      slots = slots.filter((slot) => alive[slot] === 1);
      gone = 0;
    }
    if (length === 0) {
      while (alive[first] === 0) first++;
      chain[length++] = first;
    }
    for (;;) {
      const x = chain[length - 1]!;
      // the one before it on the chain wins ties, or the chain might never end
      let y = length > 1 ? chain[length - 2]! : -1;
      let least = y >= 0 ? distances[between(n, x, y)]! : Infinity;
      for (let s = 0; s < slots.length; s++) {
        const other = slots[s]!;
        if (other === x || alive[other] === 0) continue;
        const d = other < x ? distances[place(n, other, x)]! : distances[place(n, x, other)]!;
        if (d < least) [least, y] = [d, other];
      }
      if (y < 0)
        throw new EigenscopeError(
          'not-finite',
          'A distance between two pixels is not a finite number; rescale the data.',
        );
      if (length > 1 && y === chain[length - 2]) {
        length -= 2;
        const [a, b] = x < y ? [x, y] : [y, x];
        joins.a[step] = a;
        joins.b[step] = b;
        joins.height[step] = least;
        // the result takes the place of b
        update(distances, n, slots, alive, size, a, b, least, linkage);
        size[b]! += size[a]!;
        alive[a] = 0;
        gone++;
        break;
      }
      chain[length++] = y;
    }
  }
  return inOrder(joins, n, linkage, weights);
}

function weigh(distances: Float64Array, n: number, size: Float64Array): void {
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, at++) distances[at]! *= (2 * size[i]! * size[j]!) / (size[i]! + size[j]!);
  }
}

/** Distances of the others to the join of a and b, by Lance and Williams. */
function update(
  distances: Float64Array,
  n: number,
  slots: Int32Array,
  alive: Uint8Array,
  size: Float64Array,
  a: number,
  b: number,
  height: number,
  linkage: Linkage,
): void {
  const [na, nb] = [size[a]!, size[b]!];
  for (let s = 0; s < slots.length; s++) {
    const other = slots[s]!;
    if (other === a || other === b || alive[other] === 0) continue;
    const to = between(n, other, b);
    const da = distances[between(n, other, a)]!;
    const db = distances[to]!;
    if (linkage === 'single') distances[to] = Math.min(da, db);
    else if (linkage === 'complete') distances[to] = Math.max(da, db);
    else if (linkage === 'average') distances[to] = (na * da + nb * db) / (na + nb);
    else {
      const nc = size[other]!;
      distances[to] = ((na + nc) * da + (nb + nc) * db - nc * height) / (na + nb + nc);
    }
  }
}

/** Joins by height, and what they join by the number of the join before. */
function inOrder(
  { a, b, height }: { a: Int32Array; b: Int32Array; height: Float64Array },
  n: number,
  linkage: Linkage,
  weights: Float64Array | null,
): Tree {
  const order = Array.from(height.keys()).sort((p, q) => height[p]! - height[q]! || p - q);
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const name = Int32Array.from({ length: n }, (_, i) => i);
  const total = weights ? weights.slice() : new Float64Array(n).fill(1);
  const tree: Tree = {
    leaves: n,
    joined: new Int32Array(2 * (n - 1)),
    heights: new Float64Array(n - 1),
    sizes: new Float64Array(n - 1),
  };
  order.forEach((step, j) => {
    const [x, y] = [rootOf(parent, a[step]!), rootOf(parent, b[step]!)];
    const [low, high] = name[x]! < name[y]! ? [x, y] : [y, x];
    tree.joined[2 * j] = name[low]!;
    tree.joined[2 * j + 1] = name[high]!;
    tree.heights[j] = linkage === 'ward' ? Math.sqrt(Math.max(0, height[step]!)) : height[step]!;
    parent[x] = y;
    total[y]! += total[x]!;
    name[y] = n + j;
    tree.sizes[j] = total[y]!;
  });
  return tree;
}

function rootOf(parent: Int32Array, leaf: number): number {
  let root = leaf;
  while (parent[root] !== root) root = parent[root]!;
  for (let at = leaf; parent[at] !== root;) {
    const next = parent[at]!;
    parent[at] = root;
    at = next;
  }
  return root;
}

/** Cluster of every leaf when all but the last k − 1 joins are made, numbered in the order of their first leaf. */
export function cutTree({ leaves, joined }: Tree, k: number): Int32Array {
  const count = Math.max(0, leaves - k);
  const parent = Int32Array.from({ length: leaves + count }, (_, i) => i);
  for (let j = 0; j < count; j++) {
    parent[joined[2 * j]!] = leaves + j;
    parent[joined[2 * j + 1]!] = leaves + j;
  }
  const numbers = new Map<number, number>();
  const labels = new Int32Array(leaves);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const root = rootOf(parent, leaf);
    const label = numbers.get(root) ?? numbers.size;
    numbers.set(root, label);
    labels[leaf] = label;
  }
  return labels;
}

/** How many clusters are left when joins below a distance are made. */
export const clustersBelow = ({ heights }: Tree, threshold: number): number =>
  1 + heights.reduce((count, height) => count + (height >= threshold ? 1 : 0), 0);
