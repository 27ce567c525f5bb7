import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHspyLearningResults } from '../../workers/readers/learning-results-hspy.ts';
import { readNpzLearningResults } from '../../workers/readers/learning-results-npz.ts';
import { fixturePath } from '../golden/fixtures.ts';
import { readValues } from '../golden/npy.ts';
import { openShell, type Finished } from './harness.ts';

const shell = openShell();
const minute = 120_000;
const loadings = { cluster_source: 'decomposition', number_of_components: 3 };

const recipe = JSON.stringify({
  eigenscope: 1,
  inputs: { si: { file: fixturePath('inputs/blobs.npy'), navigationShape: [50, 20], signalShape: [100] } },
  steps: [
    { id: 'svd', do: 'decomposition', of: 'si', parameters: { output_dimension: 5 } },
    { id: 'gap', do: 'estimate_number_of_clusters', of: 'svd', parameters: { ...loadings, max_clusters: 6 } },
    { id: 'sil', do: 'estimate_number_of_clusters', of: 'svd', parameters: { ...loadings, metric: 'silhouette', max_clusters: 6 } },
    { id: 'km', do: 'cluster_analysis', of: 'svd', parameters: { ...loadings, n_clusters: { from: 'gap' } } },
    { id: 'wide', do: 'cluster_analysis', of: 'si', algorithm: 'kmeans', parameters: { n_clusters: { from: 'sil' } } },
    { id: 'noise', do: 'cluster_analysis', of: 'si', algorithm: 'dbscan' },
    { id: 'soft', do: 'cluster_analysis', of: 'svd', algorithm: 'fuzzy_c_means', parameters: { ...loadings, n_clusters: 3 } },
    { id: 'tree', do: 'cluster_analysis', of: 'svd', algorithm: 'agglomerative', parameters: { ...loadings, n_clusters: 3 } },
    { id: 'model', do: 'get_decomposition_model', of: 'svd', parameters: { components: 3 } },
    { id: 'smooth', do: 'cluster_analysis', of: 'si', parameters: { cluster_source: 'model', n_clusters: 3 } },
    { id: 'batches', do: 'cluster_analysis', of: 'svd', algorithm: 'minibatchkmeans', parameters: { ...loadings, n_clusters: 3 } },
  ],
  outputs: ['km.npz', 'km.hspy', 'wide.hspy', 'noise.hspy', 'gap.npz', 'sil.npz'].map((file) => ({ of: file.split('.')[0], file })),
}); // prettier-ignore

const steps = ['gap', 'sil', 'km', 'wide', 'noise', 'soft', 'tree', 'smooth', 'batches'];
const arrays = [
  'labels',
  'cluster_labels',
  'cluster_distances',
  'cluster_centroids',
  'cluster_sum_signals',
  'cluster_centroid_signals',
];

describe('clusters from the command line', { timeout: minute }, () => {
  const folder = shell.path('one');
  const scalars = (step: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, step, 'scalars.json'), 'utf8')) as Record<string, unknown>;
  let done: Finished;
  beforeAll(async () => {
    shell.write('recipe.json', recipe);
    done = await shell.run('run', 'recipe.json', '--out', folder, '--threads', '1');
    expect(done.status, done.err).toBe(0);
  }, minute);

  it('take the number that an earlier step has found', () => {
    expect(scalars('gap')).toMatchObject({ best_k: 3, cluster_metric: 'gap' });
    expect(scalars('km')).toMatchObject({ n_clusters: 3, converged: true });
    expect(scalars('wide')).toMatchObject({ n_clusters: 3 });
    expect([...readValues(join(folder, 'sil', 'best_k.npy')).values]).toEqual([3]);
  });

  it('compare the pixels of a model as those of any signal', () => {
    const labels = (step: string): number[] => [...readValues(join(folder, step, 'labels.npy')).values];
    expect(labels('smooth')).toEqual(labels('wide'));
  });

  it('are the same with any number of threads, to the last bit', async () => {
    const other = shell.path('two');
    const { status, err } = await shell.run('run', 'recipe.json', '--out', other, '--threads', '2');
    expect(status, err).toBe(0);
    for (const step of steps) {
      const names = step === 'gap' || step === 'sil' ? ['cluster_metric_data', 'cluster_metric_index'] : arrays;
      for (const name of names) {
        const [a, b] = [folder, other].map((one) => readFileSync(join(one, step, `${name}.npy`)));
        expect(a!.equals(b!), `${step} ${name}`).toBe(true);
      }
    }
  });

  it('go to files with HyperSpy’s fields, and with the decomposition they come from', async () => {
    const npz = await readNpzLearningResults(join(folder, 'km.npz'));
    const hspy = (await readHspyLearningResults(join(folder, 'km.hspy')))!;
    for (const found of [npz, hspy]) {
      for (const name of arrays.slice(1)) {
        const expected = readValues(join(folder, 'km', `${name}.npy`));
        expect([found.arrays[name]!.shape, Array.from(found.arrays[name]!.data, Number)], name).toEqual([
          expected.shape,
          [...expected.values],
        ]);
      }
      expect(found.arrays['loadings']!.shape).toEqual([1000, 5]);
      expect(found.scalars).toMatchObject({
        number_of_clusters: 3,
        cluster_algorithm: 'kmeans',
        decomposition_algorithm: 'SVD',
      });
    }
    const wide = (await readHspyLearningResults(join(folder, 'wide.hspy')))!;
    expect(wide.arrays['cluster_centroids']!.shape).toEqual([3, 100]);
  });

  it('go to files even when there are none', async () => {
    const found = (await readHspyLearningResults(join(folder, 'noise.hspy')))!;
    expect(found.scalars).toMatchObject({ number_of_clusters: 0, cluster_algorithm: 'dbscan' });
    expect(done.err).toMatch(/All 1000 pixels are noise/);
  });

  it('are compared in files with HyperSpy’s fields', async () => {
    const gap = await readNpzLearningResults(join(folder, 'gap.npz'));
    expect(gap.scalars).toMatchObject({ cluster_metric: 'gap', estimated_number_of_clusters: 3 });
    expect([...gap.arrays['cluster_metric_index']!.data]).toEqual([1, 2, 3, 4, 5, 6]);
    const silhouette = await readNpzLearningResults(join(folder, 'sil.npz'));
    expect([...silhouette.arrays['estimated_number_of_clusters']!.data]).toEqual([3]);
  });

  it('come from one command', async () => {
    const { status, err } = await shell.run('cluster', fixturePath('inputs/rings.npy'), '--algorithm', 'spectralclustering', '--gamma', '5', '--n_clusters', '2', '--out', shell.path('rings')); // prettier-ignore
    expect(status, err).toBe(0);
    const found = await readNpzLearningResults(join(shell.path('rings'), 'spectralclustering.npz'));
    expect(found.scalars).toMatchObject({ number_of_clusters: 2, cluster_algorithm: 'spectralclustering' });
    const wrong = await shell.run('cluster', fixturePath('inputs/rings.npy'), '--n_clusters', '0');
    expect(wrong.status).toBe(2);
    expect(wrong.error).toMatch(/^--n_clusters: n_clusters must be a whole number from 1/);
  });
});
