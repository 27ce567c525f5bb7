import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { undoBzip2 } from '../bzip2.ts';
import { filterTitle } from '../hdf5-filters.ts';
import { inOnePiece } from '../one-piece.ts';
import { parseBloscHeader, unpackBlosc } from '../zarr/blosc.ts';
import { unshuffle } from '../zarr/unshuffle.ts';
import { bitshuffleOptions, undoBitshuffle } from './bitshuffle.ts';
import { unpackLz4Chunk } from './block-streams.ts';
import { withoutFletcher32 } from './fletcher32.ts';
import { unpackLzf } from './lzf.ts';
import { releaseBytes, takeBytes } from './memory.ts';

/** A filter of a data set as the library describes it. */
export interface Filter {
  id: number;
  values: readonly number[];
}

/**
 * One filter undone.
 * @param limit most bytes that may come out: nothing larger is allocated, whatever the bytes say
 * @returns null when the bytes are damaged or would become more than that
 */
type Undo = (bytes: Uint8Array, limit: number) => Uint8Array | null;

/** Checksums between filters, and one byte more: an unpacker that stops at a full buffer asks for another. */
const room = 64;

const byStream =
  (unpack: typeof inflateSync, format: 'deflate' | 'zstd'): Undo =>
  (bytes, limit) => {
    try {
      return unpack(bytes, { maxOutputLength: limit, ...inOnePiece(limit, bytes.length, format) });
    } catch {
      return null;
    }
  };

function undoShuffle(itemBytes: number): Undo {
  return (bytes) => {
    if (itemBytes <= 1) return bytes;
    const to = takeBytes(bytes.length);
    unshuffle(bytes, to, itemBytes);
    return to;
  };
}

function undoBlosc(bytes: Uint8Array, limit: number): Uint8Array | null {
  const frame = parseBloscHeader(bytes);
  if (typeof frame === 'string' || frame.bytes > limit) return null;
  const to = takeBytes(frame.bytes);
  return unpackBlosc(bytes, to) ? to : null;
}

/** LZF does not tell how much comes out: the filter's third value does, else it is the whole chunk. */
function undoLzf(values: readonly number[], chunkBytes: number): Undo {
  const size = (values[2] ?? 0) > 0 ? values[2]! : chunkBytes;
  return (bytes, limit) => {
    if (size > limit) return null;
    const to = takeBytes(size);
    return unpackLzf(bytes, to) ? to : null;
  };
}

function undoOf({ id, values }: Filter, chunkBytes: number): Undo | null {
  switch (id) {
    case 1:
      return byStream(inflateSync, 'deflate');
    case 2:
      return (values[0] ?? 0) >= 1 ? undoShuffle(values[0]!) : null;
    case 3:
      return withoutFletcher32;
    case 307:
      return undoBzip2;
    case 32000:
      return undoLzf(values, chunkBytes);
    case 32001:
      return undoBlosc;
    case 32004:
      return unpackLz4Chunk;
    case 32008: {
      const options = bitshuffleOptions(values);
      return options && ((bytes, limit) => undoBitshuffle(bytes, options, limit));
    }
    case 32015:
      return byStream(zstdDecompressSync as typeof inflateSync, 'zstd');
    default:
      return null;
  }
}

/**
 * @param stored bytes of a chunk as they are in the file
 * @param skipped filters that were left out for it, one bit each
 * @returns the unpacked chunk; the name of the filter that failed when it is damaged
 */
export type Unpack = (stored: Uint8Array, skipped: number) => Uint8Array | string;

/** Undoes the filters of a data set, the last one first; null when one of them cannot be undone here. */
export function pipelineOf(filters: readonly Filter[], chunkBytes: number): Unpack | null {
  const steps = filters.map((filter) => ({ title: filterTitle(filter.id), undo: undoOf(filter, chunkBytes) }));
  if (steps.some(({ undo }) => undo === null)) return null;
  return (stored, skipped) => {
    let bytes = stored;
    for (let i = steps.length - 1; i >= 0; i--) {
      if ((skipped & (1 << i)) !== 0) continue;
      const next = steps[i]!.undo!(bytes, chunkBytes + room);
      if (next === null) return steps[i]!.title;
      if (next.buffer !== bytes.buffer && bytes.buffer !== stored.buffer) releaseBytes(bytes);
      bytes = next;
    }
    return bytes.length === chunkBytes ? bytes : (steps.at(-1)?.title ?? 'its size');
  };
}
