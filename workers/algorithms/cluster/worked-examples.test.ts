import { describe, expect, it } from 'vitest';
import { createRandom } from '../../linalg/random.ts';
import { floatData, runSteps, type TestData } from '../../../test/golden/run-step.ts';
import { canonical, clusterData, labelsOf } from './test-data.ts';

/* Two worked examples: blobs, of which the gap tells three, and two peaks whose positions tell two groups. */

describe('1000 spectra around three random centres in 100 channels', () => {
  const random = createRandom(1);
  const centres = Array.from({ length: 3 }, () => Array.from({ length: 100 }, () => 20 * random.uniform() - 10));
  const groups = Array.from({ length: 1000 }, (_, i) => (i < 334 ? 0 : i < 667 ? 1 : 2));
  const values = Float64Array.from(groups.flatMap((group) => centres[group]!.map((at) => at + random.gaussian())));
  const data = floatData(values, [50, 20], [100]);

  it.each([{}, { gap_reference: 'line' }])('have three clusters by the gap (%j)', async (parameters) => {
    const step = { do: 'estimate_number_of_clusters', parameters: { metric: 'gap', max_clusters: 6, ...parameters } };
    expect((await runSteps(data, [step])).scalars['best_k']).toBe(3);
  });

  it('are divided into these three by k-means', async () => {
    const output = await clusterData(data, 'kmeans', { n_clusters: 3 });
    expect(canonical(labelsOf(output))).toEqual(groups);
  });
});

describe('spectra of two peaks whose positions tell two groups', () => {
  const random = createRandom(4);
  const [pixels, channels] = [400, 100];
  const groups = Array.from({ length: pixels }, (_, i) => (i % 20 < 10 ? 0 : 1));
  const values = new Float64Array(pixels * channels);
  groups.forEach((group, i) => {
    const places = group === 0 ? [15, 60] : [30, 75];
    for (const place of places) {
      const centre = place + random.gaussian();
      const height = 20 + 20 * random.uniform();
      for (let j = 0; j < channels; j++)
        values[i * channels + j]! += height * Math.exp(-((j - centre) ** 2) / (2 * 3 ** 2));
    }
  });

  /** the data, with the maps of the two positions as what is clustered */
  async function positions(): Promise<TestData> {
    const parameters = { n_peaks: 2, positions: [22, 67], background: 'none', max_shift: 20 };
    const output = await runSteps(floatData(values, [20, 20], [channels]), [{ do: 'fit_peaks', parameters }]);
    const maps = output.arrays['parameter_maps']!.data as Float64Array;
    const chosen = Float64Array.from({ length: 2 * pixels }, (_, i) => maps[6 * (i >> 1) + 3 * (i % 2)]!);
    return floatData(values, [20, 20], [channels], {
      cluster_source: { shape: [pixels, 2], dtype: 'float64', data: chosen },
    });
  }

  it('have two clusters with pixels of equal length, which are these', async () => {
    const data = await positions();
    const parameters = { preprocessing: 'norm', metric: 'gap', max_clusters: 6 };
    const found = await runSteps(data, [{ do: 'estimate_number_of_clusters', parameters }]);
    expect(found.scalars['best_k']).toBe(2);
    const output = await clusterData(data, 'kmeans', { preprocessing: 'norm', n_clusters: 2 });
    expect(canonical(labelsOf(output))).toEqual(groups);
  });
});
