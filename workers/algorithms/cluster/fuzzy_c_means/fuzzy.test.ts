import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { floatData, floats, maskOf, sharedSource } from '../../../../test/golden/run-step.ts';
import { blobs, canonical, cluster, clusterData, labelsOf } from '../test-data.ts';

const three = blobs([[0, 0], [9, 0], [0, 9]], 30, 1); // prettier-ignore

describe('fuzzy c-means', () => {
  it('ends where memberships and centres follow from each other', async () => {
    const m = 1.7;
    const output = await cluster(three, 2, 'fuzzy_c_means', { n_clusters: 3, fuzziness: m, tol: 1e-12 });
    expect(output.scalars['converged']).toBe(true);
    const [u, centres] = [floats(output, 'membership'), floats(output, 'fuzzy_centres')];
    for (let c = 0; c < 3; c++) {
      let [weight, x, y] = [0, 0, 0];
      for (let i = 0; i < 90; i++) {
        const power = u[c * 90 + i]! ** m;
        weight += power;
        x += power * three[2 * i]!;
        y += power * three[2 * i + 1]!;
      }
      expect(x / weight).toBeCloseTo(centres[2 * c]!, 8);
      expect(y / weight).toBeCloseTo(centres[2 * c + 1]!, 8);
    }
    let objective = 0;
    for (let i = 0; i < 90; i++) {
      const squares = [0, 1, 2].map(
        (c) => (three[2 * i]! - centres[2 * c]!) ** 2 + (three[2 * i + 1]! - centres[2 * c + 1]!) ** 2,
      );
      squares.forEach((square, c) => {
        const expected = 1 / squares.reduce((sum, other) => sum + (square / other) ** (1 / (m - 1)), 0);
        expect(u[c * 90 + i]).toBeCloseTo(expected, 7);
        objective += u[c * 90 + i]! ** m * square;
      });
    }
    expect(output.scalars['objective'] as number).toBeCloseTo(objective, 6);
  });

  it('has memberships that add up to 1, and labels of the largest', async () => {
    const u = await cluster(three, 2, 'fuzzy_c_means', { n_clusters: 4 }).then((output) =>
      floats(output, 'membership'),
    );
    for (let i = 0; i < 90; i++) expect([0, 1, 2, 3].reduce((sum, c) => sum + u[c * 90 + i]!, 0)).toBeCloseTo(1, 12);
  });

  it('is nearly k-means with little fuzziness', async () => {
    const sharp = await cluster(three, 2, 'fuzzy_c_means', { n_clusters: 3, fuzziness: 1.05 });
    const hard = await cluster(three, 2, 'kmeans', { n_clusters: 3 });
    expect(labelsOf(sharp)).toEqual(labelsOf(hard));
    const centroids = floats(hard, 'cluster_centroids');
    floats(sharp, 'fuzzy_centres').forEach((value, i) => expect(value).toBeCloseTo(centroids[i]!, 2));
  });

  it('gives a pixel on a centre to that alone', async () => {
    const output = await cluster(Float64Array.from([0, 0, 0, 10, 10, 10, 10]), 1, 'fuzzy_c_means', { n_clusters: 2 });
    expect([...floats(output, 'membership')]).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('bears fewer different pixels than clusters', async () => {
    const output = await cluster(new Float64Array(12).fill(2), 2, 'fuzzy_c_means', { n_clusters: 3 });
    expect(output.scalars['n_clusters']).toBe(1);
    expect(output.notes.join()).toMatch(/Only 1 of 3 clusters/);
  });

  it('has NaN where pixels are left out', async () => {
    const data = floatData(Float64Array.from([0, 1, 500, 9, 10]), [5], [1], {
      navigation_mask: maskOf([0, 0, 1, 0, 0]),
    });
    const output = await clusterData(data, 'fuzzy_c_means', { n_clusters: 2 });
    expect([...floats(output, 'membership')].map(Number.isNaN)).toEqual([0, 0, 1, 0, 0, 0, 0, 1, 0, 0].map(Boolean));
  });

  it('gives nearly the same with float32 data', async () => {
    const source = sharedSource(Float32Array.from(three), 'float32', 90, 2);
    const single = await clusterData({ navigationShape: [90], signalShape: [2], source }, 'fuzzy_c_means', {
      n_clusters: 3,
    });
    const double = await cluster(three, 2, 'fuzzy_c_means', { n_clusters: 3 });
    expect(canonical(labelsOf(single))).toEqual(canonical(labelsOf(double)));
  });

  it('refuses a fuzziness of 1', async () => {
    await expect(cluster(three, 2, 'fuzzy_c_means', { fuzziness: 1 })).rejects.toThrow(
      /fuzziness must be a number from 1.01/,
    );
  });

  it('that is cancelled gives nothing, that is stopped keeps its memberships and says so', async () => {
    const cancelled = openControl(createControlBlock());
    requestStop(cancelled.block, 'cancel');
    await expect(cluster(three, 2, 'fuzzy_c_means', {}, { control: cancelled })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const kept = openControl(createControlBlock());
    requestStop(kept.block, 'keep');
    const output = await cluster(three, 2, 'fuzzy_c_means', { n_clusters: 3 }, { control: kept });
    expect(output.scalars).toMatchObject({ iterations: 1, converged: false });
  });
});
