import { basename, parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, decodeText, latin1, openFile, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { bandAxis, enviNavigation, esriNavigation } from './axes.ts';
import { dataBeside, headerBeside } from './find-pair.ts';
import type { EnviKeys } from './header-text.ts';
import { isEnviText, isEsriText, parseEnviKeys, parseEsriKeys } from './header-text.ts';
import { meaningWarnings, metadataOf, originalOf, titleOf } from './metadata.ts';
import { textUnder } from './numbers.ts';
import type { Interleave, Raster } from './raster.ts';
import { enviRaster, esriRaster } from './raster.ts';

/** Headers list a name for every band, or for every spectrum of a library; more than this is not a header. */
const longestHeader = 16 * 2 ** 20;

function headerText(path: string): string {
  return withFile(path, (file) => {
    if (file.size > longestHeader) {
      throw corrupt(path, `it has ${file.size} bytes`, 'a text that describes the data was expected');
    }
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return decodeText(bytes).replace(/^\ufeff/, '');
  });
}

/** Stored order of (lines, samples, bands) for each interleave: `axisOrder[i]` is the stored axis of axis i. */
const axisOrders: Readonly<Record<Interleave, readonly [number, number, number]>> = {
  bsq: [1, 2, 0],
  bil: [0, 2, 1],
  bip: [0, 1, 2],
};

interface Described {
  kind: 'ENVI' | 'ESRI';
  keys: EnviKeys;
  raster: Raster;
}

const startsAsHeader = (path: string): boolean =>
  withFile(path, (file) => {
    const head = new Uint8Array(Math.min(file.size, 4096));
    file.readInto(head, 0);
    const text = decodeText(head);
    return isEnviText(text) || isEsriText(text);
  });

function describe(path: string): Described {
  if (!/\.hdr$/i.test(path) && !startsAsHeader(path)) {
    const { name, base } = parse(path);
    throw new EigenscopeError(
      'unsupported-format',
      `${base} is a raw array, and ${name}.hdr, which would tell its size, is not beside it. Put both files into one folder, or save the array as .npy.`,
      { path },
    );
  }
  const text = headerText(path);
  if (isEnviText(text)) {
    const keys = parseEnviKeys(text);
    if (keys === null) throw corrupt(path, 'a list in its header has no end', 'a closing brace was expected');
    return { kind: 'ENVI', keys, raster: enviRaster(keys, path) };
  }
  if (isEsriText(text)) {
    const keys = parseEsriKeys(text);
    return { kind: 'ESRI', keys, raster: esriRaster(keys, path) };
  }
  throw new EigenscopeError(
    'unsupported-format',
    `${basename(path)} is neither an ENVI header (its first line would be “ENVI”) nor an ESRI one (it would give nrows and ncols). Open the file of the data itself, or save the array as .npy.`,
    { path },
  );
}

/** Spectra of a library: samples are its channels and lines its spectra; a single one is no line of them. */
function libraryAxes(keys: EnviKeys, raster: Raster, warnings: string[]): Axis[] {
  const channels = bandAxis(keys, raster.samples, warnings);
  return raster.lines === 1 ? [channels] : [plainAxis('spectrum', raster.lines, true), channels];
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const header = headerBeside(path) ?? path;
  const { kind, keys, raster } = describe(header);
  const { samples, lines, bands, dtype, interleave, offset, littleEndian } = raster;
  const isLibrary = kind === 'ENVI' && /spectral library/i.test(textUnder(keys, 'file type') ?? '');
  if (isLibrary && bands !== 1) {
    throw corrupt(
      header,
      `it is a spectral library of ${bands} bands`,
      'a library has one (its channels are “samples”)',
    );
  }
  const needed = offset + checkedBytes(header, [lines, samples, bands], dtype);
  const dataPath = header === path ? dataBeside(header, needed) : path;
  const data = openFile(dataPath);
  const stamp = data.stamp();
  data.close();
  if (stamp.size < needed) {
    throw new EigenscopeError(
      'truncated-file',
      `${data.name} has ${stamp.size} bytes; ${basename(header)} promises ${needed} (${lines} lines × ${samples} samples × ${bands} bands of ${dtype} after ${offset} bytes). It may still be copying, or the two files do not belong together.`,
      { path: dataPath, expected: needed, found: stamp.size },
    );
  }
  const warnings: string[] = [];
  if (stamp.size > needed) warnings.push(`${stamp.size - needed} bytes after the data in ${data.name} are not read.`);
  const navigation = kind === 'ENVI' ? enviNavigation(keys, lines, samples) : esriNavigation(keys, lines, samples);
  const axes = isLibrary ? libraryAxes(keys, raster, warnings) : [...navigation, bandAxis(keys, bands, warnings)];
  const shape = axes.map((axis) => axis.size);
  const order = axisOrders[interleave];
  const storedShape = [0, 0, 0];
  order.forEach((stored, axis) => (storedShape[stored] = shape[axis] ?? 1));
  const title = titleOf(keys, header);
  const metadata = metadataOf(keys, title, basename(header));
  return {
    format: 'envi',
    signals: [
      {
        title,
        signalType: '',
        shape,
        dtype,
        axes: calibrateByHints(basename(header), axes, hints),
        quantity: {
          name: textUnder(keys, 'reflectance scale factor') === null ? 'Intensity' : 'Reflectance',
          units: null,
        },
        metadata,
        originalMetadata: originalOf(keys),
        layout: {
          kind: 'raw',
          path: dataPath,
          offset,
          littleEndian,
          // one band alone is the same in every order, so a library needs no axes brought in place
          ...(isLibrary || interleave === 'bip' ? { storedShape: shape } : { storedShape, axisOrder: [...order] }),
          stamp,
        },
        warnings: [...warnings, ...meaningWarnings(metadata)],
      },
    ],
  };
}

/** Whether a header of ours lies beside; asking must never fail. */
function hasHeader(path: string): boolean {
  try {
    return headerBeside(path) !== null;
  } catch {
    return false;
  }
}

/** ENVI: a header of text beside a flat array in one of three orders. Either of the two files can be opened. */
export const enviReader: Reader = {
  id: 'envi',
  title: 'ENVI and ESRI raster (HDR + data)',
  extensions: ['hdr', 'bil', 'bip', 'bsq', 'img', 'flt', 'sli'],
  probe(head, path) {
    const text = latin1(head).replace(/^\u00ef\u00bb\u00bf/, '');
    if (isEnviText(text)) return 1;
    if (/\.hdr$/i.test(path) && isEsriText(text)) return 0.9;
    // raw numbers have no mark of their own: the header beside them says what they are
    return hasHeader(path) ? 0.6 : 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
