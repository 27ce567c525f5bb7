import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RowSource } from '../../../model/rows.ts';
import { floatData, floats, runSteps } from '../../../../test/golden/run-step.ts';
import { spiked } from './test-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'online-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { data } = spiked(50, 30, 2);
const path = join(folder, 'cube.raw');
writeFileSync(path, new Uint8Array(data.buffer));
const source: RowSource = {
  kind: 'raw',
  path,
  offset: 0,
  littleEndian: true,
  dtype: 'float64',
  samples: 50,
  features: 30,
};

describe.each([
  ['ORPCA', 'channels'],
  ['ORPCA', 'pixels'],
  ['ORNMF', 'channels'],
  ['ORNMF', 'pixels'],
])('%s from %s', (algorithm, stream) => {
  it('of a file has the same bits as from memory', async () => {
    const steps = [
      { do: 'decomposition', algorithm, parameters: { output_dimension: 2, stream, lambda1: 0.1, project: true } },
    ];
    const fromFile = await runSteps({ navigationShape: [50], signalShape: [30], source }, steps);
    const fromMemory = await runSteps(floatData(data, [50], [30]), steps);
    for (const name of ['factors', 'loadings']) {
      expect([...floats(fromFile, name)]).toEqual([...floats(fromMemory, name)]);
    }
  });
});
