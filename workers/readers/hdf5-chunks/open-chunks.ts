import type { Metadata as Hdf5Type } from 'h5wasm/node';
import { elementCount, type DType } from '../../model/dtype.ts';
import { corrupt, type FileBytes } from '../file-bytes.ts';
import { isLittleEndian, isPackedAs } from '../hdf5-layout.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { contiguousStrides } from '../permute.ts';
import { makeNative } from '../raw-pixels.ts';
import { readExtensibleArray, readFixedArray, readImplicitIndex } from './array-index.ts';
import { createTable, type TableBuilder } from './chunk-table.ts';
import { parseChunkedLayout, type ChunkedLayout } from './layout-message.ts';
import { releaseBytes, releaseSpare } from './memory.ts';
import {
  datasetMessages,
  hdf5Bytes,
  messageType,
  openBytes,
  undefinedAddress,
  type Hdf5Bytes,
} from './object-header.ts';
import { pipelineOf, type Filter } from './pipeline.ts';
import { isPlainType } from './plain-type.ts';
import { readTreeIndex } from './tree-index.ts';
import { readTree2Index } from './tree2-index.ts';

/** The chunks of a data set, read from the file and unpacked without the HDF5 library. */
export interface Chunks {
  /** elements of a chunk along every stored axis; those at the edges are as large and reach beyond the array */
  chunk: readonly number[];
  /**
   * A whole chunk in native byte order, in memory of its own; null when it was never written: it is all fill value.
   * @throws EigenscopeError `corrupt-file`, `truncated-file`
   */
  read(index: readonly number[]): Uint8Array | null;
  /**
   * Only for chunks that lie in the file as they are: a way to read any bytes of one into memory that is there, in native
   * order; null when it was never written.
   * @throws EigenscopeError `corrupt-file`, `truncated-file`
   */
  plain?(index: readonly number[]): ((from: number, target: Uint8Array) => void) | null;
  close(): void;
}

/** How the library tells that an axis may grow without end. */
const unlimited = 2 ** 64;
/** Chunks are unpacked whole: larger ones are not for this way. */
const largestChunk = 2 ** 30;
const harmlessChunk = 64 * 2 ** 20;
/** No filter packs data of any use tighter: a chunk that is larger than this many files was made up. */
const largestExpansion = 1100;
/** Packed bytes may be a little more than unpacked ones. */
const roomForOverhead = 2 ** 20;

function readIndex(
  bytes: Hdf5Bytes,
  layout: ChunkedLayout,
  table: TableBuilder,
  most: readonly (number | null)[],
  chunkBytes: number,
): boolean {
  const { index } = layout;
  switch (index.kind) {
    case 'tree':
      return readTreeIndex(bytes, layout, table);
    case 'tree-2':
      return readTree2Index(bytes, layout, table, chunkBytes);
    case 'fixed':
      return readFixedArray(bytes, layout, table, most, chunkBytes);
    case 'extensible':
      return readExtensibleArray(bytes, layout, table, most, chunkBytes);
    case 'implicit':
      return readImplicitIndex(layout, table, most, chunkBytes);
    case 'single': {
      if (layout.address === undefinedAddress) return true;
      const { bytes: stored, skipped } = index.stored ?? { bytes: chunkBytes, skipped: 0 };
      return table.put(
        layout.chunk.map(() => 0),
        layout.address,
        stored,
        skipped,
      );
    }
  }
}

/** The filters of a data set with their values. */
function filtersOf(file: Hdf5File, dataset: string): Filter[] {
  return file.module
    .get_dataset_filters(file.id, dataset)
    .map(({ id, cd_values }) => ({ id, values: Array.from(cd_values as Iterable<number>) }));
}

function open(file: Hdf5File, opened: FileBytes, dataset: string, type: Hdf5Type, dtype: DType): Chunks | null {
  const { shape, chunks, maxshape } = type;
  if (!shape || !chunks || shape.length === 0 || shape.includes(0) || type.virtual_sources) return null;
  if (!isPackedAs(type, dtype)) return null;
  const bytes = hdf5Bytes(opened, file.base);
  const messages = datasetMessages(file, dataset, bytes);
  const datatype = messages?.find((found) => found.type === messageType.datatype);
  const message = messages?.find((found) => found.type === messageType.layout);
  if (!datatype || !message || !isPlainType(datatype.data, datatype.flags)) return null;
  const layout = parseChunkedLayout(message.data);
  if (!layout || layout.itemBytes !== type.size || layout.chunk.join() !== chunks.join()) return null;
  const { chunk } = layout;
  const chunkBytes = elementCount(chunk) * layout.itemBytes;
  if (!(chunkBytes <= Math.min(largestChunk, Math.max(harmlessChunk, file.bytes * largestExpansion)))) return null;
  const filters = filtersOf(file, dataset);
  const unpack = pipelineOf(filters, chunkBytes);
  const table = unpack && createTable(shape, chunk, file.base, opened.size);
  const most = (maxshape ?? shape).map((size) => ((size as number | null) === null || size >= unlimited ? null : size));
  if (!unpack || !table || !readIndex(bytes, layout, table, most, chunkBytes)) return null;

  const { grid } = table;
  const strides = contiguousStrides(grid);
  const isEdge = (index: readonly number[]): boolean => index.some((i, axis) => (i + 1) * chunk[axis]! > shape[axis]!);
  const littleEndian = isLittleEndian(type);
  let packed = new Uint8Array(0);
  const placeOf = (index: readonly number[]) => table.find(index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0));
  const damagedAt = (index: readonly number[], what: string) =>
    corrupt(
      file.path,
      `the chunk [${index.join(', ')}] of ${dataset} cannot be unpacked (${what})`,
      'what was written was expected',
    );
  const plain = (index: readonly number[]) => {
    const place = placeOf(index);
    if (place === null) return null;
    if (place.bytes !== chunkBytes) throw damagedAt(index, `${place.bytes} bytes`);
    return (from: number, target: Uint8Array): void => {
      opened.readInto(target, place.offset + from);
      makeNative(target, dtype, { littleEndian });
    };
  };
  return {
    chunk,
    ...(filters.length === 0 ? { plain } : {}),
    read(index) {
      const place = placeOf(index);
      if (place === null) return null;
      const damaged = (what: string) => damagedAt(index, what);
      if (place.bytes > 2 * chunkBytes + roomForOverhead) throw damaged(`${place.bytes} bytes`);
      if (packed.length < place.bytes) packed = new Uint8Array(Math.ceil(1.2 * place.bytes));
      const stored = packed.subarray(0, place.bytes);
      opened.readInto(stored, place.offset);
      const isPlain = layout.plainEdges && isEdge(index);
      if (isPlain && stored.length !== chunkBytes) throw damaged(`${stored.length} bytes`);
      const unpacked = isPlain ? stored : unpack(stored, place.skipped);
      if (typeof unpacked === 'string') throw damaged(unpacked);
      // what no filter has moved is still in the buffer of the next chunk; words need their alignment
      const own =
        unpacked.buffer === packed.buffer || unpacked.byteOffset % 8 !== 0 ? new Uint8Array(unpacked) : unpacked;
      if (own !== unpacked && unpacked.buffer !== packed.buffer) releaseBytes(unpacked);
      makeNative(own, dtype, { littleEndian });
      return own;
    },
    close() {
      releaseBytes(packed);
      releaseSpare();
      opened.close();
    },
  };
}

/**
 * Opens the chunks of a data set for reading beside the library: where each lies, and how it is unpacked. Memory: 12
 * bytes for each chunk.
 * @returns null when the data set is unusual (other layouts, types that need a conversion, other files, filters that are
 *   not undone here, more than 4 million chunks, an index that does not hold together): the library has to read it
 */
export function openChunks(file: Hdf5File, dataset: string, type: Hdf5Type, dtype: DType): Chunks | null {
  const opened = openBytes(file);
  let chunks: Chunks | null = null;
  try {
    chunks = open(file, opened, dataset, type, dtype);
  } finally {
    if (chunks === null) opened.close();
  }
  return chunks;
}
