import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpy, readValues } from '../golden/npy.ts';
import { startTestApp } from '../services/harness.ts';
import { counts, npyBytes, openShell, projectRoot, recipeOf, svdStep } from './harness.ts';

const shell = openShell();
const shape = [8, 9, 16];
const data = counts(shape);
const minute = 120_000;
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

const digest = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.npy'))
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );

beforeAll(() => {
  shell.write('si.npy', npyBytes(shape, data));
  shell.write(
    'mask.npy',
    npyBytes(
      [8, 9],
      Uint8Array.from({ length: 72 }, (_, i) => (i < 5 ? 1 : 0)),
    ),
  );
});

describe('eigenscope info', { timeout: minute }, () => {
  it('says as JSON what the file holds, with statistics and single values', async () => {
    const withHole = Float32Array.from(data);
    withHole[7] = NaN;
    shell.write('hole.npy', npyBytes(shape, withHole));
    const { status, out, err } = await shell.run(
      'info',
      'hole.npy',
      '--json',
      '--stats',
      '--probe',
      '0:1,2,3',
      '--probe=0:0,0,7',
    );
    expect([status, err]).toEqual([0, '']);
    const { signals, ...file } = JSON.parse(out) as { signals: Record<string, unknown>[] };
    expect(file).toEqual({ file: 'hole.npy', format: 'numpy' });
    const rest = data.filter((_, i) => i !== 7);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toEqual({
      index: 0,
      title: 'hole',
      signalType: '',
      shape,
      dtype: 'float32',
      bytes: 8 * 9 * 16 * 4,
      axes: [
        { name: 'y', units: null, size: 8, navigate: true, scale: 1, offset: 0 },
        { name: 'x', units: null, size: 9, navigate: true, scale: 1, offset: 0 },
        { name: 'channel', units: null, size: 16, navigate: false, scale: 1, offset: 0 },
      ],
      metadata: expect.any(Object) as object,
      stats: { sum: rest.reduce((a, b) => a + b, 0), min: 0, max: 19, nanCount: 1 },
      probes: [
        { index: [1, 2, 3], value: data[(1 * 9 + 2) * 16 + 3] },
        { index: [0, 0, 7], value: 'NaN' },
      ],
    });
  });

  it('says the same for people to read', async () => {
    const { out } = await shell.run('info', 'si.npy');
    expect(out).toMatch(/si\.npy {2}numpy\n\[0\] si\n +8 × 9 × 16 {2}float32/);
  });

  it('leaves no settings behind', async () => {
    await shell.run('info', 'si.npy');
    expect(existsSync(shell.path('settings'))).toBe(false);
  });
});

describe('eigenscope algorithms and help', { timeout: minute }, () => {
  it('lists every algorithm with parameters, ranges and reference as JSON', async () => {
    const { out } = await shell.run('algorithms', '--json');
    const { algorithms } = JSON.parse(out) as { algorithms: { id: string; parameters: Record<string, unknown>[] }[] };
    expect(algorithms.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['SVD', 'sklearn_pca', 'get_decomposition_model']),
    );
    const svd = algorithms.find(({ id }) => id === 'SVD')!;
    expect(svd).toMatchObject({ operation: 'decomposition', reference: expect.stringMatching(/\(\d{4}\)/) as string });
    const own = svd.parameters.find(({ id }) => id === 'output_dimension');
    expect(own).toMatchObject({ kind: 'integer', default: null, min: 1, help: expect.stringMatching(/\w/) as string });
    const one = await shell.run('algorithms', 'SVD', '--json');
    expect(JSON.parse(one.out)).toEqual(svd);
  });

  it('names the flags of a step wherever a person looks for them', async () => {
    const places = [
      ['decompose', '--help'],
      ['algorithms', 'SVD'],
    ];
    for (const args of places) {
      const { status, out, err } = await shell.run(...args);
      expect([status, err]).toEqual([0, '']);
      for (const flag of [
        'output_dimension',
        'normalize_poissonian_noise',
        'centre',
        'navigation_mask',
        'svd_solver',
      ]) {
        expect(out).toContain(`--${flag} `);
      }
    }
    expect((await shell.run('decompose', '--algorithm', 'sklearn_pca', '--help')).out).toContain('sklearn_pca  ');
  });

  it('names every command, and its arguments', async () => {
    const { status, out } = await shell.run('--help');
    expect(status).toBe(0);
    for (const name of ['info', 'convert', 'algorithms', 'run', 'decompose', 'session', 'figure', 'serve'])
      expect(out).toMatch(new RegExp(`^ +${name} `, 'm'));
    expect((await shell.run('convert', '--help')).out).toMatch(/^eigenscope convert IN OUT/);
    expect((await shell.run()).status).toBe(2);
  });
});

describe('eigenscope run', { timeout: minute }, () => {
  it('writes what the table promises: arrays, types, shapes and scalars of every step', async () => {
    mkdirSync(shell.path('recipes'));
    // the input is named from the folder of the recipe, not from the working folder
    shell.write(
      'recipes/all.json',
      recipeOf(
        [
          { ...svdStep, parameters: { navigation_mask: 'mask', centre: 'navigation' } },
          { id: 'model', do: 'get_decomposition_model', of: 'svd', parameters: { components: [0, 1] } },
          { id: 'rest', do: 'get_decomposition_model', of: 'svd', parameters: { components: 2, residual: true } },
          { id: 'elbow', do: 'estimate_elbow_position', of: 'svd' },
          { id: 'pca', do: 'decomposition', of: 'si', algorithm: 'sklearn_pca', parameters: { output_dimension: 3 } },
        ],
        {
          inputs: { si: { file: '../si.npy' }, mask: { file: '../mask.npy' } },
          outputs: [
            { of: 'svd', file: 'svd.npz' },
            { of: 'svd', file: 'svd.hspy' },
            { of: 'svd', file: 'tables/svd.csv' },
            { of: 'model', file: 'model.npy' },
            { of: 'model', file: 'model.hspy' },
            { of: 'si', file: 'copy.hspy' },
            { of: '*', file: 'all.eigs' },
          ],
        },
      ),
    );
    const { status, places, err } = await shell.run('run', 'recipes/all.json', '--out', 'all', '--seed', '5');
    expect([status, err.includes('eigenscope:')], err).toEqual([0, false]);
    const steps = ['svd', 'model', 'rest', 'elbow', 'pca'];
    const files = ['svd.npz', 'svd.hspy', 'model.npy', 'model.hspy', 'copy.hspy', 'all.eigs'];
    const tables = ['factors', 'loadings', 'scree'].map((name) => `tables/svd-${name}.csv`);
    expect(places.sort()).toEqual([...steps, ...files, ...tables].map((name) => shell.path(`all/${name}`)).sort());
    for (const place of places) expect(existsSync(place), place).toBe(true);

    const arraysOf = (step: string): Record<string, unknown> =>
      Object.fromEntries(
        readdirSync(shell.path(`all/${step}`))
          .filter((name) => name.endsWith('.npy'))
          .map((name) => {
            const { dtype, shape: found } = readNpy(shell.path(`all/${step}/${name}`));
            return [name.replace('.npy', ''), `${dtype} ${found.join('×')}`];
          }),
      );
    expect(arraysOf('svd')).toMatchObject({
      factors: 'float64 16×16',
      loadings: 'float64 72×16',
      explained_variance: 'float64 16',
      explained_variance_ratio: 'float64 16',
      mean: 'float64 1×16',
    });
    expect(arraysOf('model')).toEqual({ model: 'float64 8×9×16' });
    expect(arraysOf('rest')).toEqual({ residual: 'float64 8×9×16' });
    expect(arraysOf('elbow')).toEqual({});
    expect(arraysOf('pca')).toMatchObject({ factors: 'float64 16×3', loadings: 'float64 72×3' });
    for (const step of steps) {
      const scalars = shell.json(`all/${step}/scalars.json`);
      expect(scalars, step).toMatchObject({ seed: 5, version, seconds: expect.any(Number) as number });
    }
    const svd = shell.json('all/svd/scalars.json');
    expect(svd).toMatchObject({ masked_pixels: 5 });
    expect(svd['number_significant_components']).toBeTypeOf('number');
    expect(shell.json('all/model/scalars.json')['relative_error']).toBeTypeOf('number');
    expect(shell.json('all/elbow/scalars.json')['elbow_position']).toBeTypeOf('number');
    // masked pixels are holes, the others are numbers
    const { values } = readValues(shell.path('all/svd/loadings.npy'));
    expect(values.findIndex((v) => !Number.isNaN(v))).toBe(5 * 16);
    expect(readNpy(shell.path('all/model.npy')).bytes).toEqual(readNpy(shell.path('all/model/model.npy')).bytes);
    const [titles, first] = readFileSync(shell.path('all/tables/svd-factors.csv'), 'utf8').split(/\r?\n/);
    expect(titles?.split(',')).toHaveLength(17);
    expect(first?.split(',').every((cell) => Number.isFinite(Number(cell)))).toBe(true);
  });

  it('makes sessions that the command line and the window open', async () => {
    const { out } = await shell.run('session', 'all/all.eigs', '--json');
    const saved = JSON.parse(out) as {
      datasets: { file: string }[];
      results: { id: string; name: string; seed: number; parent: string | null; parameters: Record<string, unknown> }[];
    };
    expect(saved.datasets.map(({ file }) => file)).toEqual([shell.path('si.npy')]);
    const names = ['mask', 'svd', 'model', 'rest', 'elbow', 'pca'];
    expect(saved.results.map(({ name }) => name)).toEqual(names);
    const navigation_mask = saved.results[0]!.id;
    const parameters = { centre: 'navigation', navigation_mask };
    expect(saved.results[1]).toMatchObject({ seed: 5, parent: null, parameters });
    expect((await shell.run('session', 'all/all.eigs')).out).toMatch(
      /data +si .*\n +result +\S+ +mask +navigation_mask .*\n +result +\S+ +svd +SVD/,
    );

    const test = await startTestApp();
    try {
      const state = await test.call('project.open', { path: shell.path('all/all.eigs') });
      expect(state.results.map(({ name }) => name)).toEqual(names);
      expect(state.datasets).toMatchObject([{ missing: null }]);
      const { url } = await test.call('result.array', {
        result: state.results[1]!.id as never,
        name: 'factors',
        columns: null,
      });
      const served = await test.app.array(url);
      expect(Buffer.from(served!.bytes)).toEqual(Buffer.from(readNpy(shell.path('all/svd/factors.npy')).bytes));
    } finally {
      await test.close();
    }
  });

  it('draws figures of a session in every format', async () => {
    const kinds = [
      ['scree', 'svg', '<svg'],
      ['loadings', 'pdf', '%PDF-'],
      ['factors', 'png', '\x89PNG'],
      ['scree', 'tiff', 'II*\0'],
    ] as const;
    for (const [kind, format, magic] of kinds) {
      const file = `all/${kind}.${format}`;
      const done = await shell.run('figure', 'all/all.eigs', 'svd', kind, '--out', file, '--dpi', '150');
      expect([done.status, done.places], done.err).toEqual([0, [shell.path(file)]]);
      expect(readFileSync(shell.path(file), 'latin1')).toContain(magic);
    }
    // ten values of the scree are drawn from the numbers that the step wrote, not from what lies before them in the file
    const svg = readFileSync(shell.path('all/scree.svg'), 'utf8');
    expect(svg).not.toMatch(/NaN|Infinity/);
    const wrong = await shell.run(
      'figure',
      'all/all.eigs',
      'svd',
      'factors',
      '--out',
      'all/x.svg',
      '--components',
      '1,99',
    );
    expect([wrong.status, wrong.error]).toEqual([
      2,
      '--components takes numbers from 1 to 16, separated by commas; got “1,99”.',
    ]);
  });

  it('gives the same bits with one thread and with two, and for the same seed', async () => {
    shell.write(
      'bits.json',
      recipeOf([{ ...svdStep, parameters: { output_dimension: 4, svd_solver: 'randomized' } }], { seed: 3 }),
    );
    for (const [threads, out] of [
      ['1', 'one'],
      ['2', 'two'],
    ] as const) {
      expect((await shell.run('run', 'bits.json', '--out', out, '--threads', threads)).status).toBe(0);
    }
    expect(digest(shell.path('one/svd')).length).toBeGreaterThan(3);
    expect(digest(shell.path('one/svd'))).toEqual(digest(shell.path('two/svd')));
    expect((await shell.run('run', 'bits.json', '--out', 'two', '--seed', '4', '--force')).status).toBe(0);
    expect(digest(shell.path('one/svd'))).not.toEqual(digest(shell.path('two/svd')));
    expect(shell.json('two/svd/scalars.json')).toMatchObject({ seed: 4 });
  });

  it('takes changes with --set, also where a step has no parameters, and tells its progress as JSON', async () => {
    shell.write('set.json', recipeOf([svdStep]));
    const { status, err } = await shell.run(
      'run',
      'set.json',
      ...['--out', 'set', '--progress', 'json'],
      ...['--set', 'steps[0].parameters.output_dimension=2', '--set', 'steps[0].id=two'],
    );
    expect(status, err).toBe(0);
    expect(readNpy(shell.path('set/two/factors.npy')).shape).toEqual([16, 2]);
    const lines = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toEqual({ step: 'si', text: 'reading si.npy' });
  });
});

describe('eigenscope decompose', { timeout: minute }, () => {
  it('does a step without a recipe, with the flags of the algorithm', async () => {
    const flags = ['--output_dimension', '3', '--normalize_poissonian_noise', '--navigation_mask', 'mask.npy'];
    const { status, places, err } = await shell.run('decompose', 'si.npy', ...flags, '--out', 'dec');
    expect([status, places], err).toEqual([0, [shell.path('dec/SVD'), shell.path('dec/SVD.npz')]]);
    expect(readNpy(shell.path('dec/SVD/loadings.npy')).shape).toEqual([72, 3]);
    const pca = await shell.run('decompose', 'si.npy', '--algorithm=sklearn_pca', '--output_dimension=2');
    expect(pca.places[0]).toBe(shell.path('si-sklearn_pca/sklearn_pca'));
  });

  it('works with one channel', async () => {
    shell.write('one-channel.npy', npyBytes([8, 9, 1], counts([72])));
    const { status, err } = await shell.run('decompose', 'one-channel.npy', '--out', 'one-channel');
    expect(status, err).toBe(0);
    expect(readNpy(shell.path('one-channel/SVD/factors.npy')).shape).toEqual([1, 1]);
  });
});

const sample = join(projectRoot, '../shared/samples/dm/EELS_SI.dm4');

describe.skipIf(!existsSync(sample))('eigenscope convert (a sample of Gatan’s format)', { timeout: minute }, () => {
  it('keeps data and axes from .dm4 through .hspy to .npy', async () => {
    expect((await shell.run('convert', sample, 'si.hspy')).places).toEqual([shell.path('si.hspy')]);
    expect((await shell.run('convert', 'si.hspy', 'again.npy')).places).toEqual([shell.path('again.npy')]);
    const described = async (file: string) => {
      const { out } = await shell.run('info', file, '--json', '--stats');
      return (JSON.parse(out) as { signals: Record<string, unknown>[] }).signals[0]!;
    };
    const [gatan, hspy, npy] = [await described(sample), await described('si.hspy'), await described('again.npy')];
    for (const key of ['shape', 'dtype', 'axes', 'signalType', 'stats', 'title'])
      expect(hspy[key], key).toEqual(gatan[key]);
    for (const key of ['shape', 'dtype', 'stats']) expect(npy[key], key).toEqual(gatan[key]);
  });
});

describe('eigenscope serve', { timeout: minute }, () => {
  it('serves the window on the loopback address until it is interrupted', async () => {
    const { child, ended } = shell.start('serve', 'si.npy', '--data', shell.path('served'));
    const url = await new Promise<string>((found) => {
      child.stdout!.on('data', (text: string) => {
        const match = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text);
        if (match) found(match[0]);
      });
    });
    // the address holds the key once; the page keeps it as a cookie
    const entry = await fetch(url, { redirect: 'manual' });
    const cookie = entry.headers.getSetCookie()[0]!.split(';')[0]!;
    const page = await fetch(new URL('/', url), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<!doctype html>');
    child.kill('SIGINT');
    expect((await ended).err).not.toMatch(/internal error|\n +at /);
  });
});
