import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createRandom } from '../../../linalg/random.ts';
import { floats, sharedSource } from '../../../../test/golden/run-step.ts';
import { canonical, cluster, clusterData, labelsOf } from '../test-data.ts';

/** The method as published: points visited in order, each cluster grown to its end. */
function inOrder(x: Float64Array, cols: number, eps: number, minSamples: number): number[] {
  const n = x.length / cols;
  const near = (i: number): number[] =>
    Array.from({ length: n }, (_, j) => j).filter(
      (j) => Math.hypot(...Array.from({ length: cols }, (_, c) => x[i * cols + c]! - x[j * cols + c]!)) <= eps,
    );
  const neighbours = Array.from({ length: n }, (_, i) => near(i));
  const labels = new Array<number>(n).fill(-1);
  let k = 0;
  for (let i = 0; i < n; i++) {
    if (labels[i]! >= 0 || neighbours[i]!.length < minSamples) continue;
    const stack = [i];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (labels[at]! >= 0) continue;
      labels[at] = k;
      if (neighbours[at]!.length >= minSamples) stack.push(...neighbours[at]!.filter((j) => labels[j]! < 0));
    }
    k++;
  }
  return labels;
}

describe('DBSCAN', () => {
  it.each([
    [0.1, 4],
    [0.16, 5],
    [0.2, 8],
    [0.05, 1],
  ])('with eps %d and %i neighbours finds what visiting points in order finds', async (eps, minSamples) => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const x = Float64Array.from({ length: 400 }, () => random.uniform());
      const output = await cluster(x, 2, 'dbscan', { eps, min_samples: minSamples });
      expect(canonical(labelsOf(output))).toEqual(canonical(inOrder(x, 2, eps, minSamples)));
    }
  });

  it('gives a border point to the first cluster that reaches it, and leaves outliers out', async () => {
    // two dense ends, a point between them that is core for neither, and an outlier
    const x = Float64Array.from([0, 0.1, 0.2, 0.3, 1.2, 2.1, 2.2, 2.3, 2.4, 50]);
    const output = await cluster(x, 1, 'dbscan', { eps: 0.95, min_samples: 4 });
    expect(canonical(labelsOf(output))).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, -1]);
    expect(output.scalars).toMatchObject({ n_clusters: 2, noise_pixels: 1, core_pixels: 8 });
    expect(Array.from(output.arrays['cluster_labels']!.data).filter((v) => v === 1)).toHaveLength(9);
  });

  it('says so when all pixels are noise', async () => {
    const output = await cluster(Float64Array.from([0, 10, 20, 30, 40, 50]), 1, 'dbscan');
    expect(output.scalars).toMatchObject({ n_clusters: 0, noise_pixels: 6, inertia: 0 });
    expect(output.arrays['cluster_labels']?.shape).toEqual([0, 6]);
    expect(output.arrays['cluster_centroids']?.shape).toEqual([0, 1]);
    expect(output.notes.join()).toMatch(/All 6 pixels are noise.*Raise eps/);
  });

  it('joins equal pixels', async () => {
    expect((await cluster(new Float64Array(20).fill(4), 2, 'dbscan')).scalars['n_clusters']).toBe(1);
  });

  it('counts a distance of exactly eps as within reach, in float32 data as well', async () => {
    const source = sharedSource(Float32Array.from([0, 1, 2, 3, 4]), 'float32', 5, 1);
    const output = await clusterData({ navigationShape: [5], signalShape: [1], source }, 'dbscan', {
      eps: 1,
      min_samples: 3,
    });
    expect(output.scalars).toMatchObject({ n_clusters: 1, core_pixels: 3 });
  });

  it('tells how far neighbours are', async () => {
    const output = await cluster(Float64Array.from([0, 1, 3, 7]), 1, 'dbscan', { eps: 1, min_samples: 2 });
    expect([...floats(output, 'k_distances')]).toEqual([4, 2, 1, 1]);
  });

  it('refuses a reach that is not above 0', async () => {
    await expect(cluster(new Float64Array(10), 1, 'dbscan', { eps: 0 })).rejects.toThrow(
      /eps must be a number from 1e-300/,
    );
  });

  it('that is cancelled gives nothing', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(cluster(new Float64Array(10), 1, 'dbscan', {}, { control })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
