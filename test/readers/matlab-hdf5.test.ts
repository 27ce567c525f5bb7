import { expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { array } from './builders/hdf5.ts';
import { buildMatlabHdf5, matlabVariables } from './builders/matlab-hdf5.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();

async function open(): Promise<Map<string, SignalHeader>> {
  const { format, signals } = await openHeader(files.write('variables.mat', await buildMatlabHdf5(matlabVariables)));
  expect(format).toBe('matlab');
  return new Map(signals.map((signal) => [signal.title, signal]));
}

async function at(signal: SignalHeader, index: readonly number[]): Promise<number> {
  const source = await openPixels(signal);
  const [value] = source.read(
    index,
    index.map(() => 1),
  );
  source.close();
  return Number(value);
}

it.each(['cube', 'packed'])('MATLAB 7.3: %s has its axes in the order of MATLAB', async (name) => {
  const signal = (await open()).get(name)!;
  expect(signal.shape).toEqual([2, 3, 4]);
  expect(signal.axes.map(({ navigate }) => navigate)).toEqual([true, true, false]);
  // element (row 1, column 2, channel 3) of MATLAB is (3, 2, 1) of the file
  expect(await at(signal, [1, 2, 3])).toBe((3 * 3 + 2) * 2 + 1);
});

it('MATLAB 7.3: vectors stay as they are, fields of structures are found', async () => {
  const signals = await open();
  expect(signals.get('row')!.shape).toEqual([5, 1]);
  expect(signals.get('record.inner')!.shape).toEqual([2, 3]);
  expect(await at(signals.get('record.inner')!, [0, 2])).toBe(4);
});

it('MATLAB 7.3: texts and single values are metadata; what is no full array is named', async () => {
  const signals = await open();
  expect([...signals.keys()].toSorted()).toEqual(['cube', 'packed', 'record.inner', 'row']);
  const [first] = signals.values();
  expect(first!.originalMetadata).toMatchObject({ note: 'Größe', level: 0 });
  expect(first!.warnings.join()).toContain('thin (sparse)');
});

it('MATLAB 7.3: a file without arrays is refused by what it has', async () => {
  const attributes = { MATLAB_class: 'cell' };
  const bytes = await buildMatlabHdf5({ boxes: array(Uint8Array.of(1, 2), [2], { attributes }) });
  await expect(openHeader(files.write('cells.mat', bytes))).rejects.toMatchObject({
    code: 'unsupported-format',
    message: expect.stringContaining('boxes (cell)'),
  });
});
