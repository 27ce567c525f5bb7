import { plainDisplay, type ClusterDisplay } from '../../workers/model/cluster-display.ts';

/** A cluster as it is shown: one of the result, or several shown as one. */
export interface ShownCluster {
  /** label in the map: the first of its members */
  id: number;
  /** clusters of the result, rising */
  members: readonly number[];
  name: string;
  /** index into the palette */
  colour: number;
  pixels: number;
}

/** Pixels of every cluster; labels outside 0 … k−1 (masked, noise) count in none. */
export function clusterSizes(labels: ArrayLike<number>, clusters: number): number[] {
  const sizes = new Array<number>(clusters).fill(0);
  for (let p = 0; p < labels.length; p++) {
    const label = labels[p] as number;
    if (label >= 0 && label < clusters) sizes[label] = (sizes[label] as number) + 1;
  }
  return sizes;
}

export const defaultName = (cluster: number): string => `Cluster ${cluster + 1}`;

/** The clusters as a person named, coloured and merged them, in the order of the result. */
export function shownClusters(sizes: readonly number[], display: ClusterDisplay | null): ShownCluster[] {
  const { names, colours, shownAs } = display ?? plainDisplay(sizes.length);
  return sizes.flatMap((_, c): ShownCluster[] => {
    if (shownAs[c] !== c) return [];
    const members = sizes.flatMap((_size, m) => (shownAs[m] === c ? [m] : []));
    const pixels = members.reduce((sum, m) => sum + (sizes[m] ?? 0), 0);
    return [{ id: c, members, name: names[c] ?? defaultName(c), colour: colours[c] ?? c, pixels }];
  });
}

/** Labels with every merged cluster under the label it is shown as; −1 stays −1. */
export function shownLabels(labels: ArrayLike<number>, shownAs: readonly number[]): Int32Array {
  const shown = new Int32Array(labels.length);
  for (let p = 0; p < labels.length; p++) {
    const label = labels[p] as number;
    shown[p] = label < 0 ? -1 : (shownAs[label] ?? -1);
  }
  return shown;
}

/**
 * One spectrum for each shown cluster from rows [clusters × features].
 * 'sum' adds the members' rows (sums over pixels); 'mean' divides that by their pixels; 'centroid' is the mean of the
 * members' rows, each weighted by its pixels.
 */
export function clusterSpectra(
  rows: ArrayLike<number>,
  features: number,
  sizes: readonly number[],
  shown: readonly ShownCluster[],
  kind: 'sum' | 'mean' | 'centroid',
): Float64Array[] {
  return shown.map(({ members, pixels }) => {
    const out = new Float64Array(features);
    const isWeighted = kind === 'centroid' && members.length > 1;
    for (const m of members) {
      const weight = isWeighted ? (sizes[m] ?? 0) / Math.max(1, pixels) : 1;
      for (let j = 0; j < features; j++) out[j] = (out[j] as number) + weight * (rows[m * features + j] as number);
    }
    return kind === 'mean' ? out.map((v) => (pixels > 0 ? v / pixels : NaN)) : out;
  });
}
