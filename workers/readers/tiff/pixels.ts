import { elementCount, itemSize } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { componentsOf, elementsOver } from '../elements.ts';
import { corrupt } from '../file-bytes.ts';
import { fillMissing } from '../frame-pixels.ts';
import { freeBytes } from '../free-bytes.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock } from '../read-block.ts';
import type { Chunk } from './chunk.ts';
import { readChunk, readChunkRows, readsByRow } from './chunk.ts';
import type { SetFile } from './file-set.ts';
import { openFileSet } from './file-set.ts';
import type { TiffFile } from './ifd.ts';
import { readDirectory } from './ifd.ts';
import type { Page } from './page.ts';
import { describePage } from './page.ts';

/**
 * What the decoder needs: pages by the place of their directories, and how the axes of the signal count them. The stored
 * axes are the `lead` axes (pages, in C order), then rows, columns and, unless they make a colour, samples.
 */
export interface TiffAbout {
  files: readonly SetFile[];
  /** runs of directories in a file each, [first, step, count, file]; first −1: pages that are nowhere */
  pages: readonly (readonly [number, number, number, number])[];
  lead: readonly number[];
  frame: { width: number; height: number; samples: number };
  /** for each axis of the signal the stored axis that it is */
  order: readonly number[];
}

/** Memory for unpacked strips and tiles, so that neighbouring blocks do not unpack them again. */
const cacheBytes = 64 * 2 ** 20;
const widestCacheBytes = 512 * 2 ** 20;
/** Uncompressed strips and tiles up to this size are read into the same memory. */
const scratchBytes = 2 ** 20;
/** Offsets of strips and tiles that are kept in mind. */
const mostOffsets = 2 ** 21;

/** Values by number, the longest unused forgotten first; `forget` is told each. */
function createCache<T>(limit: number, sizeOf: (value: T) => number, forget: (value: T) => void = () => {}) {
  const kept = new Map<number, T>();
  let total = 0;
  const get = (key: number): T | undefined => {
    const found = kept.get(key);
    if (found === undefined) return undefined;
    kept.delete(key);
    kept.set(key, found);
    return found;
  };
  const getOr = (key: number, make: () => T): T => {
    const found = get(key);
    if (found !== undefined) return found;
    const value = make();
    kept.set(key, value);
    total += sizeOf(value);
    for (const [oldest, old] of kept) {
      if (total <= limit || kept.size === 1) break;
      kept.delete(oldest);
      total -= sizeOf(old);
      forget(old);
    }
    return value;
  };
  return { get, getOr };
}

/** Where the directory of a page begins, and in which file; −1 when it is nowhere. */
function directoryAt(about: TiffAbout): (page: number) => { offset: number; file: number } {
  const firsts: number[] = [];
  let total = 0;
  for (const [, , count] of about.pages) {
    firsts.push(total);
    total += count;
  }
  return (page) => {
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= page) low = middle;
      else high = middle - 1;
    }
    const [first, step, , file] = about.pages[low]!;
    return { offset: first < 0 ? -1 : first + step * (page - firsts[low]!), file };
  };
}

/**
 * Blocks of pages, unpacked strip by strip or tile by tile as they are asked for.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`, `corrupt-file`
 */
export function openTiffPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const about = layout.about as unknown as TiffAbout;
  const { lead, frame, order } = about;
  const set = openFileSet(about.files);
  // whether it is still the file whose header was read shows at once
  set.of(0);
  const part = componentsOf(signal.dtype);
  const isColour = signal.dtype.startsWith('rgb');
  const numberBytes = isColour ? itemSize(part.dtype) : itemSize(signal.dtype);
  const size = itemSize(signal.dtype);
  const placeOf = directoryAt(about);
  const leadStrides = contiguousStrides(lead);
  const rank = lead.length;
  const pages = elementCount(lead);

  const pageCache = createCache<Page>(mostOffsets, (page) => page.offsets.length + 64);
  const pageOf = (number: number, tiff: TiffFile, offset: number): Page =>
    pageCache.getOr(number, () => {
      const page = describePage(tiff, readDirectory(tiff, offset));
      const { width, height, samples } = page;
      if (width === frame.width && height === frame.height && samples === frame.samples) return page;
      throw corrupt(tiff.file.path, `page ${number} has another size`, 'all pages of a stack have the same');
    });

  // where rows are the slowest axis, a band of strips of all pages is visited before the first is visited again
  const first = placeOf(0);
  const chunkHeight = first.offset < 0 ? frame.height : pageOf(0, set.of(first.file), first.offset).chunkHeight;
  const bandBytes = (order[0] === rank ? pages : 1) * chunkHeight * frame.width * frame.samples * numberBytes;
  const scratch = new Uint8Array(scratchBytes);
  const chunkCache = createCache<Chunk>(
    Math.max(cacheBytes, Math.min(bandBytes, widestCacheBytes)),
    (chunk) => chunk.bytes.length,
    (chunk) => freeBytes(chunk.bytes),
  );

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    // per stored axis: where the block begins, how long it is, how far apart its elements are in the target
    const storedRank = rank + 3;
    const from = new Array<number>(storedRank).fill(0);
    const many = new Array<number>(storedRank).fill(1);
    const strides = new Array<number>(storedRank).fill(0);
    const perElement = isColour ? part.count : 1;
    contiguousStrides(count).forEach((stride, axis) => {
      const stored = order[axis]!;
      from[stored] = start[axis]!;
      many[stored] = count[axis]!;
      strides[stored] = stride * perElement;
    });
    if (isColour) {
      many[rank + 2] = part.count;
      strides[rank + 2] = 1;
    }
    const row = { first: from[rank]!, end: from[rank]! + many[rank]!, stride: strides[rank]! };
    const column = { first: from[rank + 1]!, end: from[rank + 1]! + many[rank + 1]!, stride: strides[rank + 1]! };
    const sample = { first: from[rank + 2]!, end: from[rank + 2]! + many[rank + 2]!, stride: strides[rank + 2]! };
    const copy = (chunk: Chunk, firstRow: number, firstColumn: number, firstSample: number, width: number): void => {
      const [y0, y1] = [Math.max(row.first, firstRow), Math.min(row.end, firstRow + chunk.rows)];
      const [x0, x1] = [Math.max(column.first, firstColumn), Math.min(column.end, firstColumn + width)];
      const [s0, s1] = [Math.max(sample.first, firstSample), Math.min(sample.end, firstSample + chunk.samples)];
      const at =
        base +
        (y0 - row.first) * row.stride +
        (x0 - column.first) * column.stride +
        (s0 - sample.first) * sample.stride;
      copyStrided(
        numberBytes,
        [y1 - y0, x1 - x0, s1 - s0],
        {
          bytes: chunk.bytes,
          strides: [width * chunk.samples, chunk.samples, 1],
          offset: ((y0 - firstRow) * width + x0 - firstColumn) * chunk.samples + s0 - firstSample,
        },
        { bytes: target, strides: [row.stride, column.stride, sample.stride], offset: at },
      );
    };
    const readPage = (tiff: TiffFile, page: Page, number: number): void => {
      const perPlane = page.across * page.down;
      const planes = page.planar ? page.samples : 1;
      for (let plane = 0; plane < planes; plane++) {
        if (page.planar && (plane < sample.first || plane >= sample.end)) continue;
        for (let cy = Math.floor(row.first / page.chunkHeight); cy * page.chunkHeight < row.end; cy++) {
          for (let cx = Math.floor(column.first / page.chunkWidth); cx * page.chunkWidth < column.end; cx++) {
            const index = plane * perPlane + cy * page.across + cx;
            const top = cy * page.chunkHeight;
            const left = cx * page.chunkWidth;
            if (readsByRow(page)) {
              const y0 = Math.max(row.first, top);
              const y1 = Math.min(row.end, top + page.chunkHeight, page.height);
              copy(readChunkRows(tiff, page, index, y0 - top, y1 - y0, scratch), y0, left, plane, page.chunkWidth);
            } else {
              const key = number * page.offsets.length + index;
              const read = (): Chunk => readChunk(tiff, page, index);
              // what is wanted whole is not asked for again: it is unpacked, copied and given back at once
              const isWhole =
                top >= row.first &&
                Math.min(top + page.chunkHeight, page.height) <= row.end &&
                left >= column.first &&
                Math.min(left + page.chunkWidth, page.width) <= column.end &&
                (page.planar === true || sample.end - sample.first === page.samples);
              const kept = chunkCache.get(key);
              const chunk = kept ?? (isWhole ? read() : chunkCache.getOr(key, read));
              copy(chunk, top, left, plane, page.chunkWidth);
              if (isWhole && kept === undefined) freeBytes(chunk.bytes);
            }
          }
        }
      }
    };
    const index = new Array<number>(rank).fill(0);
    let base = 0;
    for (;;) {
      const number = index.reduce((sum, i, axis) => sum + (from[axis]! + i) * leadStrides[axis]!, 0);
      base = index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
      const { offset, file } = placeOf(number);
      if (offset >= 0) {
        const tiff = set.of(file);
        readPage(tiff, pageOf(number, tiff, offset), number);
      }
      let axis = rank - 1;
      for (; axis >= 0; axis--) {
        if (++index[axis]! < many[axis]!) break;
        index[axis] = 0;
      }
      if (axis < 0) return;
    }
  };

  const hasMissing = about.pages.some(([offset]) => offset < 0);
  const clearMissing = (target: Uint8Array): void => {
    if (hasMissing) fillMissing(target, signal.dtype);
  };

  return {
    readInto(target, start, count) {
      clearMissing(target);
      readInto(target, start, count);
    },
    read(start, count) {
      checkBlock(signal, start, count);
      const elements = elementCount(count);
      const bytes = new Uint8Array(elements * size);
      clearMissing(bytes);
      readInto(bytes, start, count);
      return elementsOver(bytes.buffer, 0, elements, signal.dtype);
    },
    ...(order[0] === rank ? { band: chunkHeight } : {}),
    close: () => set.close(),
  };
}
