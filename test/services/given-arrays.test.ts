import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../main/contract/recipe.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { createPool, type Pool } from '../../main/services/pool.ts';
import { readHeader } from '../../main/services/read-header.ts';
import { runRecipe } from '../../main/services/recipe-runner.ts';
import { createResultStore } from '../../main/services/result-store.ts';
import { withSavedSession } from '../../main/services/saved-session.ts';
import { writeSessionRecipe } from '../../main/services/session-recipe.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { startTestApp, testPlatform } from './harness.ts';

interface Json {
  inputs: Record<string, { file: string }>;
  steps: { id: string; do: string; of: string; algorithm?: string; parameters?: Record<string, unknown> }[];
  outputs: { of: string; file: string }[];
}

const sizes = { rows: 8, columns: 9, channels: 40 };
const pixels = sizes.rows * sizes.columns;

const masked = (id: string, mask: string) => ({
  id,
  do: 'decomposition',
  of: 'map',
  algorithm: 'SVD',
  parameters: { output_dimension: 3, signal_mask: mask },
});
const grouped = {
  id: 'groups',
  do: 'cluster_analysis',
  of: 'map',
  algorithm: 'kmeans',
  parameters: { n_clusters: 3, cluster_source: 'heights' },
};

describe('arrays that a run was given as files', () => {
  let folder: string;
  let pool: Pool;
  let stages: string[];

  const place = (name: string): string => join(folder, name);
  const writeMask = (channels: number): Promise<void> =>
    writeNpy(
      place('edges.npy'),
      'bool',
      [sizes.channels],
      Uint8Array.from({ length: sizes.channels }, (_, i) => (i < channels ? 1 : 0)),
      { overwrite: true },
    );
  const writeHeights = (columns: number): Promise<void> => {
    const random = createRandom(5);
    const values = Float64Array.from({ length: pixels * columns }, () => random.uniform());
    return writeNpy(place('heights.npy'), 'float64', [sizes.rows, sizes.columns, columns], values, { overwrite: true });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-given-'));
    const random = createRandom(4);
    const counts = Float32Array.from({ length: pixels * sizes.channels }, () => random.integer(30) + 1);
    const shape = [sizes.rows, sizes.columns, sizes.channels];
    await writeNpy(place('map.npy'), 'float32', shape, counts, { overwrite: true });
    await writeMask(4);
    await writeHeights(2);
    stages = [];
    pool = createPool(testPlatform(place('data'), { host: 'cli' }));
  });
  afterEach(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (json: object, onStage: (step: string, text: string) => void = () => {}): Promise<string[]> => {
    const { outputs, ...rest } = json as Json;
    const placed = outputs.map(({ of, file }) => ({ of, file: place(file) }));
    return runRecipe(parseRecipe({ ...rest, outputs: placed }), testPlatform(place('data'), { host: 'cli' }), pool, {
      base: folder,
      out: null,
      seed: 3,
      force: false,
      plugins: { find: () => Promise.resolve(null) },
      onStage: (step, text) => {
        stages.push(text);
        onStage(step, text);
      },
      onWritten: () => {},
      onControl: () => {},
    });
  };

  const recipe = (steps: object[], file = 'first.eigs') => ({
    eigenscope: 1,
    seed: 3,
    inputs: {
      map: { file: 'map.npy' },
      ...(JSON.stringify(steps).includes('"edges"') ? { edges: { file: 'edges.npy' } } : {}),
      ...(JSON.stringify(steps).includes('"heights"') ? { heights: { file: 'heights.npy' } } : {}),
    },
    steps,
    outputs: [{ of: '*', file }],
  });

  /** Bytes of an array of every result that has it, by the result's name; and what the results say. */
  const read = (file: string) =>
    withSavedSession(place(file), async ({ session, resultFolder }) => {
      const store = createResultStore();
      const bytes: Record<string, Buffer> = {};
      for (const record of session.results) {
        for (const name of ['loadings', 'labels']) {
          if (record.arrays[name] === undefined) continue;
          const { data } = await store.array(resultFolder(record.id), record, name);
          bytes[record.name] = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
        }
      }
      return { bytes, session };
    });

  /** Writes the recipe of a saved session. */
  const again = async (file: string, to: string): Promise<{ json: Json; notes: string[] }> => {
    const { notes } = await withSavedSession(place(file), ({ session, resultFolder }) => {
      const store = createResultStore();
      return writeSessionRecipe(
        session,
        place(to),
        {
          axesOf: async (origin) =>
            (await readHeader(pool, origin.file, origin.hints).catch(() => null))?.signals[origin.signal]?.axes ?? null,
          arrayOf: (record, name) => store.array(resultFolder(record.id), record, name),
        },
        false,
      );
    });
    return { json: JSON.parse(await readFile(place(to), 'utf8')) as Json, notes };
  };

  it.each([
    ['have vanished', () => Promise.all(['edges.npy', 'heights.npy'].map((name) => rm(place(name))))],
    ['hold something else', () => Promise.all([writeMask(20), writeHeights(3)])],
  ])('are repeated with the same bits though their files %s after the run', async (_, meanwhile) => {
    await run(recipe([masked('parts', 'edges'), grouped]));
    await meanwhile();
    const { json, notes } = await again('first.eigs', 'again.json');
    expect(notes).toEqual([]);
    expect(json.inputs).toEqual({
      map: { file: 'map.npy' },
      edges: { file: 'again-edges.npy' },
      heights: { file: 'again-heights.npy' },
    });
    await run(json);
    const [first, second] = [await read('first.eigs'), await read('again.eigs')];
    expect(Object.keys(first.bytes).toSorted()).toEqual(['groups', 'parts']);
    expect(second.bytes).toEqual(first.bytes);
    expect(first.session.results.map(({ name, given }) => [name, given])).toEqual([
      ['parts', { signal_mask: { name: 'edges', dtype: 'bool', shape: [40] } }],
      ['groups', { cluster_source: { name: 'heights', dtype: 'float64', shape: [8, 9, 2] } }],
    ]);
  });

  it('are those the run was made with, also when the file changes while it is under way', async () => {
    await run(recipe([masked('parts', 'edges')]));
    let changed: Promise<void> | null = null;
    // the mask has been read when the step begins; the session is written at the end
    await run(recipe([masked('parts', 'edges')], 'second.eigs'), (step) => {
      if (step === 'parts') changed ??= writeMask(20);
    });
    expect(changed).not.toBeNull();
    await changed;
    const { json } = await again('second.eigs', 'again.json');
    await run(json);
    expect((await read('again.eigs')).bytes).toEqual((await read('first.eigs')).bytes);
  });

  it('are kept once in the recipe, and as they are after steps that prepared them from another file', async () => {
    const wide = Uint8Array.from({ length: 50 }, (_, i) => (i < 14 ? 1 : 0));
    await writeNpy(place('wide.npy'), 'bool', [50], wide, { overwrite: true });
    const made = recipe([
      { id: 'cut', do: 'crop', of: 'wide', parameters: { axis: 0, start: 10, end: 50 } },
      masked('parts', 'cut'),
      masked('same', 'cut'),
    ]);
    await run({ ...made, inputs: { ...made.inputs, wide: { file: 'wide.npy' } } });
    await rm(place('wide.npy'));
    const { json, notes } = await again('first.eigs', 'again.json');
    expect(notes).toEqual([]);
    expect(Object.keys(json.inputs)).toEqual(['map', 'cut']);
    expect(json.steps.map(({ id, parameters }) => [id, parameters?.['signal_mask']])).toEqual([
      ['parts', 'cut'],
      ['same', 'cut'],
    ]);
    await run(json);
    expect((await read('again.eigs')).bytes).toEqual((await read('first.eigs')).bytes);
  });

  it('are kept with the data that were prepared with them: references of a camera', async () => {
    const white = Float64Array.from({ length: 3 * sizes.channels }, (_, i) => 50 + (i % 7) / 3);
    await writeNpy(place('white.npy'), 'float64', [3, sizes.channels], white, { overwrite: true });
    const parts = { output_dimension: 3 };
    const made = recipe([
      { id: 'plain', do: 'reflectance', of: 'map', parameters: { white: 'white' } },
      { id: 'parts', do: 'decomposition', of: 'plain', algorithm: 'SVD', parameters: parts },
    ]);
    await run({ ...made, inputs: { ...made.inputs, white: { file: 'white.npy' } } });
    const { parts: first } = (await read('first.eigs')).bytes;

    const test = await startTestApp(place('app'));
    try {
      const open = async (name: string) =>
        (await test.call('dataset.open', { path: place(name) })).opened[0]!.summary.id;
      const [dataset, reference] = [await open('map.npy'), await open('white.npy')];
      const operation = { dataset, operation: 'reflectance', parameters: { white: reference }, name: 'plain' };
      await test.call('prepare.apply', operation);
      await test.call('project.save', { path: place('saved.eigs'), overwrite: false });
      await rm(place('white.npy'));
      const { datasets } = await test.call('project.open', { path: place('saved.eigs') });
      expect(datasets.map(({ name, missing }) => [name, missing === null])).toEqual([
        ['map', true],
        ['white', false],
        ['plain', true],
      ]);
      const { job } = await test.call('job.start', {
        dataset: datasets[2]!.id,
        operation: 'decomposition',
        algorithm: 'SVD',
        parent: null,
        parameters: parts,
        seed: 3,
        name: 'parts',
      });
      expect((await test.ended(job)).error).toBeNull();
      await test.call('project.recipe', { path: place('window.json'), overwrite: false });
    } finally {
      await test.close();
    }

    const { json, notes } = await again('first.eigs', 'again.json');
    expect(notes).toEqual([]);
    const ofWindow = JSON.parse(await readFile(place('window.json'), 'utf8')) as Json;
    for (const { inputs } of [json, ofWindow]) expect(Object.keys(inputs)).toEqual(['map', 'white']);
    await run(json);
    await run(ofWindow);
    for (const file of ['again.eigs', 'window.eigs']) expect((await read(file)).bytes['parts']).toEqual(first);
  }, 90_000);

  it('stay in their file when they are too large, and that is said', async () => {
    await writeHeights(7500);
    await run(recipe([grouped]));
    const tooLarge =
      '“heights” (cluster_source) holds 5 MiB, more than the 4 MiB that are kept with a result. Keep its file: without it this result cannot be made again.';
    expect(stages).toContain(tooLarge);
    const { session } = await read('first.eigs');
    expect(session.results[0]!.notes).toContain(tooLarge);
    expect(session.results[0]!.given).toBeUndefined();

    const there = await again('first.eigs', 'a.json');
    expect(there.json.inputs['heights']).toEqual({ file: 'heights.npy' });
    expect(there.notes).toEqual([
      '“groups” was made with heights.npy, which the session does not hold: the recipe names the file.',
    ]);
    await writeHeights(2);
    expect((await again('first.eigs', 'b.json')).notes).toEqual([
      '“groups” was made with heights.npy, which the session does not hold and which has changed since: the recipe names the file, and what it makes may differ.',
    ]);
    await rm(place('heights.npy'));
    expect((await again('first.eigs', 'c.json')).notes).toEqual([
      '“groups” was made with heights.npy, which the session does not hold and which is not there any more. Put it back before the recipe is run.',
    ]);
  }, 90_000);

  it('are kept by the window too, and taken for the next run when the file has gone', async () => {
    const test = await startTestApp(place('app'));
    try {
      const open = async (name: string) =>
        (await test.call('dataset.open', { path: place(name) })).opened[0]!.summary.id;
      const [map, edges] = [await open('map.npy'), await open('edges.npy')];
      const decompose = async (name: string) => {
        const { job } = await test.call('job.start', {
          dataset: map,
          operation: 'decomposition',
          algorithm: 'SVD',
          parent: null,
          parameters: { output_dimension: 3, signal_mask: edges },
          seed: 3,
          name,
        });
        const ended = await test.ended(job);
        expect(ended.error).toBeNull();
        const ref = await test.call('result.array', { result: ended.result!, name: 'loadings', columns: null });
        return Buffer.from((await test.app.array(ref.url))!.bytes);
      };
      const first = await decompose('parts');
      await test.call('project.save', { path: place('saved.eigs'), overwrite: false });
      await rm(place('edges.npy'));

      const state = await test.call('project.open', { path: place('saved.eigs') });
      expect(state.datasets.map(({ name, missing }) => [name, missing === null])).toEqual([
        ['map', true],
        ['edges', false],
      ]);
      expect((await decompose('once more')).equals(first)).toBe(true);
      await test.call('dataset.close', { dataset: edges });
      const { notes } = await test.call('project.recipe', { path: place('r.json'), overwrite: false });
      expect(notes).toEqual([]);
      await run(JSON.parse(await readFile(place('r.json'), 'utf8')) as object);
      const { bytes } = await read('r.eigs');
      expect([bytes['parts'], bytes['once-more']].map((one) => one?.equals(first))).toEqual([true, true]);
    } finally {
      await test.close();
    }
  });
});
