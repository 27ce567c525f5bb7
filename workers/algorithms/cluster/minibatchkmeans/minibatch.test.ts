import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { sharedSource } from '../../../../test/golden/run-step.ts';
import { blobs, canonical, cluster, clusterData, labelsOf } from '../test-data.ts';

const centres = [[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]]; // prettier-ignore
const four = blobs(centres, 1500, 1);

describe('mini-batch k-means', () => {
  it('finds separate groups with little more than the inertia of k-means', async () => {
    const few = await cluster(four, 3, 'minibatchkmeans', { n_clusters: 4 });
    const all = await cluster(four, 3, 'kmeans', { n_clusters: 4 });
    expect(canonical(labelsOf(few))).toEqual(canonical(labelsOf(all)));
    expect((few.scalars['inertia'] as number) / (all.scalars['inertia'] as number)).toBeLessThan(1 + 1e-9);
  });

  it('comes near to k-means where groups run into each other', async () => {
    const blurred = blobs(centres, 1500, 5, 2);
    const few = await cluster(blurred, 3, 'minibatchkmeans', { n_clusters: 6 });
    const all = await cluster(blurred, 3, 'kmeans', { n_clusters: 6 });
    expect((few.scalars['inertia'] as number) / (all.scalars['inertia'] as number)).toBeLessThan(1.05);
  });

  it('gives the same bits again, with float32 data the same groups', async () => {
    const once = await cluster(four, 3, 'minibatchkmeans', { n_clusters: 4 }, { seed: 5 });
    expect(await cluster(four, 3, 'minibatchkmeans', { n_clusters: 4 }, { seed: 5 })).toEqual(once);
    const source = sharedSource(Float32Array.from(four), 'float32', 6000, 3);
    const single = await clusterData({ navigationShape: [6000], signalShape: [3], source }, 'minibatchkmeans', {
      n_clusters: 4,
    });
    expect(canonical(labelsOf(single))).toEqual(canonical(labelsOf(once)));
  });

  it('begins centres anew that no pixel comes to', async () => {
    // nearly all pixels are equal: a random start puts several centres on one place
    const x = Float64Array.from({ length: 4000 }, (_, i) => (i % 10 === 0 ? 50 : i % 10 === 1 ? 100 : 0));
    const output = await cluster(x, 1, 'minibatchkmeans', {
      n_clusters: 3,
      init: 'random',
      n_init: 1,
      max_no_improvement: 100,
    });
    expect(output.scalars['n_clusters']).toBe(3);
    expect(output.scalars['inertia'] as number).toBeLessThan(1);
  });

  it.each([2, 5])('takes fewer pixels than a batch: %i', async (n) => {
    const output = await cluster(
      Float64Array.from({ length: n }, (_, i) => i * 10),
      1,
      'minibatchkmeans',
      { n_clusters: 2 },
    );
    expect(output.scalars['n_clusters']).toBe(2);
  });

  it('finds one cluster where all pixels are equal, and says so', async () => {
    const output = await cluster(new Float64Array(40).fill(1), 1, 'minibatchkmeans', { n_clusters: 3 });
    expect(output.scalars['n_clusters']).toBe(1);
    expect(output.notes.join()).toMatch(/Only 1 of 3/);
  });

  it('refuses a batch of nothing', async () => {
    await expect(cluster(four, 3, 'minibatchkmeans', { batch_size: 0 })).rejects.toThrow(
      /batch_size must be a whole number from 1/,
    );
  });

  it('that is cancelled gives nothing, that is stopped keeps what it has', async () => {
    const cancelled = openControl(createControlBlock());
    requestStop(cancelled.block, 'cancel');
    await expect(cluster(four, 3, 'minibatchkmeans', {}, { control: cancelled })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const kept = openControl(createControlBlock());
    requestStop(kept.block, 'keep');
    const output = await cluster(four, 3, 'minibatchkmeans', { n_clusters: 4 }, { control: kept });
    expect(output.scalars).toMatchObject({ iterations: 2, converged: false });
  });
});
