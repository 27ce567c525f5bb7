import { crc32, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { DType } from '../../model/dtype.ts';
import { itemSize } from '../../model/dtype.ts';
import { undoBzip2 } from '../bzip2.ts';
import { elementsOver } from '../elements.ts';
import { freeBytes } from '../free-bytes.ts';
import { inOnePiece } from '../one-piece.ts';
import { makeNative } from '../raw-pixels.ts';
import { parseBloscHeader, unpackBlosc } from './blosc.ts';
import { crc32c } from './crc32c.ts';
import { unpackLz4 } from './lz4.ts';
import { unshuffle } from './unshuffle.ts';

/** One step back from what is stored to what was stored. */
export interface Decoder {
  name: string;
  /**
   * @param limit most bytes that may come out: nothing larger is allocated, whatever the bytes say
   * @returns null when the bytes are damaged or would become more than that
   */
  undo(bytes: Uint8Array, limit: number): Uint8Array | null;
}

type Configuration = Readonly<Record<string, unknown>>;

const littleUint32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;

const byStream =
  (unpack: typeof inflateSync, format: 'deflate' | 'zstd' = 'deflate'): Decoder['undo'] =>
  (bytes, limit) => {
    try {
      return unpack(bytes, { maxOutputLength: Math.max(1, limit), ...inOnePiece(limit, bytes.length, format) });
    } catch {
      return null;
    }
  };

function undoBlosc(bytes: Uint8Array, limit: number): Uint8Array | null {
  const frame = parseBloscHeader(bytes);
  if (typeof frame === 'string' || frame.bytes > limit) return null;
  const to = new Uint8Array(frame.bytes);
  return unpackBlosc(bytes, to) ? to : null;
}

/** numcodecs puts the unpacked size in front of an LZ4 block. */
function undoLz4(bytes: Uint8Array, limit: number): Uint8Array | null {
  if (bytes.length < 4) return null;
  const size = littleUint32(bytes, 0);
  // one byte of LZ4 stands for 255 at most
  if (size > limit || size > 255 * bytes.length) return null;
  const to = new Uint8Array(size);
  return unpackLz4(bytes.subarray(4), to) ? to : null;
}

function undoShuffle(itemBytes: number): Decoder['undo'] {
  return (bytes, limit) => {
    if (bytes.length > limit) return null;
    const to = new Uint8Array(bytes.length);
    unshuffle(bytes, to, itemBytes);
    return to;
  };
}

/** Differences become values again by a running sum, in the arithmetic of the type. */
function undoDelta(dtype: DType, littleEndian: boolean): Decoder['undo'] {
  return (bytes, limit) => {
    const size = itemSize(dtype);
    if (bytes.length > limit || bytes.length % size !== 0) return null;
    // a copy with memory of its own, also of a Buffer
    const sums = new Uint8Array(bytes);
    makeNative(sums, dtype, { littleEndian });
    const values = elementsOver(sums.buffer, 0, sums.length / size, dtype);
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
      for (let i = 1; i < values.length; i++) values[i] = values[i]! + values[i - 1]!;
    } else {
      for (let i = 1; i < values.length; i++) values[i] = values[i]! + values[i - 1]!;
    }
    makeNative(sums, dtype, { littleEndian });
    return sums;
  };
}

const plainDelta = (dtype: DType): boolean => /^(?:u?int|float(?:32|64))/.test(dtype);

/**
 * The step that undoes a codec, by its name in either version of the format (numcodecs or Zarr's own).
 * @param type of the elements that the codec works on, where it needs one
 * @returns null for codecs that cannot be undone here
 */
export function decoderOf(
  id: string,
  configuration: Configuration,
  type: { dtype: DType; littleEndian: boolean; name: unknown } | null,
): Decoder | null {
  const name = id.replace(/^numcodecs\./, '');
  switch (name) {
    case 'blosc':
      return { name, undo: undoBlosc };
    case 'zstd':
      return { name, undo: byStream(zstdDecompressSync as typeof inflateSync, 'zstd') };
    case 'zlib':
      return { name, undo: byStream(inflateSync) };
    case 'gzip':
      return { name, undo: byStream(gunzipSync) };
    case 'bz2':
      return { name, undo: undoBzip2 };
    case 'lz4':
      return { name, undo: undoLz4 };
    case 'shuffle': {
      const itemBytes = configuration['elementsize'] ?? 4;
      const good = Number.isSafeInteger(itemBytes) && (itemBytes as number) >= 1 && (itemBytes as number) <= 256;
      return good ? { name, undo: undoShuffle(itemBytes as number) } : null;
    }
    case 'delta': {
      const { dtype = type?.name, astype = dtype } = configuration;
      const same = dtype === type?.name && astype === dtype;
      return type && same && plainDelta(type.dtype) ? { name, undo: undoDelta(type.dtype, type.littleEndian) } : null;
    }
    // what was rounded stays rounded
    case 'bitround':
      return { name, undo: (bytes, limit) => (bytes.length <= limit ? bytes : null) };
    case 'crc32':
      return {
        name,
        undo: (bytes) =>
          bytes.length >= 4 && crc32(bytes.subarray(4)) === littleUint32(bytes, 0) ? bytes.subarray(4) : null,
      };
    case 'crc32c':
      return {
        name,
        undo: (bytes) => {
          const end = bytes.length - 4;
          if (end < 0 || crc32c(bytes.subarray(0, end)) !== littleUint32(bytes, end)) return null;
          return bytes.subarray(0, end);
        },
      };
    default:
      return null;
  }
}

/** Checksums that may lie around the bytes of a chunk between two steps. */
const roomForChecksums = 64;

/**
 * Undoes all steps of an encoded chunk.
 * @param encoded is given up: its memory is freed as soon as a step has made something else of it
 * @param expected bytes that the chunk has in the end; null for values of variable length, which are bounded by `limit`
 * @returns the name of the step that failed when the bytes are damaged
 */
export function decodeBytes(
  decoders: readonly Decoder[],
  encoded: Uint8Array,
  expected: number | null,
  limit = expected ?? 0,
): Uint8Array | string {
  let bytes = encoded;
  for (const decoder of decoders) {
    const next = decoder.undo(bytes, limit + roomForChecksums);
    if (next === null) return decoder.name;
    if (next.buffer !== bytes.buffer) freeBytes(bytes);
    bytes = next;
  }
  if (expected !== null && bytes.length !== expected) return decoders.at(-1)?.name ?? 'its length';
  return bytes;
}
