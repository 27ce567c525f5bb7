import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { floatData, sharedSource } from '../../../../test/golden/run-step.ts';
import { createRandom } from '../../../linalg/random.ts';
import { blobs, canonical, cluster, clusterData, labelsOf } from '../test-data.ts';

const g = floatData(datasetG(), gShape.navigation, gShape.signal);
const two = blobs([[0, 0], [9, 0]], 40, 0.5); // prettier-ignore

/** A ring around a spot. */
function ringAndSpot(n: number): Float64Array {
  const random = createRandom(4);
  return Float64Array.from(
    Array.from({ length: n }, (_, i) => {
      const [radius, angle] = [i % 2 === 0 ? 0.1 : 3, random.uniform() * 2 * Math.PI];
      return [radius * Math.cos(angle) + 0.1 * random.gaussian(), radius * Math.sin(angle) + 0.1 * random.gaussian()];
    }).flat(),
  );
}

describe('spectral clustering', () => {
  // scikit-learn 1.2
  it.each([
    [{ gamma: 5e-5 }, [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 2, 2, 2, 0, 0, 2, 2, 2]],
    [{ affinity: 'nearest_neighbors', n_neighbors: 6 }, [0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 2, 2, 2, 1, 1, 2, 2, 2, 1, 1]],
  ])('of the golden data set with %j finds what scikit-learn finds', async (parameters, known) => {
    const output = await clusterData(g, 'spectralclustering', { n_clusters: 3, n_init: 100, ...parameters });
    expect(canonical(labelsOf(output))).toEqual(canonical(known));
  });

  it.each([{ gamma: 4 }, { affinity: 'nearest_neighbors' }])(
    'parts a ring from a spot inside it with %j',
    async (parameters) => {
      const output = await cluster(ringAndSpot(200), 2, 'spectralclustering', { n_clusters: 2, ...parameters });
      expect(canonical(labelsOf(output))).toEqual(Array.from({ length: 200 }, (_, i) => i % 2));
    },
  );

  it.each(['kmeans', 'sample'])('does so with fewer pixels by %s', async (reduction) => {
    const parameters = { n_clusters: 2, gamma: 4, reduction, reduced_size: 60 };
    const output = await cluster(ringAndSpot(400), 2, 'spectralclustering', parameters);
    expect(canonical(labelsOf(output))).toEqual(Array.from({ length: 400 }, (_, i) => i % 2));
  });

  it('says when gamma makes no two pixels similar, and what suits', async () => {
    const output = await clusterData(g, 'spectralclustering', { n_clusters: 3 });
    expect(output.notes.join()).toMatch(/20 of 20 pixels have next to no likeness.*gamma is too large/);
  });

  it('gives the same with float32 data', async () => {
    const source = sharedSource(Float32Array.from(two), 'float32', 80, 2);
    const single = await clusterData({ navigationShape: [80], signalShape: [2], source }, 'spectralclustering', {
      n_clusters: 2,
      gamma: 0.1,
    });
    expect(canonical(labelsOf(single))).toEqual(Array.from({ length: 80 }, (_, i) => Math.floor(i / 40)));
  });

  it('bears equal pixels', async () => {
    const output = await cluster(new Float64Array(20).fill(1), 2, 'spectralclustering', { n_clusters: 2 });
    expect(labelsOf(output).every((label) => label >= 0)).toBe(true);
  });

  it('refuses more pixels than it can compare, and says what to do', async () => {
    await expect(cluster(new Float64Array(5001), 1, 'spectralclustering')).rejects.toThrow(
      /at most of 5000 pixels; there are 5001.*reduction/,
    );
  });

  it('refuses an unknown likeness', async () => {
    await expect(cluster(two, 2, 'spectralclustering', { affinity: 'cosine' })).rejects.toThrow(
      /affinity must be one of rbf/,
    );
  });

  it('that is cancelled gives nothing', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(cluster(two, 2, 'spectralclustering', {}, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
