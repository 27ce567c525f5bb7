import { describe, expect, it } from 'vitest';
import { floatData, floats, runSteps, type Step } from '../../../../test/golden/run-step.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { defaultValues } from '../../../specs/validate.ts';
import { kmeans } from '../kmeans/spec.ts';
import { labelsOf } from '../test-data.ts';

const g = floatData(datasetG(), gShape.navigation, gShape.signal);
const svd: Step = { do: 'decomposition', parameters: { output_dimension: 3 } };
const ica: Step = { do: 'blind_source_separation', parameters: { number_of_components: 2 } };
const clusters = (parameters: Record<string, unknown>): Step => ({
  do: 'cluster_analysis',
  parameters: { n_clusters: 2, ...parameters },
});

/** Σ over the members of each cluster of loadings · factorsᵀ, by hand. */
function sumsOfModel(labels: number[], loadings: Float64Array, factors: Float64Array, stride: number, count: number) {
  const channels = factors.length / stride;
  return [0, 1].flatMap((cluster) =>
    Array.from({ length: channels }, (_, j) => {
      let sum = 0;
      labels.forEach((label, i) => {
        if (label !== cluster) return;
        for (let c = 0; c < count; c++) sum += loadings[i * stride + c]! * factors[j * stride + c]!;
      });
      return sum;
    }),
  );
}

describe('the signals of clusters', () => {
  it('of loadings are those of the model with as many components', async () => {
    const parent = await runSteps(g, [svd]);
    for (const count of [1, 2]) {
      const output = await runSteps(g, [
        svd,
        clusters({ cluster_source: 'decomposition', number_of_components: count }),
      ]);
      const expected = sumsOfModel(labelsOf(output), floats(parent, 'loadings'), floats(parent, 'factors'), 3, count);
      floats(output, 'cluster_sum_signals').forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 8));
      expect(output.arrays['cluster_centroids']?.shape).toEqual([2, count]);
    }
  });

  it('of chosen components compare those alone, and keep the whole model', async () => {
    const steps = (parameters: Record<string, unknown>): Step[] => [
      svd,
      clusters({ cluster_source: 'decomposition', ...parameters }),
    ];
    const listed = await runSteps(g, steps({ comp_list: [1, 2] }));
    expect(listed.arrays['cluster_centroids']?.shape).toEqual([2, 2]);
    expect(listed.arrays['cluster_sum_signals']?.shape).toEqual([2, 12]);
    expect(labelsOf(await runSteps(g, steps({ comp_list: [0, 1] })))).toEqual(
      labelsOf(await runSteps(g, steps({ number_of_components: 2 }))),
    );
    await expect(runSteps(g, steps({ comp_list: [3] }))).rejects.toThrow(/there are 3/);
    await expect(runSteps(g, steps({ comp_list: [0], number_of_components: 1 }))).rejects.toThrow(/comp_list must be/);
  });

  it('of separated loadings are made from the separation', async () => {
    const parent = await runSteps(g, [svd, ica]);
    const output = await runSteps(g, [svd, ica, clusters({ cluster_source: 'bss', number_of_components: 1 })]);
    const expected = sumsOfModel(labelsOf(output), floats(parent, 'bss_loadings'), floats(parent, 'bss_factors'), 2, 1);
    floats(output, 'cluster_sum_signals').forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 8));
  });

  it('take all separated components where no number is given', async () => {
    const output = await runSteps(g, [svd, ica, clusters({ cluster_source: 'bss' })]);
    expect(output.arrays['cluster_centroids']?.shape).toEqual([2, 2]);
  });

  it('of the data are sums of spectra, whatever was clustered', async () => {
    const output = await runSteps(g, [svd, ica, clusters({ cluster_source: 'decomposition', number_of_components: 2, source_for_centers: 'signal' })]); // prettier-ignore
    const x = datasetG();
    const sums = [new Float64Array(12), new Float64Array(12)];
    labelsOf(output).forEach((label, i) => {
      for (let j = 0; j < 12; j++) sums[label]![j]! += x[i * 12 + j]!;
    });
    expect([...floats(output, 'cluster_sum_signals')]).toEqual(sums.flatMap((sum) => [...sum]));
  });

  it('of another signal of the same pixels are sums of its rows', async () => {
    const maps = Float64Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? (at < 20 ? 1 : 9) : at));
    const inputs = { cluster_source: { shape: [20, 2], dtype: 'float64' as const, data: maps } };
    const output = await runSteps({ ...g, inputs }, [clusters({})]);
    const sums = floats(output, 'cluster_sum_signals');
    expect(output.arrays['cluster_sum_signals']?.shape).toEqual([2, 2]);
    expect([sums[0]! + sums[2]!, sums[1]! + sums[3]!]).toEqual([100, 400]);
  });

  it('leave out the pixels that the decomposition left out', async () => {
    const data = Float64Array.from({ length: 20 }, (_, i) => (i < 3 ? 1 : 0));
    const inputs = { navigation_mask: { shape: [4, 5], dtype: 'bool' as const, data } };
    const parent = await runSteps({ ...g, inputs }, [svd]);
    expect(floats(parent, 'loadings')[0]).toBeNaN();
    // the clustering is told of no mask
    const { run } = await import('../kmeans/run.ts');
    const { do: operation, parameters } = svd;
    const values = {
      ...defaultValues(kmeans.params),
      n_clusters: 2,
      cluster_source: 'decomposition',
      number_of_components: 2,
    };
    const input = {
      data: g.source,
      navigationShape: g.navigationShape,
      signalShape: g.signalShape,
      inputs: {},
      parent: { ...parent, operation, algorithm: 'SVD', parameters: parameters! },
    };
    const output = await run(input, values, createLocalJob());
    expect(labelsOf(output).map((label) => label < 0)).toEqual(Array.from({ length: 20 }, (_, i) => i < 3));
    expect(output.notes.join()).toMatch(/3 pixels hold values that are not finite/);
  });

  it('come from another signal with the same pixels, and from no other', async () => {
    const heights = Float64Array.from({ length: 20 }, (_, i) => (i % 2) * 10);
    const other = { shape: [4, 5], dtype: 'float64' as const, data: heights };
    const output = await runSteps({ ...g, inputs: { cluster_source: other } }, [
      { do: 'cluster_analysis', parameters: { n_clusters: 2, source_for_centers: 'signal' } },
    ]);
    expect(labelsOf(output)).toEqual(Array.from({ length: 20 }, (_, i) => (labelsOf(output)[0]! + i) % 2));
    expect(output.arrays['cluster_sum_signals']?.shape).toEqual([2, 12]);
    const wrong = { shape: [5, 4], dtype: 'float64' as const, data: heights };
    await expect(runSteps({ ...g, inputs: { cluster_source: wrong } }, [{ do: 'cluster_analysis' }])).rejects.toThrow(
      /cluster_source has shape \(5, 4\); the pixels of the data, \(4, 5\), must come first/,
    );
  });
});
