import { open, type FileHandle } from 'node:fs/promises';
import type { Hdf5File } from './hdf5-open.ts';
import { leadsOutside, objectAddress } from './hdf5-tree.ts';

const undefinedAddress = 0xffff_ffff_ffff_ffffn;
const message = { externalFiles: 0x07, layout: 0x08, continuation: 0x10 } as const;
const mostBlocks = 256;
const largestBlock = 16 * 2 ** 20;

interface Block {
  offset: number;
  length: number;
}

async function readBytes(handle: FileHandle, offset: number, length: number, end: number): Promise<DataView | null> {
  if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || length > largestBlock || offset + length > end)
    return null;
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  return bytesRead === length ? new DataView(bytes.buffer) : null;
}

/** Whether addresses and lengths of this file take eight bytes, as all writers of today make them. */
function hasWideAddresses(superblock: DataView): boolean {
  const version = superblock.getUint8(8);
  const at = version < 2 ? 13 : 9;
  return superblock.getUint8(at) === 8 && superblock.getUint8(at + 1) === 8;
}

interface HeaderMessage {
  type: number;
  data: DataView;
}

function* messagesOf(
  block: DataView,
  start: number,
  end: number,
  version: 1 | 2,
  hasOrder: boolean,
): Generator<HeaderMessage> {
  const head = version === 1 ? 8 : hasOrder ? 6 : 4;
  for (let at = start; at + head <= end;) {
    const type = version === 1 ? block.getUint16(at, true) : block.getUint8(at);
    const size = block.getUint16(at + (version === 1 ? 2 : 1), true);
    if (at + head + size > end) return;
    yield { type, data: new DataView(block.buffer, block.byteOffset + at + head, size) };
    at += head + size;
  }
}

/** Reads the messages of an object header (HDF5 file format specification, IV.A) through its continuation blocks. */
async function readObjectHeader(
  handle: FileHandle,
  base: number,
  address: number,
  end: number,
): Promise<HeaderMessage[] | null> {
  const prefix = await readBytes(handle, base + address, Math.min(32, end - base - address), end);
  if (!prefix || prefix.byteLength < 16) return null;
  const isSecond = prefix.getUint32(0, false) === 0x4f484452; // 'OHDR'
  const flags = isSecond ? prefix.getUint8(5) : 0;
  const version = isSecond ? 2 : 1;
  const pending: Block[] = [];
  if (isSecond) {
    const at = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const width = 1 << (flags & 3);
    if (at + width > prefix.byteLength) return null;
    const length =
      width === 1 ? prefix.getUint8(at) : width === 2 ? prefix.getUint16(at, true) : prefix.getUint32(at, true);
    pending.push({ offset: address + at + width, length });
  } else {
    if (prefix.getUint8(0) !== 1) return null;
    pending.push({ offset: address + 16, length: prefix.getUint32(8, true) });
  }
  const messages: HeaderMessage[] = [];
  for (let i = 0; i < pending.length && i < mostBlocks; i++) {
    const block = pending[i]!;
    const data = await readBytes(handle, base + block.offset, block.length, end);
    if (!data) return null;
    // Continuation blocks of version 2 stand between a signature and a checksum.
    const [start, stop] = isSecond && i > 0 ? [4, block.length - 4] : [0, block.length];
    for (const found of messagesOf(data, start, stop, version, (flags & 4) !== 0)) {
      messages.push(found);
      if (found.type === message.continuation && found.data.byteLength >= 16) {
        pending.push({
          offset: Number(found.data.getBigUint64(0, true)),
          length: Number(found.data.getBigUint64(8, true)),
        });
      }
    }
  }
  return messages;
}

/** Address of contiguous storage in a data layout message, or null for the other layouts. */
function contiguousAddress(layout: DataView): bigint | null {
  if (layout.byteLength < 10) return null;
  const version = layout.getUint8(0);
  if (version >= 3) return layout.getUint8(1) === 1 ? layout.getBigUint64(2, true) : null;
  return layout.getUint8(2) === 1 && layout.byteLength >= 16 ? layout.getBigUint64(8, true) : null;
}

/**
 * Where in the file the elements of a contiguous data set begin, or null when they are not one run of bytes
 * (chunked, compact, virtual, in other files, not yet written, beyond the end of the file).
 *
 * The library does not tell; its object reference is the address of the object header, and the layout stands in there
 * (HDF5 file format specification, IV.A.2.i).
 */
export async function contiguousOffset(file: Hdf5File, dataset: string, bytes: number): Promise<number | null> {
  if (leadsOutside(file, dataset)) return null;
  const address = Number(objectAddress(file, dataset));
  const handle = await open(file.path, 'r');
  try {
    const superblock = await readBytes(handle, file.base, 16, file.bytes);
    if (!superblock || !hasWideAddresses(superblock)) return null;
    const messages = await readObjectHeader(handle, file.base, address, file.bytes);
    if (!messages || messages.some((m) => m.type === message.externalFiles)) return null;
    const layout = messages.find((m) => m.type === message.layout);
    const start = layout ? contiguousAddress(layout.data) : null;
    if (start === null || start === undefinedAddress) return null;
    const offset = file.base + Number(start);
    return Number.isSafeInteger(offset) && offset + bytes <= file.bytes ? offset : null;
  } finally {
    await handle.close();
  }
}
