import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetId } from '../../main/contract/methods.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { startTestApp, type TestApp } from './harness.ts';

const [rows, columns, channels] = [10, 12, 80] as const;
/** where the first peak stands, in two halves of the map; its height says nothing */
const places = [20, 32] as const;
const groupOf = (pixel: number): number => (pixel % columns < columns / 2 ? 0 : 1);

describe('pixels clustered by a fit of peaks', () => {
  let folder: string;
  let test: TestApp;
  let dataset: DatasetId;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-peaks-'));
    const random = createRandom(5);
    const values = new Float64Array(rows * columns * channels);
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      for (const place of [places[groupOf(pixel)]!, 60]) {
        const centre = place + 0.5 * random.gaussian();
        const height = 50 + 400 * random.uniform();
        for (let j = 0; j < channels; j++)
          values[pixel * channels + j]! += height * Math.exp(-((j - centre) ** 2) / (2 * 4 ** 2));
      }
    }
    await writeNpy(join(folder, 'map.npy'), 'float64', [rows, columns, channels], values, { overwrite: true });
    test = await startTestApp(join(folder, 'app'));
    dataset = (await test.call('dataset.open', { path: join(folder, 'map.npy') })).opened[0]!.summary.id;
  });
  afterEach(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (operation: string, algorithm: string | null, parameters: object): Promise<string> => {
    const asked = { dataset, operation, algorithm, parent: null, seed: 0, name: null };
    const { job } = await test.call('job.start', { ...asked, parameters: parameters as never });
    const { error, result } = await test.ended(job);
    expect(error).toBeNull();
    return result!;
  };

  it('go by the positions alone unless others are asked for', async () => {
    const fit = await run('fit_peaks', null, {
      positions: [26, 60],
      background: 'none',
      max_shift: 15,
      width: 'sigma',
    });
    const labelsBy = async (parameters: object): Promise<number[]> => {
      const given = { cluster_source: fit, n_clusters: 2, ...parameters };
      const result = await run('cluster_analysis', 'kmeans', given);
      const ref = await test.call('result.array', { result: result as never, name: 'labels', columns: null });
      return [...new Int32Array((await test.app.array(ref.url))!.bytes.slice().buffer)];
    };
    const groups = Array.from({ length: rows * columns }, (_, i) => groupOf(i));
    const canonical = (labels: readonly number[]) => labels.map((label) => (label === labels[0] ? 0 : 1));
    expect(canonical(await labelsBy({}))).toEqual(groups);
    expect(canonical(await labelsBy({ preprocessing: 'norm' }))).toEqual(groups);
    expect(canonical(await labelsBy({ peak_list: [0] }))).toEqual(groups);
    expect(canonical(await labelsBy({ peak_parameters: 'position_width_height' }))).not.toEqual(groups);
    const answer = await test.call('job.check', {
      dataset,
      operation: 'cluster_analysis',
      algorithm: 'kmeans',
      parent: null,
      parameters: { cluster_source: 'signal', peak_list: 1 },
    });
    expect(answer.problems[0]).toMatchObject({ param: 'peak_list' });
  });
});
