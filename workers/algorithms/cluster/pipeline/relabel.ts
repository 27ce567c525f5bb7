/** Clusters by size, largest first; of equal ones the later first, as in HyperSpy. */
export interface Relabelled {
  /** new number of every point; −1 = none */
  labels: Int32Array<SharedArrayBuffer>;
  /** points of each cluster; none is empty */
  sizes: number[];
  /** old number of each new one */
  order: number[];
}

/**
 * Numbers clusters by their size. Empty ones are left out.
 * @param labels cluster of every point from 0 to k − 1, or −1
 */
export function relabelBySize(labels: Int32Array, k: number): Relabelled {
  const counts = new Array<number>(k).fill(0);
  for (let i = 0; i < labels.length; i++) if (labels[i]! >= 0) counts[labels[i]!]!++;
  const order = counts
    .map((_, label) => label)
    .filter((label) => counts[label]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || b - a);
  const place = new Int32Array(k).fill(-1);
  order.forEach((label, rank) => (place[label] = rank));
  const out = new Int32Array(new SharedArrayBuffer(labels.length * 4));
  for (let i = 0; i < labels.length; i++) out[i] = labels[i]! < 0 ? -1 : place[labels[i]!]!;
  return { labels: out, sizes: order.map((label) => counts[label]!), order };
}
