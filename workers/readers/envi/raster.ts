import { basename } from 'node:path';
import type { DType } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import type { EnviKeys } from './header-text.ts';
import { numberUnder, textUnder, wholeUnder } from './numbers.ts';

export type Interleave = 'bsq' | 'bil' | 'bip';

/** How the numbers lie in the data file, whichever kind of header says it. */
export interface Raster {
  samples: number;
  lines: number;
  bands: number;
  dtype: DType;
  interleave: Interleave;
  littleEndian: boolean;
  /** bytes before the first number */
  offset: number;
}

/** ENVI's numbers for element types. */
export const enviTypes: Readonly<Record<number, DType>> = {
  1: 'uint8',
  2: 'int16',
  3: 'int32',
  4: 'float32',
  5: 'float64',
  6: 'complex64',
  9: 'complex128',
  12: 'uint16',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};

const refuse = (path: string, found: string, advice: string): EigenscopeError =>
  new EigenscopeError('unsupported-format', `${basename(path)} ${found}, which cannot be read. ${advice}`, { path });

function interleaveOf(text: string | null, path: string): Interleave {
  const found = text?.toLowerCase();
  if (found === 'bsq' || found === 'bil' || found === 'bip') return found;
  throw corrupt(
    path,
    text === null ? 'its header does not give “interleave”' : `its header gives the interleave “${text.slice(0, 40)}”`,
    'bsq, bil or bip was expected',
  );
}

/** @throws EigenscopeError `corrupt-file`, `unsupported-format` (compressed data, padded frames, text and structures) */
export function enviRaster(keys: EnviKeys, path: string): Raster {
  const [samples, lines, bands] = (['samples', 'lines', 'bands'] as const).map((key) =>
    wholeUnder(keys, key, path, 1, null),
  ) as [number, number, number];
  const code = wholeUnder(keys, 'data type', path, 1, null);
  const dtype = enviTypes[code];
  if (dtype === undefined) {
    throw corrupt(
      path,
      `its header gives the data type ${code}`,
      `one of ${Object.keys(enviTypes).join(', ')} was expected`,
    );
  }
  if ((numberUnder(keys, 'file compression') ?? 0) !== 0) {
    throw refuse(path, 'describes compressed data', 'Save them uncompressed (“file compression = 0”).');
  }
  for (const key of ['major frame offsets', 'minor frame offsets']) {
    if (/[1-9]/.test(textUnder(keys, key) ?? '')) {
      throw refuse(path, `has padding between its lines (“${key}”)`, 'Save the data in ENVI without frame offsets.');
    }
  }
  return {
    samples,
    lines,
    bands,
    dtype,
    interleave: interleaveOf(textUnder(keys, 'interleave'), path),
    littleEndian: wholeUnder(keys, 'byte order', path, 0, 0) === 0,
    offset: wholeUnder(keys, 'header offset', path, 0, 0),
  };
}

function esriType(keys: EnviKeys, path: string, isGridFloat: boolean): DType {
  const bits = wholeUnder(keys, 'nbits', path, 1, isGridFloat ? 32 : 8);
  const pixels = (textUnder(keys, 'pixeltype') ?? (isGridFloat ? 'FLOAT' : '')).toUpperCase();
  // without a pixel type the numbers have no sign
  const kind = pixels.startsWith('SIGNED') ? 'int' : pixels.startsWith('F') ? 'float' : 'uint';
  const known: readonly DType[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];
  const dtype = known.find((one) => one === `${kind}${bits}`);
  if (dtype !== undefined) return dtype;
  throw refuse(
    path,
    `describes pixels of ${bits} bits (${pixels.slice(0, 20) || 'unsigned'})`,
    'Save it with 8, 16 or 32 bits.',
  );
}

/** @throws EigenscopeError `corrupt-file`, `unsupported-format` (pixels of less than a byte, padded rows) */
export function esriRaster(keys: EnviKeys, path: string): Raster {
  // GridFloat headers give cells instead of bits
  const isGridFloat = !keys.has('nbits') && (keys.has('cellsize') || keys.has('xllcorner') || keys.has('xllcenter'));
  const samples = wholeUnder(keys, 'ncols', path, 1, null);
  const lines = wholeUnder(keys, 'nrows', path, 1, null);
  const bands = wholeUnder(keys, 'nbands', path, 1, 1);
  const dtype = esriType(keys, path, isGridFloat);
  const interleave = interleaveOf(textUnder(keys, 'layout') ?? 'bil', path);
  const bandRow = Math.ceil((samples * Number(/\d+$/.exec(dtype)![0])) / 8);
  const tight: readonly (readonly [string, number])[] = [
    ['bandrowbytes', bandRow],
    ['totalrowbytes', interleave === 'bsq' ? bandRow : bandRow * bands],
    ['bandgapbytes', 0],
  ];
  for (const [key, bytes] of tight) {
    const told = wholeUnder(keys, key, path, 0, bytes);
    if (told !== bytes && !(key === 'bandrowbytes' && interleave !== 'bil')) {
      throw refuse(
        path,
        `has padding between its rows (“${key}” is ${told}, the numbers take ${bytes})`,
        'Export it anew without padding.',
      );
    }
  }
  const order = (textUnder(keys, 'byteorder') ?? 'I').toUpperCase();
  return {
    samples,
    lines,
    bands,
    dtype,
    interleave,
    // Intel, Motorola; GridFloat says LSBFIRST, MSBFIRST
    littleEndian: !(order === 'M' || order.startsWith('MSB') || order === 'MM'),
    offset: wholeUnder(keys, 'skipbytes', path, 0, 0),
  };
}
