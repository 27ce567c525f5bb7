import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetId, ResultId } from '../../main/contract/methods.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { startTestApp, type TestApp } from './harness.ts';

describe('a run that is checked before it starts', { timeout: 60_000 }, () => {
  let test: TestApp;
  let folder: string;
  let dataset: DatasetId;
  let svd: ResultId;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-checks-'));
    const random = createRandom(2);
    const values = Float64Array.from({ length: 30 * 12 }, () => random.uniform());
    await writeNpy(join(folder, 'data.npy'), 'float64', [5, 6, 12], values, { overwrite: true });
    test = await startTestApp();
    dataset = (await test.call('dataset.open', { path: join(folder, 'data.npy') })).opened[0]!.summary.id;
    svd = await run('decomposition', 'SVD', { output_dimension: 5 }, null, 'SVD 5');
  }, 60_000);
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  const asked = (
    operation: string,
    algorithm: string,
    parameters: Record<string, unknown>,
    parent: ResultId | null,
  ) => ({
    dataset,
    operation,
    algorithm,
    parent,
    parameters: parameters as never,
  });
  async function run(
    operation: string,
    algorithm: string,
    parameters: Record<string, unknown>,
    parent: ResultId | null,
    name: string,
  ): Promise<ResultId> {
    const { job } = await test.call('job.start', { ...asked(operation, algorithm, parameters, parent), seed: 0, name });
    const done = await test.ended(job);
    expect(done.error).toBeNull();
    return done.result!;
  }

  it('takes no more components than the result it is computed from has', async () => {
    const separation = (count: number) =>
      asked('blind_source_separation', 'orthomax', { number_of_components: count }, svd);
    const fine = await test.call('job.check', separation(5));
    expect(fine.problems).toEqual([]);
    expect(fine.limits['number_of_components']).toEqual({ min: 1, max: 5, why: 'SVD 5 has 5 components' });
    const { problems } = await test.call('job.check', separation(6));
    expect(problems).toEqual([
      {
        param: 'number_of_components',
        message: 'number_of_components must be from 1 to 5, because SVD 5 has 5 components; got 6.',
      },
    ]);
    await expect(test.call('job.start', { ...separation(6), seed: 0, name: null })).rejects.toMatchObject({
      code: 'parameter-out-of-range',
    });
  });

  it('of clusters of a separation counts the sources of that separation', async () => {
    const sources = await run('blind_source_separation', 'orthomax', { number_of_components: 3 }, svd, 'Sources');
    const by = (cluster_source: string) =>
      asked('cluster_analysis', 'kmeans', { cluster_source, n_clusters: 2, number_of_components: 4 }, sources);
    expect((await test.call('job.check', by('bss'))).problems[0]?.message).toMatch(
      /from 1 to 3, because Sources has 3/,
    );
    expect((await test.call('job.check', by('decomposition'))).problems).toEqual([]);
    // and has no scree of its own, which is said in words
    const figure = {
      result: sources,
      kind: 'scree',
      components: [0],
      widthMm: 89,
      heightMm: null,
      dpi: 300,
      textPt: 7,
      colormap: null,
      shareLimits: false,
    } as const;
    await expect(test.call('figure.preview', { figure } as never)).rejects.toThrow(
      /Sources has no explained variance ratio/,
    );
  });

  it('follows another memory ceiling at once', async () => {
    const plain = asked('decomposition', 'SVD', {}, null);
    const before = await test.call('job.check', plain);
    await test.call('app.settings', { settings: { memoryLimit: 300e6 } });
    const bounded = await test.call('job.check', plain);
    expect(bounded.freeBytes).toBeLessThanOrEqual(300e6);
    expect(bounded.freeBytes).toBeLessThan(before.freeBytes);
    await test.call('app.settings', { settings: { memoryLimit: null } });
    expect((await test.call('job.check', plain)).freeBytes).toBeGreaterThan(300e6);
  });
});
