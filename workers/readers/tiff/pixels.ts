import { elementCount, itemSize } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { componentsOf } from '../elements.ts';
import { fillMissing } from '../frame-pixels.ts';
import { freeBytes } from '../free-bytes.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock, readThrough } from '../read-block.ts';
import { readsByRow } from './chunk.ts';
import type { SetFile } from './file-set.ts';
import type { FrameSize, PageRuns, PageTable } from './page-table.ts';
import { openPageTable } from './page-table.ts';
import { openStoredBlocks } from './stored-blocks.ts';

/**
 * What the decoder needs: pages by the place of their directories, and how the axes of the signal count them. The stored
 * axes are the `lead` axes (pages, in C order), then rows, columns and, unless they make a colour, samples.
 */
export interface TiffAbout {
  files: readonly SetFile[];
  pages: PageRuns;
  lead: readonly number[];
  frame: FrameSize;
  /** for each axis of the signal the stored axis that it is */
  order: readonly number[];
}

/** Pages are turned into channels some at a time, so that what is written lies together … */
const mostTogether = 64;
/** … in memory of this part of the data, within bounds. */
const turnedPart = 1 / 32;
const leastTurned = 2 * 2 ** 20;
const mostTurned = 32 * 2 ** 20;
/** Rows that can be read by themselves are read in pieces of this size. */
const pieceBytes = 256 * 1024;

/** Strips or tiles of the first page, by stored axis after the lead axes; others of the stack may have other ones. */
function chunkOf(
  pages: PageTable,
  frame: FrameSize,
  numberBytes: number,
): [rows: number, columns: number, samples: number] {
  const page = pages.open(0)?.page;
  if (page === undefined) return [frame.height, frame.width, frame.samples];
  const samples = page.planar ? 1 : page.samples;
  const rowBytes = page.chunkWidth * samples * numberBytes;
  const rows = readsByRow(page) ? Math.max(1, Math.floor(pieceBytes / rowBytes)) : page.chunkHeight;
  return [Math.min(rows, page.chunkHeight), page.chunkWidth, samples];
}

/** How many pages are turned together along each lead axis, the last ones first. */
function pagesTogether(lead: readonly number[], pageBytes: number, room: number): number[] {
  let left = Math.max(1, Math.min(mostTogether, Math.floor(room / pageBytes)));
  return lead
    .toReversed()
    .map((size) => {
      const count = Math.min(size, left);
      left = count < size ? 1 : Math.floor(left / count);
      return count;
    })
    .toReversed();
}

/**
 * Blocks of pages, unpacked strip by strip or tile by tile as they are asked for.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`, `corrupt-file`
 */
export function openTiffPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { files, pages: runs, lead, frame, order } = layout.about as unknown as TiffAbout;
  const pages = openPageTable(files, runs, frame);
  const part = componentsOf(signal.dtype);
  const isColour = signal.dtype.startsWith('rgb');
  const numberBytes = isColour ? itemSize(part.dtype) : itemSize(signal.dtype);
  const perElement = isColour ? part.count : 1;
  const rank = lead.length;
  const missing = new Uint8Array(numberBytes);
  fillMissing(missing, isColour ? part.dtype : signal.dtype);
  const blocks = openStoredBlocks(pages, contiguousStrides(lead), missing);

  /** A block and its strides in the target by stored axis. */
  const stored = (start: readonly number[], count: readonly number[], inTarget: readonly number[]) => {
    const from = new Array<number>(rank + 3).fill(0);
    const many = new Array<number>(rank + 3).fill(1);
    const strides = new Array<number>(rank + 3).fill(0);
    order.forEach((axis, i) => {
      from[axis] = start[i]!;
      many[axis] = count[i]!;
      strides[axis] = inTarget[i]! * perElement;
    });
    if (isColour) {
      many[rank + 2] = part.count;
      strides[rank + 2] = 1;
    }
    return { from, many, strides };
  };

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const { from, many, strides } = stored(start, count, contiguousStrides(count));
    blocks.copy(from, many, { bytes: target, strides, offset: 0 });
  };

  let turned = new Uint8Array(0);
  const place: NonNullable<PixelSource['place']> = (target, inTarget, first, start, count) => {
    checkBlock(signal, start, count);
    if (count.includes(0)) return;
    const { from, many, strides } = stored(start, count, inTarget);
    const offset = first * perElement;
    if (elementCount(many.slice(0, rank)) === 1) {
      blocks.copy(from, many, { bytes: target, strides, offset });
      return;
    }
    const length = elementCount(many) * numberBytes;
    if (turned.length < length) {
      freeBytes(turned);
      turned = new Uint8Array(length);
    }
    const block = { bytes: turned.subarray(0, length), strides: contiguousStrides(many), offset: 0 };
    blocks.copy(from, many, block);
    copyStrided(numberBytes, many, block, { bytes: target, strides, offset });
  };

  let chunk: ReturnType<typeof chunkOf> | null = null;
  try {
    // else pages are read one after another as they lie, each whole
    if (order[0] === rank) chunk = chunkOf(pages, frame, numberBytes);
  } catch (error) {
    blocks.close();
    throw error;
  }
  const room = Math.min(
    mostTurned,
    Math.max(leastTurned, elementCount(signal.shape) * itemSize(signal.dtype) * turnedPart),
  );
  const together = chunk && pagesTogether(lead, elementCount(chunk) * numberBytes, room);
  return {
    readInto,
    read: readThrough(signal, readInto),
    ...(chunk && together
      ? { band: chunk[0], chunk: order.map((axis) => together[axis] ?? chunk[axis - rank]!), place }
      : {}),
    close() {
      freeBytes(turned);
      blocks.close();
    },
  };
}
