import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createRandom } from '../../../linalg/random.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { floatData, floats, sharedSource } from '../../../../test/golden/run-step.ts';
import { blobs, canonical, cluster, clusterData, labelsOf } from '../test-data.ts';
import { cutTree, link, type Linkage } from './link.ts';

const g = floatData(datasetG(), gShape.navigation, gShape.signal);
const three = blobs([[0, 0], [9, 0], [0, 9]], 30, 0.5); // prettier-ignore

/** Joins the two nearest groups again and again, comparing all pairs of pixels each time. */
function greedyHeights(x: Float64Array, cols: number, linkage: Linkage): number[] {
  let groups = Array.from({ length: x.length / cols }, (_, i) => [i]);
  const apart = (i: number, j: number): number =>
    Math.hypot(...Array.from({ length: cols }, (_, c) => x[i * cols + c]! - x[j * cols + c]!));
  const mean = (group: number[], c: number): number =>
    group.reduce((sum, i) => sum + x[i * cols + c]!, 0) / group.length;
  const distance = (a: number[], b: number[]): number => {
    if (linkage === 'ward') {
      const between = Math.hypot(...Array.from({ length: cols }, (_, c) => mean(a, c) - mean(b, c)));
      return Math.sqrt((2 * a.length * b.length) / (a.length + b.length)) * between;
    }
    const all = a.flatMap((i) => b.map((j) => apart(i, j)));
    if (linkage === 'single') return Math.min(...all);
    return linkage === 'complete' ? Math.max(...all) : all.reduce((p, q) => p + q) / all.length;
  };
  const heights: number[] = [];
  while (groups.length > 1) {
    let best = { height: Infinity, a: 0, b: 0 };
    groups.forEach((ga, a) =>
      groups.slice(0, a).forEach((gb, b) => {
        const height = distance(ga, gb);
        if (height < best.height) best = { height, a, b };
      }),
    );
    heights.push(best.height);
    const joined = [...groups[best.a]!, ...groups[best.b]!];
    groups = [...groups.filter((_, i) => i !== best.a && i !== best.b), joined];
  }
  return heights;
}

describe('agglomerative clustering', () => {
  it('of the golden data set gives the known partition by Ward’s rule', async () => {
    const output = await clusterData(g, 'agglomerative', { n_clusters: 3 });
    const known = [2, 2, 2, 0, 0, 2, 2, 2, 0, 0, 1, 2, 1, 0, 0, 1, 1, 1, 0, 0];
    expect(canonical(labelsOf(output))).toEqual(canonical(known));
  });

  // scikit-learn 1.2
  it.each([
    ['ward', [275.0568123133837, 311.66924623327697, 613.7467039965808]],
    ['complete', [261.1321504526013, 262.68041419184647, 381.1889295349486]],
    ['average', [162.19119443991738, 162.254824264531, 222.8165624329676]],
    ['single', [79.10752176626443, 79.10752176626443, 79.16438593205912]],
  ])('joins last at the distances that scikit-learn finds by %s', async (linkage, last) => {
    const output = await clusterData(g, 'agglomerative', { linkage });
    const merges = floats(output, 'merges');
    last.forEach((height, i) => expect(merges[4 * (16 + i) + 2]).toBeCloseTo(height, 9));
    expect(merges[4 * 18 + 3]).toBe(20);
  });

  it.each(['ward', 'complete', 'average', 'single'] as const)(
    'by %s joins as comparing all pairs does',
    async (linkage) => {
      const random = createRandom(11);
      const x = Float64Array.from({ length: 40 * 3 }, () => random.gaussian());
      const merges = floats(await cluster(x, 3, 'agglomerative', { linkage }), 'merges');
      greedyHeights(x, 3, linkage).forEach((height, i) => expect(merges[4 * i + 2]).toBeCloseTo(height, 9));
    },
  );

  it('joins weighted points as it would join as many equal ones', () => {
    const points = [0, 1, 5, 9];
    const weights = [3, 1, 2, 4];
    const pairs = (x: number[]): Float64Array =>
      Float64Array.from(x.flatMap((a, i) => x.slice(i + 1).map((b) => (a - b) ** 2)));
    const light = link(pairs(points), 4, 'ward', Float64Array.from(weights), () => {});
    const repeated = points.flatMap((value, i) => new Array<number>(weights[i]!).fill(value));
    const heavy = link(pairs(repeated), 10, 'ward', null, () => {});
    light.heights.forEach((height, i) => expect(height).toBeCloseTo(heavy.heights[6 + i]!, 10));
  });

  it('cuts by a distance in place of a number', async () => {
    const output = await cluster(three, 2, 'agglomerative', { linkage: 'single', distance_threshold: 4 });
    expect(output.scalars['n_clusters']).toBe(3);
    const all = await cluster(three, 2, 'agglomerative', { distance_threshold: 1e-12 });
    expect(all.scalars['n_clusters']).toBe(90);
  });

  it.each(['kmeans', 'sample'])('finds groups among fewer pixels by %s', async (reduction) => {
    const output = await cluster(three, 2, 'agglomerative', { n_clusters: 3, reduction, reduced_size: 15 });
    expect(canonical(labelsOf(output))).toEqual(Array.from({ length: 90 }, (_, i) => Math.floor(i / 30)));
    expect(output.notes.join()).toMatch(/of (the )?90 pixels/);
    expect(output.arrays['merges']?.shape).toEqual([14, 4]);
  });

  it.each([null, 'kmeans', 'sample'])(
    'tells at which leaf every pixel stands, and in which cluster it is (%s)',
    async (reduction) => {
      // two pixels with values that are no numbers take no part
      const x = Float64Array.from([NaN, 0, ...three, 0, NaN]);
      const output = await cluster(x, 2, 'agglomerative', { n_clusters: 3, reduction, reduced_size: 15 });
      const count = reduction === null ? 90 : 15;
      const ints = (name: string): number[] => {
        const array = output.arrays[name];
        if (array?.dtype !== 'int32') throw new Error(`${name} is not there`);
        return [...array.data];
      };
      const [leaves, leafLabels] = [ints('leaves'), ints('leaf_labels')];
      expect([leaves.length, leafLabels.length]).toEqual([92, count]);
      expect([leaves[0], leaves[91]]).toEqual([-1, -1]);
      expect(new Set(leaves)).toEqual(new Set(Array.from({ length: count + 1 }, (_, i) => i - 1)));
      expect(leaves.map((leaf) => (leaf < 0 ? -1 : leafLabels[leaf]))).toEqual(labelsOf(output));
    },
  );

  it('joins equal pixels at distance 0', async () => {
    const output = await cluster(new Float64Array(12).fill(3), 2, 'agglomerative', { n_clusters: 2 });
    expect(output.scalars['n_clusters']).toBe(2);
    expect([...floats(output, 'merges')].filter((_, i) => i % 4 === 2)).toEqual([0, 0, 0, 0, 0]);
  });

  it('gives the same with float32 data', async () => {
    const source = sharedSource(Float32Array.from(datasetG()), 'float32', 20, 12);
    const single = await clusterData({ ...g, source }, 'agglomerative', { n_clusters: 3 });
    expect(labelsOf(single)).toEqual(labelsOf(await clusterData(g, 'agglomerative', { n_clusters: 3 })));
  });

  it('refuses more pixels than it can compare, and says what to do', async () => {
    await expect(cluster(new Float64Array(20_001), 1, 'agglomerative')).rejects.toThrow(
      /at most of 20000 pixels; there are 20001.*reduction/,
    );
  });

  it('refuses an unknown linkage', async () => {
    await expect(cluster(three, 2, 'agglomerative', { linkage: 'centroid' })).rejects.toThrow(
      /linkage must be one of ward/,
    );
  });

  it('that is cancelled gives nothing', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(cluster(three, 2, 'agglomerative', {}, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('cuts a tree into as many parts as asked for', () => {
    const tree = link(Float64Array.from([1, 4, 5, 3, 4, 1.5]), 4, 'single', null, () => {});
    expect([...cutTree(tree, 1)]).toEqual([0, 0, 0, 0]);
    expect([...cutTree(tree, 2)]).toEqual([0, 0, 1, 1]);
    expect([...cutTree(tree, 4)]).toEqual([0, 1, 2, 3]);
    expect([...cutTree(tree, 9)]).toEqual([0, 1, 2, 3]);
  });
});
