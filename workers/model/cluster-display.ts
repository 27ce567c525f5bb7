/**
 * How the clusters of a result are shown: what they are called, their colours, and which of them are shown as one.
 * The labels themselves stay as they were computed. All lists have one entry per cluster.
 */
export interface ClusterDisplay {
  /** null = "Cluster 3" */
  names: readonly (string | null)[];
  /** index into the palette; null = by the cluster's number */
  colours: readonly (number | null)[];
  /** cluster that this one is shown as; its own index where it stands for itself */
  shownAs: readonly number[];
}

/** Hues (8) times patterns (3): what a cluster can be told apart by. */
export const paletteSize = 24;
export const longestClusterName = 80;

export const plainDisplay = (clusters: number): ClusterDisplay => ({
  names: new Array<null>(clusters).fill(null),
  colours: new Array<null>(clusters).fill(null),
  shownAs: Array.from({ length: clusters }, (_, c) => c),
});

/** Why a display does not fit a result of so many clusters, or null when it does. */
export function displayProblem(display: ClusterDisplay, clusters: number): string | null {
  const { names, colours, shownAs } = display;
  if (names.length !== clusters || colours.length !== clusters || shownAs.length !== clusters) {
    return `names, colours and shownAs need one entry for each of the ${clusters} clusters; got ${names.length}, ${colours.length} and ${shownAs.length}`;
  }
  const long = names.find((name) => name !== null && (name.trim() === '' || name.length > longestClusterName));
  if (long !== undefined) return `the name of a cluster has 1 to ${longestClusterName} characters; got “${long}”`;
  const strange = colours.find((colour) => colour !== null && !(colour >= 0 && colour < paletteSize));
  if (strange !== undefined) return `colours are numbered from 0 to ${paletteSize - 1}; got ${strange}`;
  const loose = shownAs.findIndex((leader) => shownAs[leader] !== leader);
  return loose < 0 ? null : `cluster ${loose} is shown as ${shownAs[loose]}, which does not stand for itself`;
}

/** Clusters shown as one under the first of them. `chosen` are clusters that stand for themselves. */
export function mergeClusters(display: ClusterDisplay, chosen: readonly number[]): ClusterDisplay {
  const leader = Math.min(...chosen);
  return {
    ...display,
    shownAs: display.shownAs.map((shown) => (chosen.includes(shown) ? leader : shown)),
  };
}

/** The clusters that are shown as this one stand for themselves again. */
export const splitCluster = (display: ClusterDisplay, leader: number): ClusterDisplay => ({
  ...display,
  shownAs: display.shownAs.map((shown, c) => (shown === leader ? c : shown)),
});
