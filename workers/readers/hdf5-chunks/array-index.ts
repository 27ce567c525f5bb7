import type { TableBuilder } from './chunk-table.ts';
import { mostChunks } from './chunk-table.ts';
import { readUint, type ChunkedLayout } from './layout-message.ts';
import { undefinedAddress, type Hdf5Bytes } from './object-header.ts';

/* Chunk indexes that are arrays: chunks stand in the order of their numbers (HDF5 file format specification, VII.B–D). */

const names = {
  fixedHeader: 0x46414844, // 'FAHD'
  fixedBlock: 0x46414442, // 'FADB'
  extensibleHeader: 0x45414844, // 'EAHD'
  indexBlock: 0x45414942, // 'EAIB'
  superBlock: 0x45415342, // 'EASB'
  dataBlock: 0x45414442, // 'EADB'
} as const;
const checksumBytes = 4;
/** signature, version, client, address of the header */
const blockHead = 14;

/**
 * Index along every axis of the chunk with a number. Arrays count as far as the data set may grow; the axis that may
 * grow without end comes first.
 * @returns null for numbers of chunks that the data set does not have at present
 */
function numbering(
  layout: ChunkedLayout,
  grid: readonly number[],
  most: readonly (number | null)[],
): (number: number) => number[] | null {
  const { chunk } = layout;
  const growing = most.findIndex((size) => size === null);
  const order = chunk.map((_, axis) => axis);
  if (growing > 0) order.unshift(...order.splice(growing, 1));
  const counts = order.map((axis) => Math.ceil((most[axis] ?? 0) / chunk[axis]!));
  return (number) => {
    const index = new Array<number>(chunk.length).fill(0);
    let rest = number;
    for (let i = order.length - 1; i >= 0; i--) {
      const axis = order[i]!;
      const count = i === 0 ? Infinity : counts[i]!;
      index[axis] = count === Infinity ? rest : rest % count;
      rest = count === Infinity ? 0 : Math.floor(rest / count);
    }
    return index.every((at, axis) => at < grid[axis]!) ? index : null;
  };
}

interface Elements {
  /** bytes of an element, and of its stored size when chunks are filtered */
  bytes: number;
  note(data: DataView, at: number, number: number): boolean;
}

/** How an element tells where a chunk is. */
function elementsOf(
  client: number,
  bytes: number,
  table: TableBuilder,
  indexOf: (number: number) => number[] | null,
  chunkBytes: number,
): Elements | null {
  const width = client === 1 ? bytes - 12 : 0;
  if (client > 1 || (client === 0 ? bytes !== 8 : width < 1 || width > 8)) return null;
  return {
    bytes,
    note(data, at, number) {
      const address = data.getBigUint64(at, true);
      if (address === undefinedAddress) return true;
      const index = indexOf(number);
      if (index === null) return true;
      const stored = client === 1 ? readUint(data, at + 8, width) : chunkBytes;
      return table.put(index, address, stored, client === 1 ? data.getUint32(at + 8 + width, true) : 0);
    },
  };
}

function noteRun(elements: Elements, data: DataView, at: number, first: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (!elements.note(data, at + i * elements.bytes, first + i)) return false;
  return true;
}

/** Whether a bit is set, counted from the highest of the first byte. */
const isSet = (bits: DataView, at: number, bit: number): boolean =>
  (bits.getUint8(at + (bit >> 3)) & (0x80 >> (bit & 7))) !== 0;

function notePages(
  bytes: Hdf5Bytes,
  elements: Elements,
  start: bigint,
  first: number,
  count: number,
  perPage: number,
  isWritten: (page: number) => boolean,
): boolean {
  const step = BigInt(perPage * elements.bytes + checksumBytes);
  for (let page = 0; page * perPage < count; page++) {
    if (!isWritten(page)) continue;
    const here = Math.min(perPage, count - page * perPage);
    const data = bytes.at(start + BigInt(page) * step, here * elements.bytes);
    if (!data || !noteRun(elements, data, 0, first + page * perPage, here)) return false;
  }
  return true;
}

/** Notes the chunks of a fixed array; false when it does not hold together. */
export function readFixedArray(
  bytes: Hdf5Bytes,
  layout: ChunkedLayout,
  table: TableBuilder,
  most: readonly (number | null)[],
  chunkBytes: number,
): boolean {
  if (layout.address === undefinedAddress) return true;
  const header = bytes.at(layout.address, 28);
  if (!header || header.getUint32(0) !== names.fixedHeader) return false;
  const elements = elementsOf(
    header.getUint8(5),
    header.getUint8(6),
    table,
    numbering(layout, table.grid, most),
    chunkBytes,
  );
  const pageBits = header.getUint8(7);
  const count = readUint(header, 8, 8);
  const address = header.getBigUint64(16, true);
  if (elements === null || pageBits > 31 || count > mostChunks) return false;
  if (address === undefinedAddress) return true;
  const perPage = 2 ** pageBits;
  const isPaged = count > perPage;
  const bitmapBytes = isPaged ? Math.ceil(Math.ceil(count / perPage) / 8) : 0;
  const head = bytes.at(address, blockHead + bitmapBytes + (isPaged ? 0 : count * elements.bytes));
  if (!head || head.getUint32(0) !== names.fixedBlock) return false;
  if (!isPaged) return noteRun(elements, head, blockHead, 0, count);
  const start = address + BigInt(blockHead + bitmapBytes + checksumBytes);
  return notePages(bytes, elements, start, 0, count, perPage, (page) => isSet(head, blockHead, page));
}

/** Notes the chunks of an extensible array; false when it does not hold together. */
export function readExtensibleArray(
  bytes: Hdf5Bytes,
  layout: ChunkedLayout,
  table: TableBuilder,
  most: readonly (number | null)[],
  chunkBytes: number,
): boolean {
  if (layout.address === undefinedAddress) return true;
  const header = bytes.at(layout.address, 72);
  if (!header || header.getUint32(0) !== names.extensibleHeader) return false;
  const indexOf = numbering(layout, table.grid, most);
  const elements = elementsOf(header.getUint8(5), header.getUint8(6), table, indexOf, chunkBytes);
  const [countBits, inIndex, leastInBlock, leastPointers, pageBits] = [7, 8, 9, 10, 11].map((at) =>
    header.getUint8(at),
  ) as [number, number, number, number, number];
  const used = readUint(header, 44, 8);
  const address = header.getBigUint64(60, true);
  const isPower = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;
  if (elements === null || countBits > 64 || pageBits > 31 || used > 8 * mostChunks) return false;
  if (!isPower(leastInBlock) || !isPower(leastPointers)) return false;
  if (address === undefinedAddress) return true;

  const offsetBytes = Math.ceil(countBits / 8);
  const perPage = 2 ** pageBits;
  const inIndexSuper = 2 * Math.log2(leastPointers);
  const direct = 2 * (leastPointers - 1);
  const superBlocks = 1 + countBits - Math.log2(leastInBlock);
  const indirect = Math.max(0, superBlocks - inIndexSuper);
  const block = bytes.at(address, blockHead + inIndex * elements.bytes + 8 * (direct + indirect));
  if (!block || block.getUint32(0) !== names.indexBlock) return false;
  if (!noteRun(elements, block, blockHead, 0, Math.min(inIndex, used))) return false;

  const noteBlock = (start: bigint, first: number, count: number, isWritten: (page: number) => boolean): boolean => {
    if (start === undefinedAddress || first >= used) return true;
    const headBytes = blockHead + offsetBytes;
    const needed = Math.min(count, used - first);
    const isPaged = count > perPage;
    const data = bytes.at(start, headBytes + (isPaged ? 0 : needed * elements.bytes));
    if (!data || data.getUint32(0) !== names.dataBlock) return false;
    if (!isPaged) return noteRun(elements, data, headBytes, first, needed);
    return notePages(bytes, elements, start + BigInt(headBytes + checksumBytes), first, needed, perPage, isWritten);
  };

  let first = inIndex;
  let pointer = blockHead + inIndex * elements.bytes;
  for (let number = 0; number < superBlocks && first < used; number++) {
    const blocks = 2 ** Math.floor(number / 2);
    const count = 2 ** Math.ceil(number / 2) * leastInBlock;
    if (number < inIndexSuper) {
      for (let i = 0; i < blocks; i++, first += count, pointer += 8) {
        if (!noteBlock(block.getBigUint64(pointer, true), first, count, () => true)) return false;
      }
      continue;
    }
    const start = block.getBigUint64(blockHead + inIndex * elements.bytes + 8 * (direct + number - inIndexSuper), true);
    if (start === undefinedAddress) {
      first += blocks * count;
      continue;
    }
    const bitmapBytes = count > perPage ? Math.ceil(count / perPage / 8) : 0;
    const bitmaps = blockHead + offsetBytes;
    const addresses = bitmaps + blocks * bitmapBytes;
    const superBlock = bytes.at(start, addresses + 8 * blocks);
    if (!superBlock || superBlock.getUint32(0) !== names.superBlock) return false;
    for (let i = 0; i < blocks; i++, first += count) {
      const isWritten = (page: number): boolean => isSet(superBlock, bitmaps + i * bitmapBytes, page);
      if (!noteBlock(superBlock.getBigUint64(addresses + 8 * i, true), first, count, isWritten)) return false;
    }
  }
  return true;
}

/** Notes chunks that stand one after another, unfiltered; false when they are not all in the file. */
export function readImplicitIndex(
  layout: ChunkedLayout,
  table: TableBuilder,
  most: readonly (number | null)[],
  chunkBytes: number,
): boolean {
  if (layout.address === undefinedAddress) return true;
  const counts = layout.chunk.map((size, axis) => Math.ceil((most[axis] ?? 0) / size));
  const chunks = counts.reduce((product, n) => product * n, 1);
  if (!(chunks <= mostChunks)) return false;
  const indexOf = numbering(layout, table.grid, most);
  for (let number = 0; number < chunks; number++) {
    const index = indexOf(number);
    const address = layout.address + BigInt(number * chunkBytes);
    if (index !== null && !table.put(index, address, chunkBytes, 0)) return false;
  }
  return true;
}
