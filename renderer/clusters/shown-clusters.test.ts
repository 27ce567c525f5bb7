import { describe, expect, it } from 'vitest';
import { mergeClusters, plainDisplay, splitCluster } from '../../workers/model/cluster-display.ts';
import { clusterSizes, clusterSpectra, shownClusters, shownLabels } from './shown-clusters.ts';

const labels = [0, 1, 2, 1, -1, 2, 2, 7];

describe('shown clusters', () => {
  it('count pixels, and leave out what has no cluster', () => {
    expect(clusterSizes(labels, 3)).toEqual([1, 2, 3]);
  });
  it('are called by their number until they are named', () => {
    const display = { ...plainDisplay(3), names: [null, 'rim', null], colours: [null, null, 9] };
    expect(shownClusters([1, 2, 3], display).map(({ name, colour }) => [name, colour])).toEqual([
      ['Cluster 1', 0],
      ['rim', 1],
      ['Cluster 3', 9],
    ]);
  });
  it('merge under the first of them, and part again', () => {
    const merged = mergeClusters(plainDisplay(3), [2, 0]);
    expect(shownClusters([1, 2, 3], merged)).toEqual([
      { id: 0, members: [0, 2], name: 'Cluster 1', colour: 0, pixels: 4 },
      { id: 1, members: [1], name: 'Cluster 2', colour: 1, pixels: 2 },
    ]);
    expect([...shownLabels(labels.slice(0, 7), merged.shownAs)]).toEqual([0, 1, 0, 1, -1, 0, 0]);
    expect(splitCluster(merged, 0)).toEqual(plainDisplay(3));
  });
  it('merge what was merged before as a whole', () => {
    const first = mergeClusters(plainDisplay(4), [1, 3]);
    expect(mergeClusters(first, [0, 1]).shownAs).toEqual([0, 0, 2, 0]);
  });
  it('have the spectra of all pixels together', () => {
    // sums of 1, 2 and 3 pixels over two channels; 0 and 2 merged: mean = (10 + 60) / 4 = 17.5, (0 + 8) / 4 = 2
    const sums = [10, 0, 5, 5, 60, 8];
    const shown = shownClusters([1, 2, 3], mergeClusters(plainDisplay(3), [0, 2]));
    expect(clusterSpectra(sums, 2, [1, 2, 3], shown, 'mean').map((s) => [...s])).toEqual([
      [17.5, 2],
      [2.5, 2.5],
    ]);
    expect([...(clusterSpectra(sums, 2, [1, 2, 3], shown, 'sum')[0] ?? [])]).toEqual([70, 8]);
    // centroids 10 and 20 weighted 1 : 3 = 17.5
    expect([...(clusterSpectra([10, 0, 20], 1, [1, 2, 3], shown, 'centroid')[0] ?? [])]).toEqual([17.5]);
  });
});
