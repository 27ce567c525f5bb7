import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createRandom } from '../../../linalg/random.ts';
import { floatData, floats, maskOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import { dataOf, fixturePath, readCases } from '../../../../test/golden/fixtures.ts';
import { readNpy } from '../../../../test/golden/npy.ts';
import type { RowSource } from '../../../model/rows.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { blobs, canonical, cluster, clusterData, labelsOf } from '../test-data.ts';

const g = floatData(datasetG(), gShape.navigation, gShape.signal);
const three = blobs([[0, 0, 5], [8, 0, 5], [0, 8, 5]], 40, 0.6); // prettier-ignore

/** Points in many columns: a few directions in which they differ, and noise in all. */
function wide(n: number, cols: number, groups: number, noise: number, seed = 7): Float64Array {
  const random = createRandom(seed);
  const centres = Array.from({ length: groups }, () => Float64Array.from({ length: cols }, () => random.gaussian()));
  return Float64Array.from({ length: n * cols }, (_, at) => {
    const i = Math.floor(at / cols);
    return 20 + centres[i % groups]![at % cols]! + noise * random.gaussian();
  });
}

describe('k-means of the golden data set', () => {
  it.each([
    [2, 180518.791667],
    [3, 123958.708333],
    [4, 86471.916667],
  ])('reaches the best inertia of %i clusters', async (k, inertia) => {
    const output = await clusterData(g, 'kmeans', { n_clusters: k, n_init: 50 });
    expect(output.scalars['inertia']).toBeCloseTo(inertia, 5);
    expect(output.scalars['n_clusters']).toBe(k);
  });
});

describe.each([
  ['few', 5],
  ['many', 80],
])('k-means of %s columns', (_, cols) => {
  const x = wide(300, cols, 4, 0.3);

  it('ends where every pixel is nearest to the centroid of its cluster, which is the mean of its members', async () => {
    const output = await cluster(wide(400, cols, 4, 3), cols, 'kmeans', { n_clusters: 6 });
    const distances = floats(output, 'cluster_distances');
    labelsOf(output).forEach((label, i) => {
      const own = Array.from({ length: 6 }, (_none, c) => distances[c * 400 + i]!);
      expect(own[label]! - Math.min(...own)).toBeLessThan(1e-9);
    });
    let inertia = 0;
    labelsOf(output).forEach((label, i) => (inertia += distances[label * 400 + i]! ** 2));
    expect(output.scalars['inertia']).toBeCloseTo(inertia, 6);
    expect(output.scalars['converged']).toBe(true);
  });

  it('finds the groups', async () => {
    const output = await cluster(x, cols, 'kmeans', { n_clusters: 4 });
    expect(canonical(labelsOf(output))).toEqual(Array.from({ length: 300 }, (_none, i) => i % 4));
  });

  it('finds the same far from the origin', async () => {
    const near = await cluster(x, cols, 'kmeans', { n_clusters: 4 });
    const far = await cluster(
      x.map((value) => value + 1e7),
      cols,
      'kmeans',
      { n_clusters: 4 },
    );
    expect(canonical(labelsOf(far))).toEqual(canonical(labelsOf(near)));
    expect(far.scalars['inertia'] as number).toBeCloseTo(near.scalars['inertia'] as number, 4);
  });

  it('gives the same bits again, with float32 data the same clusters', async () => {
    const again = await cluster(x, cols, 'kmeans', { n_clusters: 5 }, { seed: 4 });
    expect(again).toEqual(await cluster(x, cols, 'kmeans', { n_clusters: 5 }, { seed: 4 }));
    const source = sharedSource(Float32Array.from(x), 'float32', 300, cols);
    const single = await clusterData({ navigationShape: [300], signalShape: [cols], source }, 'kmeans', {
      n_clusters: 4,
    });
    expect(canonical(labelsOf(single))).toEqual(Array.from({ length: 300 }, (_none, i) => i % 4));
  });

  it('with one cluster has the total scatter for inertia', async () => {
    const output = await cluster(x, cols, 'kmeans', { n_clusters: 1 });
    let total = 0;
    for (let j = 0; j < cols; j++) {
      const column = Array.from({ length: 300 }, (_none, i) => x[i * cols + j]!);
      const mean = column.reduce((a, b) => a + b) / 300;
      for (const value of column) total += (value - mean) ** 2;
    }
    expect(output.scalars['inertia'] as number).toBeCloseTo(total, 6);
  });

  it('finds as many clusters as there are different pixels, and says so', async () => {
    const rows = [0, 1, 2].map((value) => Array.from({ length: cols }, (_none, j) => value + j));
    const repeated = Float64Array.from(Array.from({ length: 30 }, (_none, i) => rows[i % 3]!).flat());
    const output = await cluster(repeated, cols, 'kmeans', { n_clusters: 6 });
    expect(output.scalars['n_clusters']).toBe(3);
    expect(output.scalars['inertia']).toBe(0);
    expect(output.notes.join()).toMatch(/Only 3 of 6 clusters/);
    expect(output.arrays['cluster_labels']?.shape).toEqual([3, 30]);
  });

  it('keeps equal pixels together where their mean is not quite what they are', async () => {
    const random = createRandom(5);
    const kinds = Float64Array.from({ length: 3 * cols }, () => random.uniform());
    const repeated = Float64Array.from({ length: 301 * cols }, (_none, at) => {
      const kind = Math.floor(at / cols) % 3;
      return kinds[kind * cols + (at % cols)]!;
    });
    for (const init of ['k-means++', 'random']) {
      const output = await cluster(repeated, cols, 'kmeans', { n_clusters: 6, init });
      expect(output.scalars['n_clusters']).toBe(3);
      expect(canonical(labelsOf(output))).toEqual(Array.from({ length: 301 }, (_none, i) => i % 3));
    }
  });

  it('says when max_iter ended it', async () => {
    const output = await cluster(wide(400, cols, 3, 6), cols, 'kmeans', { n_clusters: 9, n_init: 1, max_iter: 1 });
    expect(output.scalars['converged']).toBe(false);
    expect(output.notes.join()).toMatch(/Raise max_iter/);
  });

  it('that is cancelled gives nothing', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(cluster(x, cols, 'kmeans', {}, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that is stopped keeps what it has', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'keep');
    const output = await cluster(wide(400, cols, 3, 6), cols, 'kmeans', { n_clusters: 9 }, { control });
    expect(new Set(labelsOf(output)).size).toBe(9);
  });
});

describe('what is told of clusters', () => {
  it('numbers them by size, the largest first', async () => {
    // sizes 3, 11, 6: HyperSpy’s rule gives 6, 3, 11
    const x = Float64Array.from([
      ...new Array<number>(3).fill(0),
      ...new Array<number>(11).fill(50),
      ...new Array<number>(6).fill(100),
    ]);
    const output = await cluster(x, 1, 'kmeans', { n_clusters: 3 });
    expect(labelsOf(output)).toEqual([2, 2, 2, ...new Array<number>(11).fill(0), ...new Array<number>(6).fill(1)]);
  });

  it('has sums and the signal of the pixel nearest to the centroid', async () => {
    const output = await cluster(Float64Array.from([0, 1, 5, 20, 22]), 1, 'kmeans', { n_clusters: 2 });
    expect([...floats(output, 'cluster_sum_signals')]).toEqual([6, 42]);
    expect([...floats(output, 'cluster_centroids')]).toEqual([2, 21]);
    // two pixels are equally near to 21: the first counts
    expect([...floats(output, 'cluster_centroid_signals')]).toEqual([1, 20]);
  });

  it('leaves out masked pixels and those that are not finite', async () => {
    const x = Float64Array.from([0, NaN, 1, 1e9, 20, 21, 22]);
    const data = floatData(x, [7], [1], { navigation_mask: maskOf([0, 0, 0, 1, 0, 0, 0]) });
    const output = await clusterData(data, 'kmeans', { n_clusters: 2 });
    expect(labelsOf(output)).toEqual([1, -1, 1, -1, 0, 0, 0]);
    expect(floats(output, 'cluster_distances')[1]).toBeNaN();
    expect(floats(output, 'cluster_distances')[3]).toBeNaN();
    expect(output.notes.join()).toMatch(/1 pixels hold values that are not finite/);
  });

  it('clusters by unmasked channels but sums all of them', async () => {
    const x = Float64Array.from([0, 900, 1, 100, 20, 900, 21, 100]);
    const data = floatData(x, [4], [2], { signal_mask: maskOf([0, 1]) });
    const output = await clusterData(data, 'kmeans', { n_clusters: 2 });
    expect(canonical(labelsOf(output))).toEqual([0, 0, 1, 1]);
    expect(floats(output, 'cluster_sum_signals')).toHaveLength(4);
    expect(output.arrays['cluster_centroids']?.shape).toEqual([2, 1]);
  });

  it('draws other starts with another seed, and reaches the same groups', async () => {
    const a = await cluster(three, 3, 'kmeans', { n_clusters: 3 }, { seed: 1 });
    const b = await cluster(three, 3, 'kmeans', { n_clusters: 3, init: 'random' }, { seed: 2 });
    expect(canonical(labelsOf(a))).toEqual(canonical(labelsOf(b)));
  });
});

describe('k-means of data in a file', () => {
  it('gives the same bits as from memory', async () => {
    const fixture = readCases(['cluster']).find(({ id }) => id === 'kmeans_signal')!;
    const data = dataOf(fixture);
    const path = fixturePath(fixture.inputs['data']!);
    const { buffer: _memory, ...rest } = data.source as Extract<RowSource, { kind: 'shared' }>;
    const source: RowSource = { ...rest, kind: 'raw', path, offset: readNpy(path).offset, littleEndian: true };
    for (const algorithm of ['kmeans', 'minibatchkmeans']) {
      const parameters = { n_clusters: 4, preprocessing: 'norm' };
      const fromFile = await clusterData({ ...data, source }, algorithm, parameters);
      expect(fromFile).toEqual(await clusterData(data, algorithm, parameters));
    }
  });
});

describe('what k-means refuses', () => {
  it.each([
    [{ n_clusters: 0 }, /n_clusters must be a whole number from 1.*got 0/],
    [{ n_clusters: 121 }, /n_clusters must be from 1 to 120 for this data, because there are 120 pixels.*got 121/],
    [{ preprocessing: 'whiten' }, /preprocessing must be one of norm, standard, minmax, power; got "whiten"/],
    [{ preprocessing: 'minmax', feature_range: [1, 0] }, /feature_range must be a lower and a higher value; got 1, 0/],
    [{ tol: -1 }, /tol must be a number from 0/],
    [
      { cluster_source: 'decomposition' },
      /cluster_source is decomposition, but the step is not applied to a decomposition/,
    ],
    [
      { cluster_source: 'signal', source_for_centers: 'bss' },
      /source_for_centers is bss, but the step is not applied to a separation/,
    ],
  ])('refuses %j with a reason', async (parameters, message) => {
    await expect(cluster(three, 3, 'kmeans', parameters)).rejects.toThrow(message);
  });

  it('refuses values of which the squares are no numbers any more', async () => {
    const huge = three.map((value) => value * 1e200);
    for (const algorithm of ['kmeans', 'minibatchkmeans', 'fuzzy_c_means']) {
      const found = cluster(huge, 3, algorithm, { n_clusters: 3 });
      await expect(found).rejects.toMatchObject({ code: 'not-finite' });
      await expect(found).rejects.toThrow(/Divide the data/);
    }
  });

  it('refuses data of which nothing is left', async () => {
    const masked = floatData(three, [120], [3], { navigation_mask: maskOf(new Array<number>(120).fill(1)) });
    await expect(clusterData(masked, 'kmeans')).rejects.toMatchObject({ code: 'all-masked' });
    await expect(cluster(new Float64Array(30).fill(NaN), 3, 'kmeans')).rejects.toMatchObject({ code: 'all-masked' });
  });

  it('refuses more components than there are, and asks for their number where none are significant', async () => {
    const on = (algorithm: string, parameters: Record<string, unknown>) =>
      runSteps(g, [
        { do: 'decomposition', algorithm, parameters: { output_dimension: 2 } },
        { do: 'cluster_analysis', parameters: { cluster_source: 'decomposition', n_clusters: 2, ...parameters } },
      ]);
    await expect(on('SVD', { number_of_components: 3 })).rejects.toThrow(
      /number_of_components must be from 1 to 2.*got 3/,
    );
    await expect(on('SVD', { comp_list: [0, 2] })).rejects.toThrow(
      /comp_list asks for component 2, but there are 2 \(indices 0 to 1\)/,
    );
    await expect(on('NMF', {})).rejects.toThrow(/number_of_components must be given/);
    expect((await on('NMF', { number_of_components: 2 })).scalars['n_clusters']).toBe(2);
  });
});
