import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createRandom } from '../../../linalg/random.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { floatData, floats, maskOf, runSteps, type TestData } from '../../../../test/golden/run-step.ts';
import { blobs } from '../test-data.ts';

const g = floatData(datasetG(), gShape.navigation, gShape.signal);
const estimate = (data: TestData, parameters: Record<string, unknown>, options = {}) =>
  runSteps(data, [{ do: 'estimate_number_of_clusters', parameters }], options);
const rows = (x: Float64Array, cols: number): TestData => floatData(x, [x.length / cols], [cols]);

const three = rows(blobs([[0, 0], [9, 0], [0, 9]], 60, 0.7), 2); // prettier-ignore
const random = createRandom(8);
const even = rows(
  Float64Array.from({ length: 1000 }, () => random.uniform()),
  2,
);

describe('the golden data set', () => {
  it('has the known silhouettes', async () => {
    const output = await estimate(g, { metric: 'silhouette', max_clusters: 4, n_init: 50 });
    const known = [0.390148, 0.344047, 0.310355];
    floats(output, 'cluster_metric_data').forEach((value, i) => expect(value).toBeCloseTo(known[i]!, 5));
    expect([...output.arrays['cluster_metric_index']!.data]).toEqual([2, 3, 4]);
  });

  it('has ln of its total scatter for the first value of the elbow', async () => {
    const output = await estimate(g, { metric: 'elbow', max_clusters: 4 });
    expect(floats(output, 'cluster_metric_data')[0]).toBeCloseTo(12.8182, 4);
  });

  // scikit-learn 1.2 on the same partitions
  it.each([
    ['calinski_harabasz', [18.780123214319097, 16.793269768259524, 17.416946092646004], 2],
    ['davies_bouldin', [0.8905141875938872, 0.9111618765738205, 0.8485572227751402], 4],
  ])('has the indices %s that scikit-learn finds', async (metric, known, best) => {
    const output = await estimate(g, { metric, max_clusters: 4, n_init: 50 });
    floats(output, 'cluster_metric_data').forEach((value, i) => expect(value).toBeCloseTo(known[i]!, 9));
    expect(output.scalars['best_k']).toBe(best);
  });
});

describe('three clear groups', () => {
  it.each(['gap', 'silhouette', 'elbow', 'calinski_harabasz', 'davies_bouldin', 'stability'])(
    'are found by %s',
    async (metric) => {
      const output = await estimate(three, { metric, max_clusters: 7, n_bootstraps: 5 });
      expect(output.scalars).toMatchObject({ best_k: 3, cluster_metric: metric });
    },
  );

  it.each(['minibatchkmeans', 'agglomerative', 'spectralclustering'])('are found with %s', async (algorithm) => {
    for (const metric of ['silhouette', 'gap']) {
      const output = await estimate(three, { metric, algorithm, max_clusters: 5, gamma: 0.05 });
      expect([metric, output.scalars['best_k']]).toEqual([metric, 3]);
    }
  });

  it('are found by HyperSpy’s gap as well', async () => {
    expect((await estimate(three, { gap_reference: 'line', max_clusters: 6 })).scalars['best_k']).toBe(3);
  });

  it('are found in many columns', async () => {
    const draw = createRandom(3);
    const centres = Array.from({ length: 3 }, () => Array.from({ length: 50 }, () => 3 * draw.gaussian()));
    const wide = rows(blobs(centres, 50, 0.5), 50);
    for (const metric of ['gap', 'silhouette', 'stability']) {
      const output = await estimate(wide, { metric, max_clusters: 5, n_bootstraps: 3, n_init: 4 });
      expect([metric, output.scalars['best_k']]).toEqual([metric, 3]);
    }
  });
});

describe('data without groups', () => {
  it('have one cluster by the gap', async () => {
    expect((await estimate(even, { max_clusters: 6, n_ref: 10 })).scalars['best_k']).toBe(1);
  });

  it('are never one cluster by HyperSpy’s rule', async () => {
    const output = await estimate(even, { max_clusters: 6, gap_reference: 'line' });
    expect(output.scalars['best_k']).toBeGreaterThan(1);
  });
});

describe('silhouettes', () => {
  it('are told for every pixel, and of a sample where there are many', async () => {
    const all = await estimate(three, { metric: 'silhouette', max_clusters: 4 });
    const some = await estimate(three, { metric: 'silhouette', max_clusters: 4, sample_size: 60 });
    expect(all.arrays['silhouette_samples']?.shape).toEqual([3, 180]);
    expect(floats(all, 'silhouette_samples').every((value) => value >= -1 && value <= 1)).toBe(true);
    const told = floats(some, 'silhouette_samples').filter((value) => !Number.isNaN(value));
    expect(told.length / 3).toBeGreaterThan(55);
    expect(told.length / 3).toBeLessThan(65);
    expect(some.notes.join()).toMatch(/of 180 pixels/);
    floats(some, 'cluster_metric_data').forEach((value, i) =>
      expect(value).toBeCloseTo(floats(all, 'cluster_metric_data')[i]!, 1),
    );
  });

  it('are left out where pixels are', async () => {
    const x = blobs([[0], [9]], 5, 0.5);
    const data = floatData(x, [10], [1], { navigation_mask: maskOf([1, 0, 0, 0, 0, 0, 0, 0, 0, 1]) });
    const output = await estimate(data, { metric: 'silhouette', max_clusters: 2 });
    expect([...floats(output, 'silhouette_samples')].map(Number.isNaN)).toEqual(
      Array.from({ length: 10 }, (_, i) => i === 0 || i === 9),
    );
  });
});

describe('estimating the number of clusters', () => {
  it('gives the same bits again', async () => {
    expect(await estimate(even, { max_clusters: 4 })).toEqual(await estimate(even, { max_clusters: 4 }));
  });

  describe('where no more different pixels than clusters are there', () => {
    const values = [0.1, 0.7, 5.3, 9.9];
    const exact = rows(Float64Array.from(Array.from({ length: 61 }, (_, i) => [values[i % 4]!, 1 / 3]).flat()), 2);

    it.each(['gap', 'silhouette', 'elbow', 'calinski_harabasz', 'davies_bouldin', 'stability'])(
      'finds their number by %s',
      async (metric) => {
        const output = await estimate(exact, { metric, max_clusters: 8, n_bootstraps: 3 });
        const known = metric === 'gap' || metric === 'elbow' ? [1, 2, 3, 4, 5, 6, 7, 8] : [2, 3, 4, 5, 6, 7, 8];
        expect([...output.arrays['cluster_metric_index']!.data]).toEqual(known);
        expect(floats(output, 'cluster_metric_data').every(Number.isFinite)).toBe(true);
        expect(output.scalars['best_k']).toBe(4);
      },
    );

    it('says so', async () => {
      const output = await estimate(exact, { metric: 'elbow', max_clusters: 6 });
      expect(output.notes.join()).toMatch(/With 4 clusters every pixel lies on its centre/);
    });
  });

  it('does not compare a cluster of its own for every pixel', async () => {
    const x = rows(Float64Array.from([0, 0.4, 5, 5.3, 9, 9.6]), 1);
    const indices = { elbow: [1, 2, 3, 4, 5], davies_bouldin: [2, 3, 4, 5] };
    for (const [metric, known] of Object.entries(indices)) {
      const output = await estimate(x, { metric, max_clusters: 6 });
      expect([...output.arrays['cluster_metric_index']!.data]).toEqual(known);
    }
  });

  it('takes two pixels for too few to compare by silhouettes', async () => {
    const two = rows(Float64Array.from([0, 1]), 1);
    await expect(estimate(two, { metric: 'silhouette' })).rejects.toThrow(/2 pixels are left.*at least 3 are needed/);
    await expect(estimate(two, { metric: 'silhouette' })).rejects.toMatchObject({ code: 'too-few-samples' });
  });

  it('refuses data of equal pixels', async () => {
    for (const metric of ['gap', 'silhouette', 'stability']) {
      const alike = estimate(rows(new Float64Array(20).fill(0.1), 2), { metric });
      await expect(alike).rejects.toThrow(/All 10 pixels are alike/);
      await expect(alike).rejects.toMatchObject({ code: 'too-few-samples' });
    }
  });

  it.each([
    [{ max_clusters: 1 }, /max_clusters must be a whole number from 2/],
    [{ metric: 'bic' }, /metric must be one of gap, silhouette, elbow/],
    [{ metric: 'stability', algorithm: 'agglomerative' }, /algorithm must be kmeans when metric is stability/],
  ])('refuses %j', async (parameters, message) => {
    await expect(estimate(three, parameters)).rejects.toThrow(message);
  });

  it('that is cancelled gives nothing', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(estimate(three, {}, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
