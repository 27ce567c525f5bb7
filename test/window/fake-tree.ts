import type { LoadedArray } from '../../main/contract/client.ts';
import { cutTree, link } from '../../workers/algorithms/cluster/agglomerative/link.ts';

/** Labels and tree of small groups of pixels, Ward's linkage: every pixel goes with the nearest of some pixels. */
export function treeOf(maps: readonly ArrayLike<number>[], k: number, groups: number): Record<string, LoadedArray> {
  const pixels = maps[0]?.length ?? 0;
  const seeds = Array.from({ length: groups }, (_, g) => Math.floor(((g + 0.5) * pixels) / groups));
  const squared = (p: number, q: number): number =>
    maps.reduce((s, map) => s + ((map[p] ?? 0) - (map[q] ?? 0)) ** 2, 0);
  const nearest = Int32Array.from({ length: pixels }, (_, p) => {
    let best = 0;
    let least = Infinity;
    seeds.forEach((seed, g) => {
      const d = squared(p, seed);
      if (d < least) [least, best] = [d, g];
    });
    return best;
  });
  const { labels: own, sizes, order } = bySize(nearest, groups);
  const n = sizes.length;
  const distances = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) distances[at++] = squared(seeds[order[i] ?? 0] ?? 0, seeds[order[j] ?? 0] ?? 0);
  }
  const tree = link(distances, n, 'ward', Float64Array.from(sizes), () => undefined);
  const cut = cutTree(tree, k);
  const { labels, order: places } = bySize(
    own.map((group) => cut[group] ?? 0),
    k,
  );
  const merges = new Float64Array(4 * (n - 1));
  tree.heights.forEach((height, j) => {
    merges.set([tree.joined[2 * j] ?? 0, tree.joined[2 * j + 1] ?? 0, height, tree.sizes[j] ?? 0], 4 * j);
  });
  return {
    labels: { dtype: 'int32', shape: [pixels], data: Int32Array.from(labels) },
    cluster_labels: {
      dtype: 'bool',
      shape: [k, pixels],
      data: Uint8Array.from({ length: k * pixels }, (_, i) => (labels[i % pixels] === Math.floor(i / pixels) ? 1 : 0)),
    },
    merges: { dtype: 'float64', shape: [n - 1, 4], data: merges },
    leaves: { dtype: 'int32', shape: [pixels], data: Int32Array.from(own) },
    leaf_labels: { dtype: 'int32', shape: [n], data: Int32Array.from(cut, (old) => places.indexOf(old)) },
  };
}

/** Numbers by size, largest first, of equal ones the later first (a page has no shared memory for the real one). */
function bySize(labels: Int32Array, k: number): { labels: Int32Array; sizes: number[]; order: number[] } {
  const counts = new Array<number>(k).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const order = Array.from(counts.keys())
    .filter((label) => (counts[label] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || b - a);
  return {
    labels: labels.map((label) => order.indexOf(label)),
    sizes: order.map((label) => counts[label] ?? 0),
    order,
  };
}
