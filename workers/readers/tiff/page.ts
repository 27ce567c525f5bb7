import type { DType } from '../../model/dtype.ts';
import { isComplex, itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { basename } from 'node:path';
import { corrupt, truncated } from '../file-bytes.ts';
import { compressedPage, isReadable, largestRatio } from './compression.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { entryNumbers, numberAt } from './ifd.ts';
import { photometric, tags } from './tags.ts';

/** One picture of a TIFF file: what its numbers are and in which strips or tiles (chunks) they lie. */
export interface Page {
  directory: Directory;
  width: number;
  height: number;
  /** numbers per pixel */
  samples: number;
  /** bits of a number as it is stored; `dtype` is what it is read as */
  bits: number;
  dtype: DType;
  /** each sample has chunks of its own, all of the first sample first */
  planar: boolean;
  photometric: number;
  /** the samples after the first ones of a colour are opacity */
  hasAlpha: boolean;
  compression: number;
  predictor: number;
  /** bits of a byte are stored lowest first */
  reversedBits: boolean;
  chunkWidth: number;
  chunkHeight: number;
  across: number;
  down: number;
  /** byte positions and lengths of all chunks */
  offsets: readonly number[];
  lengths: readonly number[];
}

const isCount = (value: number | undefined, most = 2 ** 31): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= most;

const refuse = (tiff: TiffFile, found: string, advice: string): EigenscopeError =>
  new EigenscopeError(
    'unsupported-format',
    `${basename(tiff.file.path)} holds ${found}, which cannot be read. ${advice}`,
    { path: tiff.file.path },
  );

const saveAgain = 'Save it again uncompressed, or with LZW or deflate compression.';

/** Type of numbers by how many bits they have and what SampleFormat says of them; null for what no machine computes with. */
function dtypeOf(bits: number, format: number): DType | null {
  if (format === 3) return bits === 16 ? 'float16' : bits === 32 ? 'float32' : bits === 64 ? 'float64' : null;
  if (format === 6) return bits === 64 ? 'complex64' : bits === 128 ? 'complex128' : null;
  if (format === 2) {
    return bits === 8 ? 'int8' : bits === 16 ? 'int16' : bits === 32 ? 'int32' : bits === 64 ? 'int64' : null;
  }
  if (format !== 1 && format !== 4) return null;
  if (bits === 1) return 'bool';
  if (bits <= 8) return 'uint8';
  if (bits <= 16) return 'uint16';
  if (bits <= 32) return 'uint32';
  return bits === 64 ? 'uint64' : null;
}

const formatNames = ['', 'whole', 'signed', 'floating', 'untyped', 'complex whole', 'complex'];

function typeOf(tiff: TiffFile, directory: Directory, samples: number): { bits: number; dtype: DType } {
  const all = (tag: number, otherwise: number): number[] => {
    const entry = directory.entries.get(tag);
    return entry === undefined ? [otherwise] : entryNumbers(tiff, entry, samples);
  };
  const depths = all(tags.bitsPerSample, 1);
  const formats = all(tags.sampleFormat, 1);
  const [bits = 1] = depths;
  const [format = 1] = formats;
  if (depths.some((other) => other !== bits) || formats.some((other) => other !== format)) {
    throw refuse(tiff, `samples of different types (${depths.slice(0, 8).join(', ')} bits)`, 'Save them as one type.');
  }
  const dtype = bits >= 1 ? dtypeOf(bits, format) : null;
  if (dtype === null) {
    throw refuse(
      tiff,
      `${formatNames[format] ?? 'unknown'} numbers of ${bits} bits`,
      'Save it as 8, 16 or 32-bit integers or as 32 or 64-bit floats.',
    );
  }
  return { bits, dtype };
}

/** Bytes of a row of a chunk as it is stored: rows begin on a byte. */
export const storedRowBytes = (page: Page): number =>
  Math.ceil((page.chunkWidth * (page.planar ? 1 : page.samples) * page.bits) / 8);

/** Rows of a chunk that are stored: the last strip may be shorter, tiles never are. */
export const storedRows = (page: Page, isTiled: boolean, row: number): number =>
  isTiled ? page.chunkHeight : Math.min(page.chunkHeight, page.height - row * page.chunkHeight);

export const isTiledPage = (page: Page): boolean => page.directory.entries.has(tags.tileWidth);

/** Bytes of the whole picture as it is read. */
export const pageBytes = (page: Page): number => page.width * page.height * page.samples * itemSize(page.dtype);

function chunksOf(
  tiff: TiffFile,
  directory: Directory,
  width: number,
  height: number,
): { isTiled: boolean; chunkWidth: number; chunkHeight: number } {
  const isTiled = directory.entries.has(tags.tileWidth);
  if (!isTiled) {
    const rows = numberAt(tiff, directory, tags.rowsPerStrip) ?? height;
    // 2^32 - 1 means all rows in one strip
    return { isTiled, chunkWidth: width, chunkHeight: Math.min(height, rows >= 1 ? rows : height) };
  }
  const chunkWidth = numberAt(tiff, directory, tags.tileWidth);
  const chunkHeight = numberAt(tiff, directory, tags.tileLength);
  if (!isCount(chunkWidth, 2 ** 20) || !isCount(chunkHeight, 2 ** 20)) {
    throw corrupt(
      tiff.file.path,
      `its tiles are ${chunkWidth} × ${chunkHeight}`,
      'sizes from 1 to 1048576 were expected',
    );
  }
  return { isTiled, chunkWidth, chunkHeight };
}

/**
 * What a directory says about its picture, every size checked against the file.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`; `unsupported-format` for types and compressions that cannot be read
 */
export function describePage(tiff: TiffFile, directory: Directory): Page {
  const { path, size } = tiff.file;
  const number = (tag: number, otherwise: number): number => numberAt(tiff, directory, tag) ?? otherwise;
  const width = numberAt(tiff, directory, tags.width);
  const height = numberAt(tiff, directory, tags.height);
  const samples = number(tags.samplesPerPixel, 1);
  if (!isCount(width) || !isCount(height) || !isCount(samples, 65535)) {
    throw corrupt(path, `a page is ${width} × ${height} with ${samples} samples`, 'sizes from 1 on were expected');
  }
  if (number(tags.imageDepth, 1) > 1) throw refuse(tiff, 'pages with a depth', 'Save it with one slice per page.');
  const compression = number(tags.compression, 1);
  if (!isReadable(compression)) throw refuse(tiff, compressedPage(compression), saveAgain);
  const { bits, dtype } = typeOf(tiff, directory, samples);
  const predictor = compression === 1 || compression === 7 ? 1 : number(tags.predictor, 1);
  const widths = predictor === 2 ? [8, 16, 32, 64] : [16, 32, 64];
  if (predictor !== 1 && !([2, 3].includes(predictor) && widths.includes(bits) && !isComplex(dtype))) {
    throw refuse(tiff, `a predictor of type ${predictor} for ${dtype} of ${bits} bits`, saveAgain);
  }
  const planar = samples > 1 && number(tags.planarConfiguration, 1) === 2;
  const { isTiled, chunkWidth, chunkHeight } = chunksOf(tiff, directory, width, height);
  const across = Math.ceil(width / chunkWidth);
  const down = Math.ceil(height / chunkHeight);
  const count = across * down * (planar ? samples : 1);
  const offsetEntry = directory.entries.get(isTiled ? tags.tileOffsets : tags.stripOffsets);
  if (offsetEntry === undefined || offsetEntry.count < count) {
    throw corrupt(path, `a page lists ${offsetEntry?.count ?? 0} of its strips or tiles`, `${count} were expected`);
  }
  const offsets = entryNumbers(tiff, offsetEntry, count);
  const page: Page = {
    directory,
    width,
    height,
    samples,
    bits,
    dtype,
    planar,
    photometric: number(tags.photometric, photometric.blackIsZero),
    hasAlpha: [1, 2].includes(number(tags.extraSamples, 0)),
    compression,
    predictor,
    reversedBits: number(tags.fillOrder, 1) === 2,
    chunkWidth,
    chunkHeight,
    across,
    down,
    offsets,
    lengths: [],
  };
  if (page.photometric === photometric.yCbCr && compression !== 7) {
    const sub = directory.entries.get(tags.yCbCrSubSampling);
    const by = sub === undefined ? [2, 2] : entryNumbers(tiff, sub, 2);
    if (by.some((n) => n !== 1)) throw refuse(tiff, 'colours of reduced resolution (YCbCr)', 'Save it as RGB.');
  }
  page.lengths = lengthsOf(tiff, page, isTiled);
  checkSizes(path, size, page, isTiled);
  return page;
}

/** Lengths of the chunks; uncompressed ones are as long as they must be, whatever the file says. */
function lengthsOf(tiff: TiffFile, page: Page, isTiled: boolean): number[] {
  const entry = page.directory.entries.get(isTiled ? tags.tileByteCounts : tags.stripByteCounts);
  const count = page.offsets.length;
  const told = entry === undefined ? [] : entryNumbers(tiff, entry, count);
  if (page.compression !== 1) {
    if (told.length === count) return told;
    if (count === 1) return [tiff.file.size - page.offsets[0]!];
    throw corrupt(
      tiff.file.path,
      `a page gives the length of ${told.length} of its ${count} strips`,
      'all were expected',
    );
  }
  const row = storedRowBytes(page);
  return page.offsets.map((offset, i) => {
    const isAbsent = offset === 0 && (told[i] ?? 0) === 0;
    return isAbsent ? 0 : row * storedRows(page, isTiled, Math.floor(i / page.across) % page.down);
  });
}

/** Refuses chunks outside of the file, and chunks and pages that could not have been packed into what is there. */
function checkSizes(path: string, size: number, page: Page, isTiled: boolean): void {
  let stored = 0;
  let absent = false;
  for (const [i, offset] of page.offsets.entries()) {
    const length = page.lengths[i]!;
    if (offset + length > size) throw truncated(path, offset + length, size);
    stored += length;
    absent ||= length === 0;
    const chunk = storedRowBytes(page) * storedRows(page, isTiled, Math.floor(i / page.across) % page.down);
    if (chunk > (length === 0 ? size * largestRatio(8) : length * largestRatio(page.compression))) {
      throw corrupt(path, `a strip or tile of ${chunk} bytes has ${length}`, 'no packing is that good');
    }
  }
  // tiles that were never written are left out by some programs, then as much as the best packing may be missing
  const most = (absent ? size : Math.min(stored, size)) * largestRatio(absent ? 8 : page.compression);
  const unpacked = Math.ceil((page.width * page.height * page.samples * page.bits) / 8);
  if (unpacked > most) {
    throw corrupt(path, `a page of ${unpacked} bytes is said to be packed into ${stored}`, 'no packing is that good');
  }
}
