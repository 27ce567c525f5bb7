import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube } from '../../workers/readers/load-cube.ts';
import type { ReadHints } from '../../workers/readers/reader.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { ramp } from './builders/elements.ts';
import { temporaryFiles } from './builders/temporary.ts';
import type { BuiltPage, BuiltTag, TiffOptions } from './builders/tiff.ts';
import { buildTiff } from './builders/tiff.ts';

/* What the tests of TIFF files share. */

/** All bytes of a signal. */
export async function load(signal: SignalHeader): Promise<Uint8Array> {
  const buffer = new SharedArrayBuffer(elementCount(signal.shape) * itemSize(signal.dtype));
  await loadCube(signal, buffer);
  return new Uint8Array(buffer);
}

export async function refusal(path: string, hints: ReadHints = {}): Promise<EigenscopeError> {
  try {
    for (const signal of (await openHeader(path, hints)).signals) await load(signal);
  } catch (error) {
    return error as EigenscopeError;
  }
  throw new Error('it was read');
}

/** Built files in a folder of their own, and their signals. */
export function tiffFiles() {
  const { write } = temporaryFiles();
  let made = 0;
  const file = (options: TiffOptions): string => write(`made${++made}.tif`, buildTiff(options));
  const all = async (options: TiffOptions, hints: ReadHints = {}): Promise<readonly SignalHeader[]> =>
    (await openHeader(file(options), hints)).signals;
  const open = async (options: TiffOptions, hints: ReadHints = {}): Promise<SignalHeader> =>
    (await all(options, hints))[0]!;
  return { write, file, all, open };
}

/** The description of a page. */
export const text = (value: string): BuiltTag => ({ tag: 270, type: 2, value });

export const axes = (signal: SignalHeader) =>
  signal.axes.map(({ name, size, navigate }) => `${name} ${size} ${navigate ? 'nav' : 'sig'}`);

/** Pages that differ: the second counts on where the first ends. */
export const pages = (count: number, page: Partial<BuiltPage> = {}): BuiltPage[] =>
  Array.from({ length: count }, (_, i) => ({
    width: 5,
    height: 3,
    values: ramp([15]).map((v) => v + 15 * i),
    ...page,
  }));
