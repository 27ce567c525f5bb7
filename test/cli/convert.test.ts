import { beforeAll, describe, expect, it } from 'vitest';
import { counts, npyBytes, openShell, recipeOf, svdStep } from './harness.ts';

/* Every format that data are written in, from the command line, and read back by it. */

const shell = openShell();
const minute = 120_000;
const shape = [5, 6, 8];
const data = counts(shape);
const total = data.reduce((n, value) => n + value, 0);

beforeAll(() => {
  shell.write('si.npy', npyBytes(shape, data));
  shell.write('patterns.npy', npyBytes([2, 3, 4, 4], counts([2, 3, 4, 4])));
});

interface Info {
  format: string;
  signals: { shape: number[]; dtype: string; stats: { sum: number } }[];
}
const info = async (file: string): Promise<Info> =>
  JSON.parse((await shell.run('info', file, '--json', '--stats')).out) as Info;

describe('eigenscope convert', { timeout: minute }, () => {
  it.each<[string, string, number[], string[]?]>([
    ['si.rpl', 'ripple', [5, 6, 8], ['si.rpl', 'si.raw']],
    ['cube.hdr', 'envi', [5, 6, 8], ['cube.hdr', 'cube.dat']],
    ['si.csv', 'table', [5, 6, 8]],
    ['si.tif', 'tiff', [8, 5, 6]],
    ['si.mrc', 'mrc', [8, 5, 6]],
  ])('writes %s, which is read back', async (file, format, found, places = [file]) => {
    const { status, places: printed, err } = await shell.run('convert', 'si.npy', file);
    expect([status, printed], err).toEqual([0, places.map(shell.path)]);
    const again = await info(file);
    expect(again.format).toBe(format);
    expect(again.signals[0]).toMatchObject({ shape: found, stats: { sum: total } });
  });

  it('writes patterns as a blockfile and says how they were scaled', async () => {
    const hints = ['--signal-shape', '4,4'];
    const { status, err } = await shell.run('convert', 'patterns.npy', 'p.blo', ...hints);
    expect([status, err.includes('A blockfile holds bytes: the values (0 to 19) are multiplied by 13.4211')]).toEqual([
      0,
      true,
    ]);
    expect((await info('p.blo')).signals[0]).toMatchObject({ shape: [2, 3, 4, 4], dtype: 'uint8' });
  });

  it('refuses in one line what a format cannot hold', async () => {
    const { status, error, places } = await shell.run('convert', 'si.npy', 'si.msa');
    expect([status, places]).toEqual([2, []]);
    expect(error).toMatch(
      /^si\.msa .*2 navigation axes, and an \.msa file holds one spectrum; save as \.hspy or \.rpl/,
    );
  });
});

describe('outputs of a recipe', { timeout: minute }, () => {
  it('are maps as TIFF and pictures, tables of clusters, models in any format, and the data themselves', async () => {
    const steps = [
      { ...svdStep, parameters: { output_dimension: 3 } },
      { id: 'model', do: 'get_decomposition_model', of: 'svd' },
      { id: 'groups', do: 'cluster_analysis', of: 'svd', parameters: { n_clusters: 2 } },
    ];
    const outputs = [
      { of: 'svd', file: 'r/maps.tif' },
      { of: 'svd', file: 'r/map.png' },
      { of: 'model', file: 'r/model.rpl' },
      { of: 'groups', file: 'r/labels.tif' },
      { of: 'groups', file: 'r/groups.csv' },
      { of: 'si', file: 'r/copy.hdr' },
    ];
    shell.write('maps.json', recipeOf(steps, { outputs }));
    const { status, places, err } = await shell.run('run', 'maps.json');
    expect(status, err).toBe(0);
    const named = (names: string[]): string[] => names.map((name) => shell.path(`r/${name}`));
    expect(places).toEqual(
      named([
        'maps.tif',
        'map-01.png',
        'map-02.png',
        'map-03.png',
        'model.rpl',
        'model.raw',
        'labels.tif',
        'groups-labels.csv',
        'groups-clusters.csv',
        'copy.hdr',
        'copy.dat',
      ]),
    );
    expect((await info('r/maps.tif')).signals[0]).toMatchObject({ shape: [3, 5, 6], dtype: 'float32' });
    expect((await info('r/labels.tif')).signals[0]!.shape).toEqual([5, 6]);
    expect((await info('r/model.rpl')).signals[0]).toMatchObject({ shape, dtype: 'float64' });
    expect((await info('r/copy.hdr')).signals[0]!.stats.sum).toBe(total);
  });

  it('that cannot hold the data are refused before the work', async () => {
    shell.write('bad.json', recipeOf([svdStep], { outputs: [{ of: 'si', file: 'x.msa' }] }));
    const { status, error, err } = await shell.run('run', 'bad.json');
    expect([status, err.includes('Singular value')], err).toEqual([2, false]);
    expect(error).toContain('an .msa file holds one spectrum');
  });
});
