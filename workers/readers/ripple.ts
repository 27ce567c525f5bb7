import { basename, parse } from 'node:path';
import type { Axis } from '../model/axes.ts';
import type { DType } from '../model/dtype.ts';
import { isColour, isDType } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader, Metadata, MetadataValue } from '../model/signal.ts';
import { checkedBytes } from './array-size.ts';
import { companion } from './companion.ts';
import { corrupt, decodeText, latin1, openFile, withFile } from './file-bytes.ts';
import { calibrateByHints } from './hints.ts';
import type { Reader, ReadHints } from './reader.ts';

/** A header is a page of text; more is not one. */
const longestHeader = 256 * 1024;

type Keys = ReadonlyMap<string, string>;

/** Pairs of a ripple header, keys in lower case. */
export function parseRipple(text: string): Keys {
  const keys = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const told = line.split(';', 1)[0]!.trim();
    const [key, value = ''] = told.split(/[\t ]+(.*)/s, 2) as [string, string?];
    if (key !== '' && key.toLowerCase() !== 'key') keys.set(key.toLowerCase(), value.trim());
  }
  return keys;
}

const required = (keys: Keys, key: string, path: string): string => {
  const value = keys.get(key);
  if (value !== undefined && value !== '') return value;
  throw corrupt(path, `its header does not give “${key}”`, 'every ripple header gives it');
};

function wholeNumber(keys: Keys, key: string, path: string): number {
  const text = required(keys, key, path);
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw corrupt(path, `its header gives “${key}” as “${text.slice(0, 40)}”`, 'a whole number was expected');
}

function oneOf<T extends string>(keys: Keys, key: string, options: readonly T[], path: string): T {
  const text = required(keys, key, path).toLowerCase();
  const found = options.find((option) => option === text);
  if (found !== undefined) return found;
  throw corrupt(path, `its header gives “${key}” as “${text.slice(0, 40)}”`, `${options.join(', ')} were expected`);
}

function elementType(keys: Keys, path: string): DType {
  const length = wholeNumber(keys, 'data-length', path);
  const kind = required(keys, 'data-type', path).toLowerCase();
  if (isDType(kind) && isColour(kind)) return kind;
  const name = { signed: 'int', unsigned: 'uint', float: 'float' }[kind];
  const dtype = `${name}${8 * length}`;
  if (name !== undefined && isDType(dtype)) return dtype;
  throw corrupt(
    path,
    `its header describes elements as “${kind.slice(0, 40)}” of ${length} bytes`,
    'signed, unsigned or float of 1, 2, 4 or 8 bytes were expected',
  );
}

const numberOf = (keys: Keys, key: string): number | null => {
  const text = keys.get(key) ?? '';
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? null : value;
};

function axisOf(keys: Keys, side: 'width' | 'height' | 'depth', size: number, navigate: boolean): Axis {
  const defaults = { width: 'x', height: 'y', depth: navigate ? 'z' : 'channel' };
  const told = numberOf(keys, `${side}-scale`);
  const perChannel = side === 'depth' && told === null && !navigate ? numberOf(keys, 'ev-per-chan') : null;
  return {
    name: keys.get(`${side}-name`) || (perChannel === null ? defaults[side] : 'Energy'),
    units: keys.get(`${side}-units`) || (perChannel === null ? null : 'eV'),
    size,
    navigate,
    scale: told || perChannel || 1,
    // origins are in units here, not in pixels
    offset: numberOf(keys, `${side}-origin`) ?? 0,
  };
}

/** Axes in the order of the file; those of size 1 are left out. */
function axesOf(keys: Keys, path: string): Axis[] {
  const [width, height, depth] = (['width', 'height', 'depth'] as const).map((key) => wholeNumber(keys, key, path)) as [
    number,
    number,
    number,
  ];
  let order = oneOf(keys, 'record-by', ['vector', 'image', 'dont-care'], path);
  if (order === 'dont-care' && depth > 1) {
    if (width * height > 1) {
      throw corrupt(
        path,
        `its header gives a depth of ${depth} but “record-by” as dont-care`,
        'vector (spectra) or image (a stack of images) was expected',
      );
    }
    order = 'vector';
  }
  const all =
    order === 'vector'
      ? [axisOf(keys, 'height', height, true), axisOf(keys, 'width', width, true), axisOf(keys, 'depth', depth, false)]
      : [
          axisOf(keys, 'depth', depth, true),
          axisOf(keys, 'height', height, false),
          axisOf(keys, 'width', width, false),
        ];
  const kept = all.filter((axis) => axis.size !== 1);
  return kept.length > 0 ? kept : all.slice(-1);
}

/** The header's pairs under HyperSpy's names; numbers that are missing are left out. */
function metadataOf(keys: Keys, fileName: string, signalType: string): Metadata {
  const numbers = (pairs: Readonly<Record<string, string>>): Metadata =>
    Object.fromEntries(
      Object.entries(pairs)
        .map(([name, key]): [string, MetadataValue] => [name, numberOf(keys, key)])
        .filter(([, value]) => value !== null),
    );
  const text = (key: string): Metadata => (keys.get(key) ? { [key]: keys.get(key)! } : {});
  const eds = numbers({
    azimuth_angle: 'azimuth-angle',
    elevation_angle: 'elevation-angle',
    energy_resolution_MnKa: 'detector-peak-width-ev',
    live_time: 'live-time',
  });
  const eels = numbers({ collection_angle: 'collection-angle' });
  const detector: Metadata = {
    ...(Object.keys(eds).length > 0 ? { EDS: eds } : {}),
    ...(Object.keys(eels).length > 0 ? { EELS: eels } : {}),
  };
  const stage = numbers({ tilt_alpha: 'tilt-stage' });
  const instrument: Metadata = {
    ...numbers({ beam_energy: 'beam-energy', convergence_angle: 'convergence-angle' }),
    ...(Object.keys(stage).length > 0 ? { Stage: stage } : {}),
    ...(Object.keys(detector).length > 0 ? { Detector: detector } : {}),
  };
  return {
    General: { original_filename: fileName, ...text('title'), ...text('date'), ...text('time') },
    Signal: { signal_type: signalType },
    ...(Object.keys(instrument).length > 0
      ? { Acquisition_instrument: { [signalType === 'EDS_SEM' ? 'SEM' : 'TEM']: instrument } }
      : {}),
  };
}

const dataExtensions = ['raw', 'bin', 'dat', ''];

function headerText(path: string): string {
  return withFile(path, (file) => {
    if (file.size > longestHeader) {
      throw corrupt(path, `it has ${file.size} bytes`, 'a page of text with the size of the data was expected');
    }
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return decodeText(bytes);
  });
}

function findPair(path: string): { header: string; data: string } {
  const isHeader = /\.rpl$/i.test(path);
  const other = companion(path, isHeader ? dataExtensions : ['rpl']);
  if (other !== null) return isHeader ? { header: path, data: other } : { header: other, data: path };
  const { name, base } = parse(path);
  throw isHeader
    ? new EigenscopeError(
        'file-not-found',
        `${base} describes data that are not beside it: ${name}.raw is missing. Put both files into one folder.`,
        { path },
      )
    : new EigenscopeError(
        'unsupported-format',
        `${base} is a raw array, and ${name}.rpl, which would tell its size, is not beside it. Put both files into one folder, or save the array as .npy.`,
        { path },
      );
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const pair = findPair(path);
  const keys = parseRipple(headerText(pair.header));
  const axes = axesOf(keys, pair.header);
  const dtype = elementType(keys, pair.header);
  const offset = wholeNumber(keys, 'offset', pair.header);
  const order = oneOf(keys, 'byte-order', ['big-endian', 'little-endian', 'dont-care'], pair.header);
  const shape = axes.map((axis) => axis.size);
  const needed = offset + checkedBytes(pair.header, shape, dtype);
  const data = openFile(pair.data);
  const stamp = data.stamp();
  data.close();
  if (stamp.size < needed) {
    throw new EigenscopeError(
      'truncated-file',
      `${data.name} has ${stamp.size} bytes; ${basename(pair.header)} promises ${needed} (${shape.join(' × ')} of ${dtype} after ${offset} bytes). It may still be copying, or the two files do not belong together.`,
      { path: pair.data, expected: needed, found: stamp.size },
    );
  }
  const title = keys.get('title') || parse(pair.header).name;
  const signalType = keys.get('signal') ?? '';
  return {
    format: 'ripple',
    signals: [
      {
        title,
        signalType,
        shape,
        dtype,
        axes: calibrateByHints(basename(pair.header), axes, hints),
        quantity: { name: 'Intensity', units: null },
        metadata: metadataOf(keys, basename(pair.header), signalType),
        originalMetadata: Object.fromEntries(keys),
        layout: {
          kind: 'raw',
          path: pair.data,
          offset,
          littleEndian: order !== 'big-endian',
          storedShape: shape,
          stamp,
        },
        warnings: [],
      },
    ],
  };
}

/** Lispix/NIST ripple: a header of text beside a flat array. Either of the two can be opened. */
export const rippleReader: Reader = {
  id: 'ripple',
  title: 'Ripple (RPL + RAW)',
  extensions: ['rpl', 'raw'],
  probe(head, path) {
    const text = latin1(head).toLowerCase();
    const keys = ['width', 'height', 'depth', 'record-by', 'data-length'].filter((key) => text.includes(key));
    const named = /\.rpl$/i.test(path);
    return keys.length >= 4 ? (named ? 1 : 0.7) : named && keys.length > 0 ? 0.4 : 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
