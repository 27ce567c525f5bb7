import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEigenscopeResults } from '../../workers/readers/learning-results-eigenscope.ts';
import { readHspyLearningResults } from '../../workers/readers/learning-results-hspy.ts';
import { readNpzLearningResults } from '../../workers/readers/learning-results-npz.ts';
import { fixturePath } from '../golden/fixtures.ts';
import { readNpy, readValues } from '../golden/npy.ts';
import { hyperspyNote, hyperspyVersion, runPython } from '../hyperspy.ts';
import { openShell } from './harness.ts';

const shell = openShell();
const minute = 120_000;

interface Chain {
  decomposition: Record<string, unknown>;
  algorithm: string;
  parameters: Record<string, unknown>;
}
const cases: Record<string, Chain> = {
  plain: { decomposition: {}, algorithm: 'sklearn_fastica', parameters: { number_of_components: 3 } },
  maps: { decomposition: { normalize_poissonian_noise: true }, algorithm: 'JADE', parameters: { number_of_components: 4, on_loadings: true } },
  centred: { decomposition: { centre: 'navigation' }, algorithm: 'CuBICA', parameters: { number_of_components: 3 } },
  masked: { decomposition: { navigation_mask: 'navigation', signal_mask: 'signal' }, algorithm: 'orthomax', parameters: { number_of_components: 3 } },
  listed: { decomposition: {}, algorithm: 'TDSEP', parameters: { comp_list: [0, 2, 3] } },
}; // prettier-ignore

const recipe = (folder: string): string =>
  JSON.stringify({
    eigenscope: 1,
    inputs: {
      si: { file: fixturePath('inputs/eds.npy'), navigationShape: [32, 32], signalShape: [256] },
      navigation: { file: fixturePath('inputs/eds_navigation_mask.npy') },
      signal: { file: fixturePath('inputs/eds_signal_mask.npy') },
    },
    steps: Object.entries(cases).flatMap(([id, { decomposition, algorithm, parameters }]) => [
      { id: `${id}_svd`, do: 'decomposition', of: 'si', parameters: { output_dimension: 5, ...decomposition } },
      { id, do: 'blind_source_separation', of: `${id}_svd`, algorithm, parameters },
      { id: `${id}_model`, do: 'get_bss_model', of: id, parameters: { components: 2 } },
    ]),
    outputs: Object.keys(cases).flatMap((id) => ['npz', 'hspy', 'csv'].map((ext) => ({ of: id, file: `${folder}/${id}.${ext}` }))),
  }); // prettier-ignore

describe('the files of a separation', { timeout: minute }, () => {
  const folder = shell.path('out');
  beforeAll(async () => {
    shell.write('recipe.json', recipe(folder));
    const { status, err } = await shell.run('run', 'recipe.json', '--out', folder);
    expect(status, err).toBe(0);
  }, minute);

  it.each(Object.keys(cases))('hold the decomposition with it: %s', async (id) => {
    const npz = await readNpzLearningResults(join(folder, `${id}.npz`));
    const hspy = await readHspyLearningResults(join(folder, `${id}.hspy`));
    for (const found of [npz, hspy!]) {
      for (const name of ['bss_factors', 'bss_loadings', 'unmixing_matrix']) {
        const expected = readValues(join(folder, id, `${name}.npy`));
        expect([found.arrays[name]!.shape, [...found.arrays[name]!.data]], name).toEqual([
          expected.shape,
          [...expected.values],
        ]);
      }
      for (const name of ['factors', 'loadings', 'explained_variance']) {
        expect([...found.arrays[name]!.data], name).toEqual([
          ...readValues(join(folder, `${id}_svd`, `${name}.npy`)).values,
        ]);
      }
      expect(found.scalars).toMatchObject({
        decomposition_algorithm: 'SVD',
        output_dimension: 5,
        bss_algorithm: cases[id]!.algorithm,
        on_loadings: id === 'maps',
        poissonian_noise_normalized: id === 'maps',
      });
      expect(found.arrays['navigation_mask'] !== undefined).toBe(id === 'masked');
      expect(found.arrays['mean'] !== undefined).toBe(id === 'centred');
    }
    const stored = await readEigenscopeResults(join(folder, `${id}.hspy`));
    expect(stored.map((result) => result.id).toSorted()).toEqual([id, `${id}_svd`].toSorted());
    expect([...stored.find((result) => result.id === id)!.arrays['comp_list']!.data]).toEqual([
      ...readValues(join(folder, id, 'comp_list.npy')).values,
    ]);
    expect(
      readFileSync(join(folder, `${id}-factors.csv`), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(257);
    expect(
      readFileSync(join(folder, `${id}-loadings.csv`), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1025);
  });

  describe.skipIf(hyperspyVersion === null)(`in HyperSpy (${hyperspyNote})`, () => {
    interface Found {
      difference: number;
      unlike: number;
      holes: number;
      unmixing: number;
      bss_algorithm: string;
      bss_node: string;
      factor_shape: number[];
      loading_shape: number[];
    }
    let report: Record<string, { hspy: Found; npz: Found }>;
    beforeAll(() => {
      const script = join(import.meta.dirname, 'hyperspy_separation.py');
      report = runPython(script, folder, ...Object.keys(cases)) as typeof report;
    }, minute);

    it.each(Object.keys(cases).flatMap((id) => [[id, 'hspy'] as const, [id, 'npz'] as const]))(
      '%s gives from .%s the model, the components and the unmixing that we have',
      (id, kind) => {
        const found = report[id]![kind];
        expect(found.difference).toBeLessThan(1e-12);
        expect([found.unlike, found.holes > 0]).toEqual([0, id === 'masked']);
        expect(found.unmixing).toBeLessThan(1e-9);
        expect(found.bss_algorithm).toBe(cases[id]!.algorithm);
        expect(found.bss_node).toMatch(new RegExp(`^${cases[id]!.algorithm}\\(.*diff_order=1`));
        const k = id === 'maps' ? 4 : 3;
        expect([found.factor_shape, found.loading_shape]).toEqual([[k, 256], [k, 32, 32]]); // prettier-ignore
      },
    );
  });
});

describe('eigenscope separate', { timeout: minute }, () => {
  const file = fixturePath('inputs/maps.npy');

  it('decomposes and separates, with the flags of both', async () => {
    const flags = [
      '--algorithm',
      'JADE',
      '--number_of_components',
      '3',
      '--on_loadings',
      '--diff_order=0',
      '--centre',
      'navigation',
    ];
    const { status, places, err } = await shell.run('separate', file, ...flags, '--out', 'sep');
    expect([status, places], err).toEqual([0, ['sep/SVD', 'sep/JADE', 'sep/JADE.npz'].map((name) => shell.path(name))]);
    expect(readNpy(shell.path('sep/JADE/bss_loadings.npy')).shape).toEqual([1600, 3]);
    expect(readNpy(shell.path('sep/SVD/factors.npy')).shape).toEqual([30, 3]);
    expect(readNpy(shell.path('sep/SVD/mean.npy')).shape).toEqual([1, 30]);
  });

  it('takes another decomposition, and its flags by their full name', async () => {
    const flags = ['--decomposition', 'NMF', '--decomposition.tol', '0.01', '--comp_list', '0,1', '--tol', '1e-6'];
    const { status, err } = await shell.run('separate', fixturePath('inputs/nmf.npy'), ...flags, '--out', 'nmf');
    expect(status, err).toBe(0);
    const { scalars } = await readNpzLearningResults(shell.path('nmf/sklearn_fastica.npz'));
    expect(scalars).toMatchObject({
      decomposition_algorithm: 'NMF',
      bss_algorithm: 'sklearn_fastica',
      output_dimension: 2,
    });
  });

  it('names the flags of both algorithms', async () => {
    const { status, out } = await shell.run('separate', '--algorithm', 'TDSEP', '--decomposition', 'NMF', '--help');
    expect(status).toBe(0);
    for (const flag of ['lags', 'diff_order', 'beta_loss', 'output_dimension']) expect(out).toContain(`--${flag} `);
    expect(out).toMatch(/one of .*sklearn_fastica.*JADE/);
  });

  it.each([
    [2, /^--diff_order: diff_order must be .* got 9/, ['--diff_order', '9']],
    [2, /no algorithm PICA for blind_source_separation\. The algorithms are .*JADE/, ['--algorithm', 'PICA']],
    [2, /no algorithm XVD for decomposition/, ['--decomposition', 'XVD']],
    [2, /no flag --lags here/, ['--lags', '3']],
    [2, /JADE: The decomposition has 30 components.*number_of_components/, ['--algorithm', 'JADE']],
  ])('ends with %i and %s', async (expected, says, flags) => {
    const { status, error } = await shell.run('separate', file, ...flags, '--out', 'refused', '--force');
    expect([status, error]).toEqual([expected, expect.stringMatching(says)]);
  });
});
