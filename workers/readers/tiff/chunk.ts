import { constants, inflateSync, zstdDecompressSync } from 'node:zlib';
import { basename } from 'node:path';
import { itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { inOnePiece } from '../one-piece.ts';
import { makeNative } from '../raw-pixels.ts';
import type { TiffFile } from './ifd.ts';
import { entryBytes } from './ifd.ts';
import { decodeJpeg } from './jpeg.ts';
import { decodeLzw } from './lzw.ts';
import { decodePackBits } from './pack-bits.ts';
import type { Page } from './page.ts';
import { isTiledPage, storedRowBytes, storedRows } from './page.ts';
import { undoDifferences, undoFloatPlanes } from './predictor.ts';
import { photometric, tags } from './tags.ts';
import { reverseBits, unpackBits } from './unpack-bits.ts';

/** Numbers of a strip or tile: rows of `chunkWidth` pixels of `samples` numbers, in native byte order. */
export interface Chunk {
  bytes: Uint8Array;
  rows: number;
  samples: number;
}

const isWholeBytes = (bits: number): boolean => bits >= 8 && bits !== 24 && (bits & (bits - 1)) === 0;

/** Whether rows of a chunk can be read without the others. */
export const readsByRow = (page: Page): boolean =>
  page.compression === 1 && isWholeBytes(page.bits) && !page.reversedBits;

const damaged = (tiff: TiffFile, index: number, cause?: unknown): EigenscopeError => {
  const error = corrupt(
    tiff.file.path,
    `strip or tile ${index} of a page cannot be unpacked`,
    'whole data were expected',
  );
  return new EigenscopeError(error.code, error.message, error.details, cause);
};

function unpack(tiff: TiffFile, page: Page, index: number, source: Uint8Array, length: number): Uint8Array {
  const most = storedRowBytes(page) * page.chunkHeight;
  const own = (decode: (source: Uint8Array, target: Uint8Array) => number): Uint8Array => {
    const target = new Uint8Array(length);
    if (decode(source, target) < length) throw damaged(tiff, index);
    return target;
  };
  const library = (decode: () => Uint8Array): Uint8Array => {
    let bytes: Uint8Array;
    try {
      bytes = decode();
    } catch (cause) {
      throw damaged(tiff, index, cause);
    }
    if (bytes.length < length) throw damaged(tiff, index);
    // typed views of the numbers need an aligned beginning
    return bytes.byteOffset % 16 === 0 ? bytes.subarray(0, length) : new Uint8Array(bytes.subarray(0, length));
  };
  switch (page.compression) {
    case 5:
      return own(decodeLzw);
    case 32773:
      return own(decodePackBits);
    case 50000:
      if (typeof zstdDecompressSync !== 'function') {
        throw new EigenscopeError(
          'unsupported-format',
          `${basename(tiff.file.path)} is Zstandard compressed, which this build cannot unpack. Save it again with LZW or deflate compression.`,
        );
      }
      return library(() =>
        zstdDecompressSync(source, {
          maxOutputLength: Math.max(most, 1),
          ...inOnePiece(length, source.length, 'zstd'),
        }),
      );
    default:
      return library(() =>
        inflateSync(source, {
          maxOutputLength: Math.max(most, 1),
          ...inOnePiece(length, source.length),
          finishFlush: constants.Z_SYNC_FLUSH,
        }),
      );
  }
}

function unpackJpeg(tiff: TiffFile, page: Page, index: number, source: Uint8Array, rows: number): Uint8Array {
  const tables = page.directory.entries.get(tags.jpegTables);
  const samples = page.planar ? 1 : page.samples;
  return decodeJpeg(tiff.file.path, source, {
    ...(tables === undefined ? {} : { tables: entryBytes(tiff, tables, 2 ** 20) }),
    width: page.chunkWidth,
    height: rows,
    components: samples,
    // the tags say what the samples are; the stream itself need not
    toRgb: page.photometric === photometric.yCbCr && samples === 3,
    index,
  });
}

/**
 * Reads and unpacks a strip or tile.
 * @param index its number in the lists of the page
 * @param scratch memory for packed bytes that fit there
 * @returns numbers in memory of their own
 * @throws EigenscopeError `corrupt-file` when it cannot be unpacked, `truncated-file`
 */
export function readChunk(tiff: TiffFile, page: Page, index: number, scratch: Uint8Array): Chunk {
  const samples = page.planar ? 1 : page.samples;
  const perRow = page.chunkWidth * samples;
  const rows = storedRows(page, isTiledPage(page), Math.floor(index / page.across) % page.down);
  const length = storedRowBytes(page) * rows;
  const numberBytes = itemSize(page.dtype);
  const stored = page.lengths[index]!;
  if (stored === 0) return { bytes: new Uint8Array(perRow * rows * numberBytes), rows, samples };
  const isPacked = page.compression !== 1 || !isWholeBytes(page.bits);
  const source = isPacked && stored <= scratch.length ? scratch.subarray(0, stored) : new Uint8Array(stored);
  tiff.file.readInto(source, page.offsets[index]!);
  /** The step after `before`, whose memory is not needed any more. */
  const next = (before: Uint8Array, after: Uint8Array): Uint8Array => {
    if (after.buffer !== before.buffer && before.buffer !== scratch.buffer) freeBytes(before);
    return after;
  };
  if (page.compression === 7) {
    return { bytes: next(source, unpackJpeg(tiff, page, index, source, rows)), rows, samples };
  }
  if (page.reversedBits) reverseBits(source);
  let bytes: Uint8Array = page.compression === 1 ? source : next(source, unpack(tiff, page, index, source, length));
  if (!isWholeBytes(page.bits)) {
    const unpacked = unpackBits(bytes, page.bits, perRow, rows, numberBytes, tiff.littleEndian);
    return { bytes: next(bytes, unpacked), rows, samples };
  }
  if (page.predictor === 3) bytes = next(bytes, undoFloatPlanes(bytes, numberBytes, perRow, samples));
  else makeNative(bytes, page.dtype, tiff);
  if (page.predictor === 2) undoDifferences(bytes, numberBytes, perRow, samples);
  return { bytes, rows, samples };
}

/**
 * Reads rows [first, first + count) of an uncompressed strip or tile; see `readsByRow`. The bytes are those of `scratch`
 * when they fit: good until the next call.
 */
export function readChunkRows(
  tiff: TiffFile,
  page: Page,
  index: number,
  first: number,
  count: number,
  scratch: Uint8Array,
): Chunk {
  const length = storedRowBytes(page) * count;
  const bytes = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length);
  if (page.lengths[index]! > 0) {
    tiff.file.readInto(bytes, page.offsets[index]! + first * storedRowBytes(page));
    makeNative(bytes, page.dtype, tiff);
  } else bytes.fill(0);
  return { bytes, rows: count, samples: page.planar ? 1 : page.samples };
}
