import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../golden/fixtures.ts';
import { hyperspyNote, hyperspyVersion, runPython } from '../hyperspy.ts';
import { openShell } from './harness.ts';

const shell = openShell();
const minute = 120_000;

const masks = { navigation_mask: 'navigation', signal_mask: 'signal' };
const cases: Record<string, { algorithm?: string; parameters: Record<string, unknown>; holes: 'none' | 'some' }> = {
  plain: { parameters: {}, holes: 'none' },
  five: { parameters: { output_dimension: 5 }, holes: 'none' },
  masked: { parameters: masks, holes: 'some' },
  centred: { parameters: { centre: 'navigation' }, holes: 'none' },
  centredOverChannels: { parameters: { centre: 'signal' }, holes: 'none' },
  centredMasked: { parameters: { centre: 'navigation', navigation_mask: 'navigation' }, holes: 'some' },
  poisson: { parameters: { normalize_poissonian_noise: true, output_dimension: 6 }, holes: 'none' },
  poissonMasked: { parameters: { normalize_poissonian_noise: true, output_dimension: 6, ...masks }, holes: 'some' },
  reprojected: { parameters: { reproject: 'both', output_dimension: 4, ...masks }, holes: 'none' },
  pca: { algorithm: 'sklearn_pca', parameters: { output_dimension: 4 }, holes: 'none' },
};

type Compared = { difference: number; unlike: number; holes: number };

describe.skipIf(hyperspyVersion === null)(
  `the model HyperSpy computes from our files (${hyperspyNote})`,
  { timeout: minute },
  () => {
    let report: Record<string, { hspy: Compared; npz: Compared }>;
    beforeAll(async () => {
      const data = { navigationShape: [32, 32], signalShape: [256] };
      const recipe = {
        eigenscope: 1,
        inputs: {
          si: { file: fixturePath('inputs/eds.npy'), ...data },
          navigation: { file: fixturePath('inputs/eds_navigation_mask.npy') },
          signal: { file: fixturePath('inputs/eds_signal_mask.npy') },
        },
        steps: Object.entries(cases).flatMap(([id, { algorithm = 'SVD', parameters }]) => [
          { id, do: 'decomposition', of: 'si', algorithm, parameters },
          { id: `${id}.model`, do: 'get_decomposition_model', of: id },
        ]),
        outputs: [
          { of: 'si', file: 'copy.hspy' },
          ...Object.keys(cases).flatMap((of) => ['hspy', 'npz'].map((format) => ({ of, file: `${of}.${format}` }))),
        ],
      };
      shell.write('models.json', JSON.stringify(recipe));
      const { status, error } = await shell.run('run', 'models.json', '--out', 'models');
      if (status !== 0) throw new Error(error);
      const script = join(import.meta.dirname, 'hyperspy_models.py');
      report = runPython(script, shell.path('models'), ...Object.keys(cases)) as typeof report;
    }, minute);

    for (const format of ['hspy', 'npz'] as const) {
      it.each(Object.keys(cases))(`is ours within 1e-6, from .${format}: %s`, (name) => {
        const found = report[name]![format];
        expect(found).toMatchObject({ unlike: 0 });
        expect(found.difference).toBeLessThan(1e-6);
        expect(found.holes > 0).toBe(cases[name]!.holes === 'some');
      });
    }
  },
);
