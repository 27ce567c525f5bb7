import { describe, expect, it } from 'vitest';
import { createRandom } from '../../linalg/random.ts';
import type { InputArray } from '../../job.ts';
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

  /** the data, with the maps of the fitted peaks as what is clustered */
  async function fitted(width: 'fwhm' | 'sigma' = 'fwhm'): Promise<TestData> {
    const parameters = { n_peaks: 2, positions: [22, 67], background: 'none', max_shift: 20, width };
    const output = await runSteps(floatData(values, [20, 20], [channels]), [{ do: 'fit_peaks', parameters }]);
    const data = output.arrays['parameter_maps']!.data as Float64Array;
    const maps: InputArray = { shape: [pixels, 6], dtype: 'float64', data, peaks: { count: 2, width } };
    return floatData(values, [20, 20], [channels], { cluster_source: maps });
  }

  it('have two clusters with pixels of equal length, which are these', async () => {
    const data = await fitted();
    const parameters = { preprocessing: 'norm', metric: 'gap', max_clusters: 6 };
    const found = await runSteps(data, [{ do: 'estimate_number_of_clusters', parameters }]);
    expect(found.scalars['best_k']).toBe(2);
    const output = await clusterData(data, 'kmeans', { preprocessing: 'norm', n_clusters: 2 });
    expect(canonical(labelsOf(output))).toEqual(groups);
    // one column for each of the two positions
    expect(output.arrays['cluster_centroids']!.shape).toEqual([2, 2]);
  });

  it('are told apart by the position of either peak alone, and not by heights', async () => {
    const data = await fitted();
    for (const peak of [0, 1]) {
      const output = await clusterData(data, 'kmeans', {
        peak_parameters: 'position',
        peak_list: [peak],
        n_clusters: 2,
      });
      expect(canonical(labelsOf(output))).toEqual(groups);
      expect(output.arrays['cluster_centroids']!.shape).toEqual([2, 1]);
    }
    const byHeight = await clusterData(data, 'kmeans', { peak_parameters: 'height', n_clusters: 2 });
    expect(canonical(labelsOf(byHeight))).not.toEqual(groups);
    const sum = byHeight.arrays['cluster_sum_signals']!;
    // heights were drawn from 20 to 40
    const mean = Array.from(sum.data).reduce((a, b) => a + b, 0) / (2 * pixels);
    expect(mean).toBeGreaterThan(29);
    expect(mean).toBeLessThan(31);
  });

  it('are two clouds of positions, one for each group', async () => {
    const data = await fitted();
    const mixture = (parameters: Record<string, unknown>) =>
      runSteps(data, [{ do: 'gaussian_mixture', parameters: { n_components: 2, ...parameters } }]);
    const both = await mixture({});
    expect(canonical(labelsOf(both))).toEqual(groups);
    expect(both.arrays['means']!.shape).toEqual([2, 2]);
    const second = await mixture({ peak_parameters: 'position', peak_list: [1] });
    expect(Array.from(second.arrays['means']!.data).map((mean) => Math.round(Number(mean) / 15))).toEqual(
      expect.arrayContaining([4, 5]),
    );
  });

  it('have areas of height × 3 √(2π), however the widths are given', async () => {
    const sums = async (width: 'fwhm' | 'sigma', peak_parameters: string): Promise<Float64Array> => {
      const output = await clusterData(await fitted(width), 'kmeans', { peak_parameters, n_clusters: 1 });
      return output.arrays['cluster_sum_signals']!.data as Float64Array;
    };
    const heights = await sums('fwhm', 'height');
    for (const width of ['fwhm', 'sigma'] as const) {
      const areas = await sums(width, 'area');
      heights.forEach((height, peak) => expect(areas[peak]! / height).toBeCloseTo(3 * Math.sqrt(2 * Math.PI), 6));
    }
  });

  it('take maps of several kinds of chosen peaks together, peak after peak', async () => {
    const parameters = { peak_parameters: 'position_width_height', peak_list: [1], n_clusters: 1 };
    const output = await clusterData(await fitted(), 'kmeans', parameters);
    const means = Array.from(output.arrays['cluster_sum_signals']!.data, (sum) => sum / pixels);
    expect(means).toHaveLength(3);
    expect(means[0]).toBeCloseTo((60 + 75) / 2, 0);
    expect(means[1]).toBeCloseTo(3 * 2 * Math.sqrt(2 * Math.LN2), 6);
    const first = await clusterData(await fitted(), 'kmeans', { ...parameters, peak_list: 1 });
    expect(first.arrays['cluster_sum_signals']!.data[0]! / pixels).toBeCloseTo((15 + 30) / 2, 0);
  });

  it('refuse peaks that were not fitted, and maps of peaks where there are none', async () => {
    const data = await fitted();
    await expect(clusterData(data, 'kmeans', { peak_list: [2] })).rejects.toThrow(
      'peak_list asks for peak 2, but 2 peaks were fitted (indices 0 to 1).',
    );
    await expect(clusterData(data, 'kmeans', { peak_list: 3 })).rejects.toThrow(/asks for the first 3/);
    const { peaks: _, ...plain } = data.inputs!['cluster_source']!;
    const other = { ...data, inputs: { cluster_source: plain } };
    await expect(clusterData(other, 'kmeans', { peak_parameters: 'width' })).rejects.toThrow(
      /cluster_source names something else/,
    );
    const signal = { ...data, inputs: {} };
    await expect(clusterData(signal, 'kmeans', { peak_parameters: 'width' })).rejects.toThrow(
      /peak_parameters chooses among the maps of a fit of peaks; cluster_source is signal/,
    );
  });
});
