import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, zstdCompressSync } from 'node:zlib';
import type { Seed } from '../seeds.ts';
import { encodeElements, ramp, type BuiltType } from './elements.ts';
import { buildNpz } from './numpy.ts';

export type StoreFiles = Record<string, Uint8Array>;

/** JSON as Python writes it: other characters than those of ASCII are escaped. */
export const json = (value: unknown): Uint8Array =>
  Buffer.from(
    JSON.stringify(value).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

/** Blosc's container around one block in one stream; `flags` say how it was made (spec: README_CHUNK_FORMAT of c-blosc). */
export function bloscFrame(stream: Uint8Array, bytes: number, itemBytes: number, flags: number): Buffer {
  const head = Buffer.alloc(24);
  head.set([2, 1, flags, itemBytes]);
  head.writeUInt32LE(bytes, 4);
  head.writeUInt32LE(bytes, 8);
  head.writeUInt32LE(24 + stream.length, 12);
  head.writeUInt32LE(20, 16);
  head.writeInt32LE(stream.length, 20);
  return Buffer.concat([head, stream]);
}

/** Zstandard in Blosc, not split, not shuffled. */
export const bloscZstd = (bytes: Uint8Array, itemBytes: number): Buffer =>
  bloscFrame(zstdCompressSync(bytes), bytes.length, itemBytes, 0x90);

interface Array2 {
  shape: readonly number[];
  chunks: readonly number[];
  dtype?: BuiltType;
  /** NumPy's name of the type */
  name?: string;
  littleEndian?: boolean;
  data?: readonly number[];
  compressor?: Record<string, unknown> | null;
  pack?: (bytes: Uint8Array) => Uint8Array;
  separator?: '.' | '/';
  fill?: unknown;
  /** indices of chunks that are not written */
  missing?: readonly string[];
}

/** Calls with every index of a grid in C order. */
function eachIndex(grid: readonly number[], use: (index: number[]) => void): void {
  const walk = (index: number[]): void => {
    if (index.length === grid.length) return use(index);
    for (let i = 0; i < grid[index.length]!; i++) walk([...index, i]);
  };
  walk([]);
}

/** Values of the chunk at an index, whole also at the edge, where 0 stands beyond it. */
function chunkOf(
  shape: readonly number[],
  chunks: readonly number[],
  data: readonly number[],
  index: readonly number[],
): number[] {
  const values: number[] = [];
  eachIndex(chunks, (within) => {
    const at = within.map((i, axis) => index[axis]! * chunks[axis]! + i);
    const inside = at.every((i, axis) => i < shape[axis]!);
    values.push(inside ? data[at.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]! : 0);
  });
  return values;
}

const gridOf = (shape: readonly number[], chunks: readonly number[]): number[] =>
  shape.map((size, axis) => Math.ceil(size / chunks[axis]!));

/** An array of version 2 at a key. */
export function array2(key: string, options: Array2): StoreFiles {
  const { shape, chunks, dtype = 'uint16', littleEndian = true, separator = '.', compressor = null } = options;
  const files: StoreFiles = {};
  files[`${key}/.zarray`] = json({
    zarr_format: 2,
    shape,
    chunks,
    dtype: options.name ?? '<u2',
    compressor,
    fill_value: options.fill ?? 0,
    filters: null,
    order: 'C',
    dimension_separator: separator,
  });
  const data = options.data ?? ramp(shape, dtype);
  eachIndex(gridOf(shape, chunks), (index) => {
    const name = index.join(separator);
    if (options.missing?.includes(name)) return;
    const bytes = encodeElements(chunkOf(shape, chunks, data, index), dtype, littleEndian);
    files[`${key}/${name}`] = options.pack?.(bytes) ?? bytes;
  });
  return files;
}

const group2 = (key: string, attributes?: unknown): StoreFiles => ({
  [`${key}.zgroup`]: json({ zarr_format: 2 }),
  ...(attributes === undefined ? {} : { [`${key}.zattrs`]: json(attributes) }),
});

/**
 * HyperSpy's layout around an array `data` of two axes.
 * @param units of the energies: version 2 writes "_None_" for none, which version 1.7 cannot read
 */
export function buildZspy(data: StoreFiles, sizes: readonly [number, number], units = '_None_'): StoreFiles {
  const base = 'Experiments/core/';
  return {
    ...group2('', { file_format: 'ZSpy', file_format_version: '3.1' }),
    ...group2('Experiments/'),
    ...group2(base, { package: 'hyperspy', package_version: '1.7.3' }),
    ...group2(`${base}axis-0/`, {
      _type: 'UniformDataAxis',
      name: 'x',
      units: 'nm',
      scale: 0.5,
      offset: 1.5,
      size: sizes[0],
      navigate: true,
    }),
    ...group2(`${base}axis-1/`, {
      _type: 'UniformDataAxis',
      name: 'Energy',
      units,
      scale: 10,
      offset: 0,
      size: sizes[1],
      navigate: false,
    }),
    ...group2(`${base}metadata/`),
    ...group2(`${base}metadata/General/`, { title: 'Kern µ' }),
    ...group2(`${base}metadata/Signal/`, { signal_type: 'EELS', quantity: 'Intensity (counts)' }),
    ...group2(`${base}metadata/_list_2_mixed/`, { '0': 'a', '1': 2 }),
    ...array2(`${base}metadata/_tuple_pair`, { shape: [2], chunks: [2], dtype: 'int32', name: '<i4', data: [3, 4] }),
    [`${base}metadata/_list_elements/.zarray`]: json({
      zarr_format: 2,
      shape: [2],
      chunks: [2],
      dtype: '|O',
      compressor: null,
      fill_value: 0,
      order: 'C',
      filters: [{ id: 'json2' }],
    }),
    [`${base}metadata/_list_elements/0`]: json(['Fe', 'µ', '|O', [2]]),
    ...group2(`${base}original_metadata/`, { nothing: '_None_' }),
    ...data,
  };
}

interface Array3 {
  shape: readonly number[];
  chunks: readonly number[];
  dtype?: BuiltType;
  codecs?: readonly unknown[];
  pack?: (bytes: Uint8Array) => Uint8Array;
  names?: readonly (string | null)[];
  fill?: unknown;
}

/** An array of version 3 at a key, little-endian. */
export function array3(key: string, options: Array3): StoreFiles {
  const { shape, chunks, dtype = 'uint16', pack = (bytes) => bytes } = options;
  const base = key === '' ? '' : `${key}/`;
  const files: StoreFiles = {
    [`${base}zarr.json`]: json({
      zarr_format: 3,
      node_type: 'array',
      shape,
      data_type: dtype,
      chunk_grid: { name: 'regular', configuration: { chunk_shape: chunks } },
      chunk_key_encoding: { name: 'default' },
      codecs: options.codecs ?? [{ name: 'bytes', configuration: { endian: 'little' } }],
      fill_value: options.fill ?? 0,
      ...(options.names ? { dimension_names: options.names } : {}),
    }),
  };
  const data = ramp(shape, dtype);
  eachIndex(gridOf(shape, chunks), (index) => {
    files[`${base}c/${index.join('/')}`] = pack(encodeElements(chunkOf(shape, chunks, data, index), dtype, true));
  });
  return files;
}

/** A shard of one row of chunks, its table at the end without a checksum. */
export function shardOf(chunks: readonly (Uint8Array | null)[]): Buffer {
  const table = Buffer.alloc(16 * chunks.length, 0xff);
  let at = 0;
  chunks.forEach((chunk, i) => {
    if (chunk === null) return;
    table.writeBigUInt64LE(BigInt(at), 16 * i);
    table.writeBigUInt64LE(BigInt(chunk.length), 16 * i + 8);
    at += chunk.length;
  });
  return Buffer.concat([...chunks.filter((chunk) => chunk !== null), table]);
}

export const shardCodec = (chunks: readonly number[]): unknown => ({
  name: 'sharding_indexed',
  configuration: {
    chunk_shape: chunks,
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'zstd' }],
    index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
    index_location: 'end',
  },
});

export const zipStore = (files: StoreFiles, deflate = false): Buffer => buildNpz(files, deflate);

/** Writes a store as a folder. */
export function writeStore(folder: string, files: StoreFiles): string {
  for (const [key, bytes] of Object.entries(files)) {
    const path = join(folder, ...key.split('/'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

const zspyData = (options: Partial<Array2>): StoreFiles =>
  buildZspy(array2('Experiments/core/data', { shape: [5, 6], chunks: [2, 4], ...options }), [5, 6], 'eV');

const blosc = { id: 'blosc', cname: 'zstd', clevel: 1, shuffle: 0, blocksize: 0 };
const shards = array3('', { shape: [4, 6], chunks: [2, 6], codecs: [shardCodec([2, 3])] });
for (const name of ['c/0/0', 'c/1/0']) {
  const half = zstdCompressSync(Buffer.alloc(12, 1));
  shards[name] = shardOf([half, name === 'c/1/0' ? null : half]);
}

/** A store as a folder, so that damage gets behind the checksums of zips; the description of the array first. */
function folderOf(name: string, files: StoreFiles): Record<string, Uint8Array> {
  const isDescription = (key: string): number => (/data\/\.zarray$|^zarr\.json$/.test(key) ? 0 : 1);
  const keys = Object.keys(files).toSorted((a, b) => isDescription(a) - isDescription(b));
  return Object.fromEntries(keys.map((key) => [`${name}/${key}`, files[key]!]));
}

/** Zarr in zips and in folders, for the fuzz tests. */
export const zspySeeds: readonly Seed[] = [
  {
    name: 'zspy, folder with Blosc',
    files: folderOf('x.zspy', zspyData({ compressor: blosc, pack: (bytes) => bloscZstd(bytes, 2) })),
  },
  {
    name: 'zspy, folder with deflate',
    files: folderOf('x.zspy', zspyData({ compressor: { id: 'zlib' }, pack: (bytes) => deflateSync(bytes) })),
  },
  { name: 'zarr 3, folder with shards', files: folderOf('x.zarr', shards) },
  { name: 'zspy', files: { 'x.zspy': zipStore(zspyData({})) } },
  {
    name: 'zspy, Blosc',
    files: { 'x.zspy': zipStore(zspyData({ compressor: blosc, pack: (bytes) => bloscZstd(bytes, 2) })) },
  },
  {
    name: 'zspy, deflated',
    files: { 'x.zspy': zipStore(zspyData({ compressor: { id: 'zlib' }, pack: (bytes) => deflateSync(bytes) }), true) },
  },
  {
    name: 'zspy, big-endian',
    files: { 'x.zspy': zipStore(zspyData({ name: '>u2', littleEndian: false, separator: '/' })) },
  },
  {
    name: 'zarr 3',
    files: { 'x.zarr': zipStore(array3('', { shape: [3, 4, 5], chunks: [2, 4, 3], names: ['y', 'x', null] })) },
  },
  { name: 'zarr 3, shards', files: { 'x.zarr': zipStore(shards) } },
];
