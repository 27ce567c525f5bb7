import { freeBytes } from '../free-bytes.ts';
import { copyStrided } from '../permute.ts';
import type { Chunk } from './chunk.ts';
import { readChunk, readChunkRows, readsByRow } from './chunk.ts';
import { createByteCache } from '../longest-unused.ts';
import type { Page } from './page.ts';
import { storedRowBytes } from './page.ts';
import type { OpenPage, PageTable } from './page-table.ts';

type Numbers = readonly number[];

/** Memory for unpacked strips and tiles of which only a part was wanted, so that neighbouring blocks do not unpack them again. */
const cacheBytes = 64 * 2 ** 20;
/** Packed strips and tiles, and rows of uncompressed ones, up to this size are read into the same memory. */
const scratchBytes = 2 ** 20;

/** Where the numbers of a block go: distances along the stored axes and the place of the first, in numbers. */
export interface Destination {
  bytes: Uint8Array;
  strides: Numbers;
  offset: number;
}

/** Blocks of a stack along its stored axes: the lead axes (pages, in C order), then rows, columns and samples. */
export interface StoredBlocks {
  /** @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`, `corrupt-file` */
  copy(start: Numbers, count: Numbers, to: Destination): void;
  close(): void;
}

/** Rows of a strip or tile, from `top` of the page on. */
interface Rows extends Chunk {
  top: number;
}

/** One axis of a block within a page. */
interface Extent {
  first: number;
  end: number;
  stride: number;
}

/** Rows [from, to) of the page in memory of their own; those of `rows` is given back. */
function cut(rows: Rows, from: number, to: number): Rows {
  const rowBytes = rows.bytes.length / rows.rows;
  const bytes = new Uint8Array(rows.bytes.subarray((from - rows.top) * rowBytes, (to - rows.top) * rowBytes));
  freeBytes(rows.bytes);
  return { bytes, rows: to - from, samples: rows.samples, top: from };
}

/**
 * Reads strip by strip and tile by tile. What a block wants whole is unpacked, copied and given back at once. Of the
 * others as many rows are kept as fit for all pages of the block: blocks that go down the rows of a stack unpack each
 * strip once where a band of them fits, and else once per as many rows as do.
 * @param missing one number, which those of pages that are nowhere are read as
 * @param most bytes that are kept
 */
export function openStoredBlocks(
  pages: PageTable,
  leadStrides: Numbers,
  missing: Uint8Array,
  most = cacheBytes,
): StoredBlocks {
  const numberBytes = missing.length;
  const rank = leadStrides.length;
  const scratch = new Uint8Array(scratchBytes);
  const kept = createByteCache<Rows>(most);

  const copyPage = (
    opened: OpenPage | null,
    number: number,
    inBlock: number,
    axes: readonly Extent[],
    to: Destination,
  ) => {
    const [row, column, sample] = axes as [Extent, Extent, Extent];
    const { bytes, offset } = to;
    const strides = axes.map(({ stride }) => stride);
    if (opened === null) {
      const shape = axes.map(({ first, end }) => end - first);
      copyStrided(numberBytes, shape, { bytes: missing, strides: [0, 0, 0], offset: 0 }, { bytes, strides, offset });
      return;
    }
    const { tiff, page } = opened;
    const copyRows = (rows: Rows, left: number, plane: number): void => {
      const [y0, y1] = [Math.max(row.first, rows.top), Math.min(row.end, rows.top + rows.rows)];
      const [x0, x1] = [Math.max(column.first, left), Math.min(column.end, left + page.chunkWidth)];
      const [s0, s1] = [Math.max(sample.first, plane), Math.min(sample.end, plane + rows.samples)];
      const at =
        (y0 - row.first) * row.stride + (x0 - column.first) * column.stride + (s0 - sample.first) * sample.stride;
      copyStrided(
        numberBytes,
        [y1 - y0, x1 - x0, s1 - s0],
        {
          bytes: rows.bytes,
          strides: [page.chunkWidth * rows.samples, rows.samples, 1],
          offset: ((y0 - rows.top) * page.chunkWidth + x0 - left) * rows.samples + s0 - plane,
        },
        { bytes, strides, offset: offset + at },
      );
    };
    const copyByRow = (index: number, top: number, left: number, plane: number): void => {
      const end = Math.min(row.end, top + page.chunkHeight, page.height);
      const step = Math.max(1, Math.floor(scratch.length / storedRowBytes(page)));
      for (let y = Math.max(row.first, top); y < end; y += step) {
        const read = readChunkRows(tiff, page, index, y - top, Math.min(step, end - y), scratch);
        copyRows({ ...read, top: y }, left, plane);
        if (read.bytes.buffer !== scratch.buffer) freeBytes(read.bytes);
      }
    };
    const copyUnpacked = (index: number, top: number, left: number, plane: number): void => {
      const [first, end] = [Math.max(row.first, top), Math.min(row.end, top + page.chunkHeight, page.height)];
      const key = `${number} ${index}`;
      const before = kept.get(key);
      if (before !== undefined && before.top <= first && end <= before.top + before.rows) {
        copyRows(before, left, plane);
        return;
      }
      const rows: Rows = { ...readChunk(tiff, page, index, scratch), top };
      copyRows(rows, left, plane);
      const isWhole =
        end - first === Math.min(page.chunkHeight, page.height - top) &&
        left >= column.first &&
        Math.min(left + page.chunkWidth, page.width) <= column.end &&
        (page.planar || sample.end - sample.first === page.samples);
      const room = Math.floor(most / (inBlock * page.across * page.chunkWidth * page.samples * numberBytes));
      const last = Math.min(top + rows.rows, first + room);
      if (isWhole || (last <= end && room < rows.rows)) freeBytes(rows.bytes);
      else kept.put(key, room >= rows.rows ? rows : cut(rows, first, last));
    };
    const byRow = readsByRow(page);
    eachChunk(page, row, column, sample, byRow ? copyByRow : copyUnpacked);
  };

  return {
    copy(start, count, to) {
      const axes = [rank, rank + 1, rank + 2].map((axis) => ({
        first: start[axis]!,
        end: start[axis]! + count[axis]!,
        stride: to.strides[axis]!,
      }));
      const inBlock = count.slice(0, rank).reduce((product, n) => product * n, 1);
      const index = new Array<number>(rank).fill(0);
      for (let left = inBlock; left > 0; left--) {
        const number = index.reduce((sum, i, axis) => sum + (start[axis]! + i) * leadStrides[axis]!, 0);
        const offset = index.reduce((sum, i, axis) => sum + i * to.strides[axis]!, to.offset);
        copyPage(pages.open(number), number, inBlock, axes, { ...to, offset });
        for (let axis = rank - 1; axis >= 0; axis--) {
          if (++index[axis]! < count[axis]!) break;
          index[axis] = 0;
        }
      }
    },
    close() {
      kept.clear();
      pages.close();
    },
  };
}

/** The strips or tiles of a page that a block touches: their number, first row, first column and first sample. */
function eachChunk(
  page: Page,
  row: Extent,
  column: Extent,
  sample: Extent,
  use: (index: number, top: number, left: number, plane: number) => void,
): void {
  const { chunkWidth, chunkHeight, across, down, planar } = page;
  const [firstPlane, endPlane] = planar ? [sample.first, sample.end] : [0, 1];
  for (let plane = firstPlane; plane < endPlane; plane++) {
    for (let cy = Math.floor(row.first / chunkHeight); cy * chunkHeight < row.end; cy++) {
      for (let cx = Math.floor(column.first / chunkWidth); cx * chunkWidth < column.end; cx++) {
        use((plane * down + cy) * across + cx, cy * chunkHeight, cx * chunkWidth, plane);
      }
    }
  }
}
