import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../main/contract/recipe.ts';
import type { Session } from '../../main/contract/session.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { namedInputs } from '../../main/services/prepare-run.ts';
import { createPool, type Pool } from '../../main/services/pool.ts';
import { readHeader } from '../../main/services/read-header.ts';
import { runRecipe } from '../../main/services/recipe-runner.ts';
import { createResultStore } from '../../main/services/result-store.ts';
import { withSavedSession } from '../../main/services/saved-session.ts';
import { writeSessionRecipe } from '../../main/services/session-recipe.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { resolveStep } from '../../workers/specs/registry.ts';
import { startTestApp, testPlatform } from './harness.ts';

const recipe = {
  eigenscope: 1,
  seed: 3,
  inputs: {
    map: { file: 'map.npy' },
    vacuum: { file: 'vacuum.npy' },
    edges: { file: 'edges.npy' },
    heights: { file: 'heights.npy' },
  },
  steps: [
    { id: 'cut', do: 'crop', of: 'map', parameters: { axis: 2, start: 4, end: 34 } },
    { id: 'fine', do: 'smooth', of: 'cut', parameters: { window_length: 5 } },
    { id: 'bright', do: 'threshold_mask', of: 'fine' },
    {
      id: 'by-file',
      do: 'decomposition',
      of: 'fine',
      algorithm: 'SVD',
      parameters: { output_dimension: 4, navigation_mask: 'vacuum', signal_mask: 'edges' },
    },
    {
      id: 'by-result',
      do: 'decomposition',
      of: 'fine',
      algorithm: 'SVD',
      parameters: { output_dimension: 4, navigation_mask: 'bright' },
    },
    {
      id: 'clusters',
      do: 'cluster_analysis',
      of: 'fine',
      algorithm: 'kmeans',
      parameters: { n_clusters: 3, cluster_source: 'heights', navigation_mask: 'vacuum' },
    },
    { id: 'kept', do: 'select_pixels', of: 'map', parameters: { mask: 'vacuum' } },
    { id: 'kept-found', do: 'select_pixels', of: 'fine', parameters: { mask: 'bright' } },
    { id: 'of-kept', do: 'decomposition', of: 'kept', algorithm: 'SVD', parameters: { output_dimension: 2 } },
    { id: 'bins', do: 'rebin', of: 'fine', parameters: { scale: [2, 3, 1] } },
  ],
  outputs: [{ of: '*', file: 'first.eigs' }],
};

interface Held {
  session: Session;
  /** bytes of every array, by the names of result and array */
  arrays: Record<string, Buffer>;
}

describe('a recipe, its session, and the recipe of that', () => {
  let folder: string;
  let pool: Pool;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-round-trip-'));
    const random = createRandom(2);
    const counts = Float32Array.from(
      { length: 8 * 9 * 40 },
      (_, i) => random.integer(20) + (i % 40 === 13 ? i % 31 : 0),
    );
    await writeNpy(join(folder, 'map.npy'), 'float32', [8, 9, 40], counts, { overwrite: true });
    const vacuum = Uint8Array.from({ length: 72 }, (_, i) => (i < 9 || i % 9 === 4 ? 1 : 0));
    await writeNpy(join(folder, 'vacuum.npy'), 'bool', [8, 9], vacuum, { overwrite: true });
    const edges = Uint8Array.from({ length: 30 }, (_, i) => (i < 3 ? 1 : 0));
    await writeNpy(join(folder, 'edges.npy'), 'bool', [30], edges, { overwrite: true });
    const heights = Float64Array.from({ length: 72 * 2 }, () => random.uniform());
    await writeNpy(join(folder, 'heights.npy'), 'float64', [8, 9, 2], heights, { overwrite: true });
    pool = createPool(testPlatform(join(folder, 'data'), { host: 'cli' }));
  });
  afterEach(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (json: typeof recipe): Promise<string[]> => {
    const outputs = json.outputs.map(({ of, file }) => ({ of, file: join(folder, file) }));
    const parsed = parseRecipe({ ...json, outputs });
    return runRecipe(parsed, testPlatform(join(folder, 'data'), { host: 'cli' }), pool, {
      base: folder,
      out: null,
      seed: parsed.seed,
      force: false,
      plugins: { find: () => Promise.resolve(null) },
      onStage: () => {},
      onWritten: () => {},
      onControl: () => {},
    });
  };

  const read = (path: string): Promise<Held> =>
    withSavedSession(path, async ({ session, resultFolder }) => {
      const store = createResultStore();
      const arrays: Held['arrays'] = {};
      for (const record of session.results) {
        for (const name of Object.keys(record.arrays)) {
          const { data } = await store.array(resultFolder(record.id), record, name);
          arrays[`${record.name}/${name}`] = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
        }
      }
      return { session, arrays };
    });

  const recipeOf = (path: string, to: string): Promise<{ written: string[]; notes: string[] }> =>
    withSavedSession(path, ({ session, resultFolder }) => {
      const store = createResultStore();
      return writeSessionRecipe(
        session,
        to,
        {
          axesOf: async ({ file, signal, hints }) =>
            (await readHeader(pool, file, hints)).signals[signal]?.axes ?? null,
          arrayOf: (record, name) => store.array(resultFolder(record.id), record, name),
        },
        false,
      );
    });

  /** What the parameters of the results name. */
  const namedBy = ({ results }: Session): string[] =>
    results.flatMap((record) =>
      record.operation === 'navigation_mask'
        ? []
        : namedInputs(resolveStep(record.operation, record.algorithm).spec, record.parameters).map(([, id]) => id),
    );

  it('gives the same bits again, with masks as files and as results', async () => {
    await run(recipe);
    const first = await read(join(folder, 'first.eigs'));
    // the session holds the mask of the pixels itself
    await rm(join(folder, 'vacuum.npy'));
    const made = await recipeOf(join(folder, 'first.eigs'), join(folder, 'again.json'));
    expect(made.notes).toEqual([]);
    const json = JSON.parse(await readFile(join(folder, 'again.json'), 'utf8')) as typeof recipe;
    expect(json.seed).toBe(3);
    await run(json);
    const second = await read(join(folder, 'again.eigs'));

    for (const { session, arrays } of [first, second]) {
      const ids = new Set([...session.datasets, ...session.results].map(({ id }) => id));
      expect(namedBy(session)).toHaveLength(5);
      expect(namedBy(session).filter((id) => !ids.has(id))).toEqual([]);
      const names = session.results.map(({ name }) => name);
      expect(names.toSorted()).toEqual(['bright', 'by-file', 'by-result', 'clusters', 'of-kept', 'vacuum']);
      const places = session.datasets.map(({ name, shape }) => [name, ...shape]);
      expect(places).toContainEqual(['bins', 4, 3, 30]);
      expect(places).toContainEqual(['kept', 56, 40]);
      expect(arrays['by-file/loadings']).toHaveLength(72 * 4 * 8);
    }
    expect(Object.keys(second.arrays).toSorted()).toEqual(Object.keys(first.arrays).toSorted());
    for (const [name, bytes] of Object.entries(first.arrays)) {
      expect(Buffer.compare(second.arrays[name]!, bytes), name).toBe(0);
    }
    // and once more, now that nothing changes any more
    await recipeOf(join(folder, 'again.eigs'), join(folder, 'third.json'));
    const third = JSON.parse(await readFile(join(folder, 'third.json'), 'utf8')) as typeof recipe;
    expect(third.steps).toEqual(json.steps);
  });

  it('opens in the window with masks that the next run can name', async () => {
    await run({ ...recipe, steps: recipe.steps.slice(0, 4) });
    const test = await startTestApp(join(folder, 'app'));
    try {
      const state = await test.call('project.open', { path: join(folder, 'first.eigs') });
      expect(state.datasets.map(({ name, missing }) => [name, missing])).toEqual([
        ['fine', null],
        ['edges', null],
      ]);
      const record = state.results.find(({ name }) => name === 'by-file')!;
      const { job } = await test.call('job.start', {
        dataset: record.dataset as never,
        operation: 'decomposition',
        algorithm: 'SVD',
        parent: null,
        parameters: record.parameters as never,
        seed: 0,
        name: 'again',
      });
      const ended = await test.ended(job);
      expect(ended.error).toBeNull();
      const loadings = async (result: string) => {
        const ref = await test.call('result.array', { result: result as never, name: 'loadings', columns: null });
        return (await test.app.array(ref.url))!.bytes;
      };
      expect(Buffer.compare(await loadings(record.id), await loadings(ended.result!))).toBe(0);
    } finally {
      await test.close();
    }
  });
});
