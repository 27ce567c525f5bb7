import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRecipe } from '../../main/contract/recipe.ts';
import { createPool, type Pool } from '../../main/services/pool.ts';
import { runRecipe } from '../../main/services/recipe-runner.ts';
import { findRun } from '../../workers/algorithms/entry-table.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import { withRows } from '../../workers/passes/hdf5-rows.ts';
import { createLocalJob } from '../../workers/passes/local-job.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { planStream } from '../../workers/readers/stream-source.ts';
import { resolveStep } from '../../workers/specs/registry.ts';
import { defaultValues } from '../../workers/specs/validate.ts';
import { buildNpy, buildNpz } from '../readers/builders/numpy.ts';
import { temporaryFiles } from '../readers/builders/temporary.ts';
import { startTestApp, testPlatform } from './harness.ts';

/* Data that the ceiling keeps on disk give the same bits as data in memory, whatever their file looks like. */

const files = temporaryFiles();
/** for computers with better things to do, ms */
const patience = 120_000;
vi.setConfig({ testTimeout: patience });
const shape = [120, 120, 64] as const;
const [height, width, channels] = shape;
const k = 3;

/** Counts of three overlapping spectra and maps. */
const counts = (() => {
  const random = createRandom(5);
  const spectra = Float64Array.from({ length: k * channels }, (_, i) => {
    const [c, j] = [Math.floor(i / channels), i % channels];
    return 3 + 40 * Math.exp(-(((j - 12 - 17 * c) / 5) ** 2));
  });
  const data = new Uint16Array(height * width * channels);
  for (let p = 0; p < height * width; p++) {
    const weights = Array.from({ length: k }, (_, c) => 1 + Math.sin(p * (0.001 + 0.002 * c) + c));
    for (let j = 0; j < channels; j++) {
      let mean = 0;
      for (let c = 0; c < k; c++) mean += weights[c]! * spectra[c * channels + j]!;
      data[p * channels + j] = Math.max(0, Math.round(mean + Math.sqrt(mean) * random.gaussian()));
    }
  }
  return data;
})();

/** The same values with the first axis fastest: rows do not lie together. */
const fortran = (() => {
  const out = new Uint16Array(counts.length);
  for (let p = 0; p < height * width; p++) {
    const at = Math.floor(p / width) + height * (p % width);
    for (let j = 0; j < channels; j++) out[at + height * width * j] = counts[p * channels + j]!;
  }
  return out;
})();

async function writeChunked(path: string, chunks: number[]): Promise<void> {
  const { default: h5wasm } = await import('h5wasm/node');
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  file.create_dataset({ name: 'cube', data: counts, shape: [...shape], dtype: '<H', chunks, compression: 4 });
  file.close();
}

let pool: Pool;
const temporary = join(files.folder, 'temporary');
const systemTemporary = process.env['TMPDIR'];

beforeAll(async () => {
  mkdirSync(temporary);
  // what is put in order goes here, so that it can be seen to be gone afterwards
  process.env['TMPDIR'] = temporary;
  pool = createPool(testPlatform(files.folder));
  files.write('rows.npy', buildNpy({ shape, dtype: 'uint16', data: counts }));
  files.write('big-endian.npy', buildNpy({ shape, dtype: 'uint16', data: counts, bigEndian: true }));
  files.write('fortran.npy', buildNpy({ shape, dtype: 'uint16', data: fortran, fortranOrder: true }));
  files.write('stored.npz', buildNpz({ 'cube.npy': buildNpy({ shape, dtype: 'uint16', data: counts }) }));
  files.write('packed.npz', buildNpz({ 'cube.npy': buildNpy({ shape, dtype: 'uint16', data: counts }) }, true));
  await writeChunked(join(files.folder, 'tiles.h5'), [16, 16, 16]);
  await writeChunked(join(files.folder, 'columns.h5'), [120, 120, 4]);
}, patience);

afterAll(async () => {
  if (systemTemporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = systemTemporary;
  await pool.close();
});

const cube = counts.byteLength;
/** below the data (1.76 MiB), above what the runs need beside them */
const ceiling = 1.75 * 2 ** 20;

let runs = 0;

interface Hooks {
  onStage?(step: string): void;
  stopAtOnce?: boolean;
  outputs?: { of: string; file: string }[];
}

/** Runs the steps on a file; the folder that they were written to. */
async function run(
  file: string,
  steps: readonly object[],
  memoryLimit: number | null,
  hooks: Hooks = {},
): Promise<string> {
  const out = join(files.folder, `out-${runs++}`);
  const recipe = parseRecipe({ eigenscope: 1, inputs: { si: { file } }, steps, outputs: hooks.outputs ?? [] });
  const platform = testPlatform(files.folder, memoryLimit === null ? {} : { memoryLimit });
  await runRecipe(recipe, platform, pool, {
    base: files.folder,
    out,
    seed: 0,
    force: false,
    plugins: { find: () => Promise.resolve(null) },
    onStage: (step) => hooks.onStage?.(step),
    onWritten() {},
    onControl: (stop) => void (hooks.stopAtOnce && stop?.()),
  });
  return out;
}

const step = (algorithm: string, parameters: object = {}) => ({
  id: algorithm,
  do: 'decomposition',
  of: 'si',
  algorithm,
  parameters: { output_dimension: k, ...parameters },
});
const analysis = [
  step('SVD', { normalize_poissonian_noise: true }),
  { id: 'model', do: 'get_decomposition_model', of: 'SVD', parameters: { components: [0, 2] } },
  step('sklearn_pca'),
  { id: 'residual', do: 'get_decomposition_model', of: 'sklearn_pca', parameters: { residual: true } },
];

/** Every array of every step as bytes, and the scalars that do not depend on the clock. */
function contents(folder: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const id of readdirSync(folder)) {
    expect(id).not.toMatch(/^\./);
    for (const name of readdirSync(join(folder, id))) {
      const bytes = readFileSync(join(folder, id, name));
      if (name === 'scalars.json') {
        found.set(`${id}/${name}`, { ...(JSON.parse(bytes.toString()) as object), seconds: 0 });
        continue;
      }
      const header = bytes.readUInt16LE(8) + 10;
      const text = bytes.subarray(10, header).toString('latin1').trim();
      found.set(`${id}/${name}`, { text, elements: bytes.subarray(header).toString('base64') });
    }
  }
  return found;
}

function expectSame(found: Map<string, unknown>, expected: Map<string, unknown>): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  // not toEqual: a report of a difference in megabytes would take longer than the test
  for (const [name, value] of expected)
    expect([name, JSON.stringify(found.get(name)) === JSON.stringify(value)]).toEqual([name, true]);
}

describe('data above the ceiling', () => {
  let inMemory: Map<string, unknown>;
  beforeAll(async () => {
    inMemory = contents(await run('rows.npy', analysis, null));
    expect([...inMemory.keys()]).toContain('model/model.npy');
    expect([...inMemory.keys()]).toContain('residual/residual.npy');
  }, patience);

  it.each(['rows.npy', 'big-endian.npy', 'stored.npz', 'tiles.h5', 'columns.h5', 'fortran.npy'])(
    'give the same bits from %s as from memory, models included',
    async (file) => {
      expectSame(contents(await run(file, analysis, ceiling)), inMemory);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it('give the same bits when they are float32', async () => {
    const values = Float32Array.from(counts, (value) => value + 0.25);
    files.write('float32.npy', buildNpy({ shape, dtype: 'float32', data: values }));
    const expected = contents(await run('float32.npy', analysis, null));
    expectSame(contents(await run('float32.npy', analysis, 2 * ceiling)), expected);
  });

  it('give the same factorisation without negative parts', async () => {
    const steps = [step('NMF', { max_iter: 12 })];
    const expected = contents(await run('rows.npy', steps, null));
    for (const file of ['rows.npy', 'tiles.h5']) expectSame(contents(await run(file, steps, ceiling)), expected);
  });

  // they keep more than these small data, so that the ceiling would refuse them
  it.each(['ORPCA', 'ORNMF'])('give the same components by %s, pixel after pixel', async (algorithm) => {
    const { spec, parameters } = resolveStep('decomposition', algorithm, { output_dimension: k, stream: 'pixels' });
    const values = { ...defaultValues(spec.params), ...parameters };
    const fit = await findRun('decomposition', algorithm);
    const buffer = new SharedArrayBuffer(cube);
    new Uint16Array(buffer).set(counts);
    const size = { samples: height * width, features: channels } as const;
    const sources: RowSource[] = [{ kind: 'shared', buffer, dtype: 'uint16', ...size }];
    for (const file of ['rows.npy', 'tiles.h5']) {
      const { signals } = await openHeader(join(files.folder, file), {});
      sources.push((await planStream(signals[0]!)).source!);
    }
    expect(sources.map(({ kind }) => kind)).toEqual(['shared', 'raw', 'hdf5']);
    const [expected, ...found] = await Promise.all(
      sources.map((data) =>
        withRows(data, async () => {
          const input = { data, navigationShape: [height, width], signalShape: [channels], inputs: {} };
          const { arrays } = await fit(input, values, createLocalJob(3));
          return JSON.stringify(Object.values(arrays).map((array) => Array.from(array.data)));
        }),
      ),
    );
    expect(found.map((one) => one === expected)).toEqual([true, true]);
  });

  it('are written out with masks and reprojection just the same', async () => {
    const mask = Uint8Array.from({ length: height * width }, (_, i) => (i % 7 === 0 ? 1 : 0));
    files.write('mask.npy', buildNpy({ shape: [height, width], dtype: 'bool', data: mask }));
    const masked = async (file: string, limit: number | null) => {
      const out = join(files.folder, `out-${runs++}`);
      const recipe = parseRecipe({
        eigenscope: 1,
        inputs: { si: { file }, gone: { file: 'mask.npy' } },
        steps: [step('SVD', { navigation_mask: 'gone', reproject: 'navigation', centre: 'navigation' })],
      });
      await runRecipe(recipe, testPlatform(files.folder, limit === null ? {} : { memoryLimit: limit }), pool, {
        base: files.folder,
        out,
        seed: 0,
        force: false,
        plugins: { find: () => Promise.resolve(null) },
        onStage() {},
        onWritten() {},
        onControl() {},
      });
      return contents(out);
    };
    const expected = await masked('rows.npy', null);
    for (const file of ['rows.npy', 'tiles.h5']) expectSame(await masked(file, ceiling), expected);
  });

  it('are exported in whole files as from memory', async () => {
    const outputs = [
      { of: 'model', file: 'model.npy' },
      { of: 'model', file: 'model.hspy' },
      { of: 'SVD', file: 'svd.hspy' },
    ];
    const steps = analysis.slice(0, 2);
    const [expected, found] = [
      await run('rows.npy', steps, null, { outputs }),
      await run('tiles.h5', steps, ceiling, { outputs }),
    ];
    expect(readFileSync(join(found, 'model.npy')).equals(readFileSync(join(expected, 'model.npy')))).toBe(true);
    const values = async (folder: string, file: string): Promise<Buffer> => {
      const { default: h5wasm } = await import('h5wasm/node');
      await h5wasm.ready;
      const opened = new h5wasm.File(join(folder, file), 'r');
      try {
        const name = (opened.get('Experiments') as { keys(): string[] }).keys()[0]!;
        const { value } = opened.get(`Experiments/${name}/data`) as { value: Uint16Array | Float64Array };
        return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      } finally {
        opened.close();
      }
    };
    for (const file of ['model.hspy', 'svd.hspy'])
      expect((await values(found, file)).equals(await values(expected, file))).toBe(true);
  });
});

describe('a run above the ceiling', () => {
  it('is refused with numbers when results alone do not fit', async () => {
    await expect(run('rows.npy', [step('SVD')], 400 * 1024)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(
        /SVD: Singular value decomposition.* needs about \d+ KiB and 400 KiB are allowed\. The data can stay on disk, but not this\. Allow more \(--memory/,
      ) as string,
    });
  });

  it('is refused where the data are packed as a whole', async () => {
    await expect(run('packed.npz', [step('SVD')], ceiling)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/takes 2 MiB.*packed into its file as a whole.*np\.savez instead/) as string,
    });
    await run('packed.npz', [step('SVD')], cube + 2 * 2 ** 20);
  });

  it.each(['rows.npy', 'tiles.h5'])('ends with a sentence when %s vanishes meanwhile', async (name) => {
    const path = files.write(`vanishing-${name}`, readFileSync(join(files.folder, name)));
    const failed = run(path, [step('SVD')], ceiling, {
      onStage: (id) => {
        if (id === 'SVD' && existsSync(path)) rmSync(path);
      },
    });
    await expect(failed).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it.each(['rows.npy', 'tiles.h5'])('ends with a sentence when %s is written again meanwhile', async (name) => {
    const path = files.write(`changing-${name}`, readFileSync(join(files.folder, name)));
    let changed = false;
    const failed = run(path, [step('SVD')], ceiling, {
      onStage: (id) => {
        if (id !== 'SVD' || changed) return;
        changed = true;
        appendFileSync(path, 'more');
      },
    });
    await expect(failed).rejects.toMatchObject({
      code: 'file-changed',
      message: expect.stringMatching(/was written again/) as string,
    });
  });

  it('does not mind when a file that is in memory vanishes', async () => {
    const path = files.write('loaded.npy', readFileSync(join(files.folder, 'rows.npy')));
    const out = await run(path, [step('SVD')], null, {
      onStage: (id) => id === 'SVD' && rmSync(path, { force: true }),
    });
    expect(existsSync(join(out, 'SVD/factors.npy'))).toBe(true);
  });

  it.each(['rows.npy', 'columns.h5', 'fortran.npy'])(
    'can be cancelled while it reads %s, and leaves nothing',
    async (name) => {
      const before = runs;
      await expect(run(name, analysis, ceiling, { stopAtOnce: true })).rejects.toMatchObject({ code: 'cancelled' });
      expect(readdirSync(temporary)).toEqual([]);
      const out = join(files.folder, `out-${before}`);
      expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
    },
  );

  it('leaves no model behind when its data vanish in the middle', async () => {
    const path = files.write('half.npy', readFileSync(join(files.folder, 'rows.npy')));
    const before = runs;
    const failed = run(path, analysis.slice(0, 2), ceiling, {
      onStage: (id) => {
        if (id === 'model' && existsSync(path)) rmSync(path);
      },
    });
    await expect(failed).rejects.toMatchObject({ code: 'file-not-found' });
    expect(readdirSync(join(files.folder, `out-${before}`))).toEqual(['SVD']);
  });
});

it('an empty place for scratch files says what is missing', async () => {
  const blocked = join(files.folder, 'blocked');
  writeFileSync(blocked, '');
  process.env['TMPDIR'] = blocked;
  try {
    await expect(run('fortran.npy', [step('SVD')], ceiling)).rejects.toMatchObject({ code: 'not-writable' });
  } finally {
    process.env['TMPDIR'] = temporary;
  }
});

describe('the window', () => {
  it('shows and decomposes data above the ceiling of the settings, and exports their model', async () => {
    const expected = contents(await run('rows.npy', analysis.slice(0, 2), null));
    const test = await startTestApp();
    try {
      await test.call('app.settings', { settings: { memoryLimit: ceiling } });
      for (const file of ['tiles.h5', 'fortran.npy']) {
        const { opened } = await test.call('dataset.open', { path: join(files.folder, file) });
        const { summary } = opened[0]!;
        expect(summary.residency).toBe('file');
        const image = await test.call('dataset.image', { dataset: summary.id, reduce: 'sum', channels: null });
        expect(image.shape).toEqual([height, width]);
        const start = async (
          operation: string,
          algorithm: string | null,
          parent: string | null,
          parameters: object,
        ) => {
          const asked = { dataset: summary.id, operation, algorithm, parent, parameters: parameters as never };
          expect((await test.call('job.check', asked as never)).problems).toEqual([]);
          const { job } = await test.call('job.start', { ...asked, seed: 0, name: null, mayWrite: true } as never);
          const state = await test.ended(job);
          expect(state.error).toBeNull();
          return state.result!;
        };
        const svd = await start('decomposition', 'SVD', null, {
          output_dimension: k,
          normalize_poissonian_noise: true,
        });
        const model = await start('get_decomposition_model', null, svd, { components: [0, 2] });
        const path = join(files.folder, `${file}-model.npy`);
        await test.call('export.result', { result: model, path, overwrite: false });
        const bytes = readFileSync(path);
        const elements = bytes.subarray(bytes.readUInt16LE(8) + 10).toString('base64');
        expect(elements === (expected.get('model/model.npy') as { elements: string }).elements).toBe(true);
        await test.call('dataset.close', { dataset: summary.id });
      }
    } finally {
      await test.close();
    }
    expect(readdirSync(temporary).filter((name) => !name.startsWith('eigenscope-app-'))).toEqual([]);
  });

  it('refuses with numbers what the settings do not allow', async () => {
    const test = await startTestApp();
    try {
      await test.call('app.settings', { settings: { memoryLimit: 400 * 1024 } });
      const { opened } = await test.call('dataset.open', { path: join(files.folder, 'rows.npy') });
      const asked = {
        dataset: opened[0]!.summary.id,
        operation: 'decomposition',
        algorithm: 'SVD',
        parent: null,
        parameters: { output_dimension: k },
      } as const;
      const { problems } = await test.call('job.check', asked as never);
      expect(problems[0]?.message).toMatch(/needs about \d+ KiB and 400 KiB are allowed.*Memory in the settings/);
      await expect(test.call('job.start', { ...asked, seed: 0, name: null } as never)).rejects.toMatchObject({
        code: 'out-of-memory',
      });
    } finally {
      await test.close();
    }
  });
});
