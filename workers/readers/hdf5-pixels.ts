import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Metadata as Hdf5Type } from 'h5wasm/node';
import { elementCount, itemSize, type DType } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import { elementType, typeClass } from './hdf5-dtype.ts';
import { explainHdf5Failure, missingFilter, unfoundChunks } from './hdf5-errors.ts';
import { chunkBoxes } from './chunk-boxes.ts';
import { createChunkCache } from './hdf5-chunks/chunk-parts.ts';
import { linkedPlace, openLinkedChunks } from './hdf5-chunks/linked-chunks.ts';
import { openChunks, type Chunks } from './hdf5-chunks/open-chunks.ts';
import { readPlainRuns } from './hdf5-chunks/plain-runs.ts';
import { firstMissingFilter, firstOutsideLibrary } from './hdf5-filters.ts';
import { openHdf5, type Hdf5File } from './hdf5-open.ts';
import { cacheFor, createTileCache, tileShape, type TilePart } from './hdf5-tiles.ts';
import { datasetFilters, describeDataset, largestExpansion } from './hdf5-values.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import type { PixelSource } from './pixel-source.ts';
import { checkBlock, readThrough } from './read-block.ts';

type Hdf5Layout = Extract<PixelLayout, { kind: 'hdf5' }>;

/** Arrays up to this size may be all fill value in a file of any size. */
const harmlessBytes = 64 * 2 ** 20;

/** Blocks smaller than this part of a tile are read by themselves. */
const fewInTile = 64;

/** Files a virtual data set takes its values from that are not there. */
export function missingSources(file: Hdf5File, type: Hdf5Type): string[] {
  const names = new Set((type.virtual_sources ?? []).map((source) => source.file_name));
  return [...names].filter(
    (name) => name !== '.' && !/%b/.test(name) && !existsSync(resolve(dirname(file.path), name)),
  );
}

/** Refuses data that cannot be what the header promised, before anybody asks for memory for them. */
export function checkDataset(file: Hdf5File, layout: Hdf5Layout, type: Hdf5Type, dtype: DType): void {
  const { path } = file;
  const doing = `the data set ${layout.dataset}`;
  const shape = type.shape ?? [];
  if (elementType(type) !== dtype || shape.join() !== layout.storedShape.join()) {
    throw new EigenscopeError('file-changed', `${path} was written again after it was opened here. Open it again.`, {
      path,
    });
  }
  const missing = firstMissingFilter(datasetFilters(file, layout.dataset));
  if (missing !== null) throw missingFilter(path, doing, missing);
  const absent = missingSources(file, type);
  if (absent.length > 0) {
    throw new EigenscopeError(
      'file-not-found',
      `${path}: ${doing} is put together from other files that are not there: ${absent.slice(0, 3).join(', ')}. Copy them beside it.`,
      { path, missing: absent.length },
    );
  }
  const bytes = elementCount(shape) * itemSize(dtype);
  if (type.virtual_sources || bytes <= Math.max(harmlessBytes, file.bytes * largestExpansion)) return;
  // what is linked to is in a file of another size
  const place = linkedPlace(file, layout.dataset);
  const held = place ? statSync(place.path).size : file.bytes;
  if (bytes > held * largestExpansion) {
    throw new EigenscopeError(
      'truncated-file',
      `${path}: ${doing} says it has ${bytes} bytes, but the file has ${held}: most of it was never written.`,
      { path, expected: bytes, found: held },
    );
  }
}

/** Moves the members of a compound with gaps together. */
function pack(bytes: Uint8Array, type: Hdf5Type, dtype: DType): Uint8Array {
  const size = itemSize(dtype);
  const members = type.compound_type?.members ?? [];
  if (type.type !== typeClass.compound || (type.size === size && members.every((m, i) => m.offset === i * m.size)))
    return bytes;
  const count = bytes.length / type.size;
  const packed = new Uint8Array(count * size);
  for (let i = 0, to = 0; i < count; i++) {
    for (const { offset, size: width } of members) {
      for (let b = 0; b < width; b++) packed[to++] = bytes[i * type.size + offset + b]!;
    }
  }
  return packed;
}

/** Reads one block of the stored array through the library into memory of its own, in native order and packed. */
function readBlock(
  file: Hdf5File,
  dataset: string,
  type: Hdf5Type,
  dtype: DType,
  start: readonly number[],
  count: readonly number[],
): Uint8Array {
  const { module } = file;
  const bytes = elementCount(count) * type.size;
  const pointer = module._malloc(Math.max(bytes, 8));
  if (pointer === 0) {
    throw new EigenscopeError('out-of-memory', `There is no memory for a block of ${bytes} bytes of ${file.path}.`, {
      bytes,
    });
  }
  try {
    const isScalar = count.length === 0;
    const status = module.get_dataset_data(
      file.id,
      dataset,
      isScalar ? null : count.map(BigInt),
      isScalar ? null : start.map(BigInt),
      isScalar ? null : count.map(() => 1n),
      BigInt(pointer),
    );
    if (status < 0) throw new Error('the library could not read the block');
    return pack(module.HEAPU8.slice(pointer, pointer + bytes), type, dtype);
  } catch (thrown) {
    throw explainHdf5Failure(file.path, `the data set ${dataset}`, thrown);
  } finally {
    module._free(pointer);
  }
}

/** Filters that the library does not have need chunks that we can find ourselves, here or in a file that is linked to. */
async function chunksOf(
  file: Hdf5File,
  { dataset, storedShape }: Hdf5Layout,
  type: Hdf5Type,
  dtype: DType,
): Promise<Chunks | null> {
  const chunks = openChunks(file, dataset, type, dtype);
  const outside = chunks ? null : firstOutsideLibrary(datasetFilters(file, dataset));
  if (outside === null) return chunks;
  const linked = await openLinkedChunks(file, dataset, storedShape, dtype);
  if (linked === null) throw unfoundChunks(file.path, `the data set ${dataset}`, outside);
  return linked;
}

/** The stored axis of every axis of the signal; stored axes of size 1 may be left out. */
function storedAxes(layout: Hdf5Layout, signal: Pick<SignalHeader, 'shape'>): readonly number[] {
  return layout.axisOrder ?? signal.shape.map((_, axis) => axis);
}

/**
 * Opens the pixels of a signal in an HDF5 file. Chunks are found and unpacked here where that is possible; otherwise the
 * library reads tiles of whole chunks. Both are kept while they are needed, so that each chunk is unpacked once when the
 * array is read from front to back.
 * @param cacheBytes room for tiles when all of the array will be read, small block after small block; without it blocks
 *   much smaller than a tile are read by themselves
 * @throws EigenscopeError `file-changed`, `truncated-file` (more declared than the file can hold), `corrupt-file`,
 * `unsupported-format` (missing filter), `file-not-found` (also sources of virtual data sets)
 */
export async function openHdf5Pixels(
  layout: Hdf5Layout,
  signal: Pick<SignalHeader, 'shape' | 'dtype'>,
  cacheBytes?: number,
): Promise<PixelSource> {
  const { dtype } = signal;
  const file = await openHdf5(layout.path, layout.stamp);
  let chunks: Chunks | null = null;
  try {
    checkStamp(layout);
    const type = describeDataset(file, layout.dataset);
    checkDataset(file, layout, type, dtype);
    const stored = layout.storedShape;
    const size = itemSize(dtype);
    const order = storedAxes(layout, signal);
    // a cache for streaming holds some tiles of one band, so that a run of rows does not unpack what lies far from it
    const grown = cacheBytes === undefined ? undefined : Math.min(4 * 2 ** 20, cacheBytes / 4);
    const tile = tileShape(stored, type.chunks, size, grown);
    const slowest = order[0] ?? 0;
    const band = Math.min(tile.chunk[slowest] ?? 1, stored[slowest] ?? 1);
    const bandBytes = (elementCount(stored) / Math.max(1, stored[slowest] ?? 1)) * band * size;
    const read = (start: readonly number[], count: readonly number[]) =>
      readBlock(file, layout.dataset, type, dtype, start, count);
    chunks = await chunksOf(file, layout, type, dtype);
    const readFill = (at: readonly number[]): Uint8Array =>
      read(
        at,
        at.map(() => 1),
      );
    const cache = chunks
      ? createChunkCache(stored, chunks, size, cacheBytes ?? cacheFor(bandBytes), readFill)
      : createTileCache(stored, tile.tile, bandBytes, read, cacheBytes);

    const wholeBlock = (start: readonly number[], count: readonly number[]) => ({
      start,
      count,
      bytes: readBlock(file, layout.dataset, type, dtype, start, count),
      strides: contiguousStrides(count),
      offset: 0,
    });

    const place = (
      target: Uint8Array,
      targetStrides: readonly number[],
      first: number,
      start: readonly number[],
      count: readonly number[],
    ): void => {
      checkBlock(signal, start, count);
      if (count.includes(0)) return;
      const from = new Array<number>(stored.length).fill(0);
      const extent = new Array<number>(stored.length).fill(1);
      const strides = new Array<number>(stored.length).fill(0);
      order.forEach((axis, i) => {
        from[axis] = start[i]!;
        extent[axis] = count[i]!;
        strides[axis] = targetStrides[i]!;
      });
      // A spectrum here and there: unpacking a whole tile for it would cost more than it saves.
      const isSmall = !chunks && cacheBytes === undefined && elementCount(extent) * fewInTile < elementCount(tile.tile);
      const placeOf = (at: readonly number[]): number =>
        at.reduce((sum, i, axis) => sum + (i - from[axis]!) * strides[axis]!, first);
      const copyParts = (parts: Iterable<TilePart>): void => {
        for (const part of parts) {
          const to = { bytes: target, strides, offset: placeOf(part.start) };
          copyStrided(size, part.count, part, to);
        }
      };
      if (!chunks?.plain) return copyParts(isSmall ? [wholeBlock(from, extent)] : cache.parts(from, extent));
      for (const box of chunkBoxes(chunks.chunk, from, extent)) {
        const isRead = readPlainRuns(chunks, box, size, target, strides, placeOf(box.start));
        if (!isRead) copyParts(cache.parts(box.start, box.count));
      }
    };
    const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void =>
      place(target, contiguousStrides(count), 0, start, count);

    return {
      band,
      ...(chunks ? { place, chunk: order.map((axis) => chunks!.chunk[axis]!) } : {}),
      readInto,
      read: readThrough(signal, readInto),
      close() {
        cache.clear();
        chunks?.close();
        file.close();
      },
    };
  } catch (thrown) {
    chunks?.close();
    file.close();
    throw thrown;
  }
}

/** Pixels are never read from a file that was written again since its header was read. */
function checkStamp(layout: Hdf5Layout): void {
  if (!layout.stamp) return;
  const { size, mtimeMs } = statSync(layout.path);
  if (size === layout.stamp.size && mtimeMs === layout.stamp.mtimeMs) return;
  throw new EigenscopeError(
    'file-changed',
    `${layout.path} was written again after it was opened here. Open it again to see what is in it now.`,
    { path: layout.path, sizeThen: layout.stamp.size, sizeNow: size },
  );
}
