import { openFile, type FileBytes } from '../file-bytes.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { leadsOutside, objectAddress } from '../hdf5-tree.ts';

export const undefinedAddress = 0xffff_ffff_ffff_ffffn;
export const messageType = { datatype: 0x03, externalFiles: 0x07, layout: 0x08, continuation: 0x10 } as const;
const mostBlocks = 256;
const largestBlock = 16 * 2 ** 20;

export interface HeaderMessage {
  type: number;
  flags: number;
  data: DataView;
}

/** Bytes of the file by HDF5 address. */
export interface Hdf5Bytes {
  /** null when they are not all in the file, or there are more than 16 MiB; a copy of their own otherwise */
  at(address: number | bigint, length: number): DataView | null;
}

/** @param base where the HDF5 part of the file begins */
export function hdf5Bytes(file: FileBytes, base: number): Hdf5Bytes {
  return {
    at(address, length) {
      const offset = base + Number(address);
      const isInside = Number.isSafeInteger(offset) && offset >= base && length >= 0 && offset + length <= file.size;
      if (!isInside || length > largestBlock) return null;
      const bytes = new Uint8Array(length);
      file.readInto(bytes, offset);
      return new DataView(bytes.buffer);
    },
  };
}

/** Whether addresses and lengths of this file take eight bytes, as all writers of today make them. */
function hasWideAddresses(superblock: DataView): boolean {
  const version = superblock.getUint8(8);
  const at = version < 2 ? 13 : 9;
  return superblock.getUint8(at) === 8 && superblock.getUint8(at + 1) === 8;
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
    const flags = block.getUint8(at + (version === 1 ? 4 : 3));
    if (at + head + size > end) return;
    yield { type, flags, data: new DataView(block.buffer, block.byteOffset + at + head, size) };
    at += head + size;
  }
}

/** Reads the messages of an object header (HDF5 file format specification, IV.A) through its continuation blocks. */
function readObjectHeader(bytes: Hdf5Bytes, address: number): HeaderMessage[] | null {
  const prefix = bytes.at(address, 32) ?? bytes.at(address, 16);
  if (!prefix) return null;
  const isSecond = prefix.getUint32(0, false) === 0x4f484452; // 'OHDR'
  const flags = isSecond ? prefix.getUint8(5) : 0;
  const version = isSecond ? 2 : 1;
  const pending: { address: number; length: number }[] = [];
  if (isSecond) {
    const at = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const width = 1 << (flags & 3);
    if (at + width > prefix.byteLength) return null;
    const length =
      width === 1 ? prefix.getUint8(at) : width === 2 ? prefix.getUint16(at, true) : prefix.getUint32(at, true);
    pending.push({ address: address + at + width, length });
  } else {
    if (prefix.getUint8(0) !== 1) return null;
    pending.push({ address: address + 16, length: prefix.getUint32(8, true) });
  }
  const messages: HeaderMessage[] = [];
  for (let i = 0; i < pending.length && i < mostBlocks; i++) {
    const block = pending[i]!;
    const data = bytes.at(block.address, block.length);
    if (!data) return null;
    // Continuation blocks of version 2 stand between a signature and a checksum.
    const [start, stop] = isSecond && i > 0 ? [4, block.length - 4] : [0, block.length];
    for (const found of messagesOf(data, start, stop, version, (flags & 4) !== 0)) {
      messages.push(found);
      if (found.type === messageType.continuation && found.data.byteLength >= 16) {
        pending.push({
          address: Number(found.data.getBigUint64(0, true)),
          length: Number(found.data.getBigUint64(8, true)),
        });
      }
    }
  }
  return messages;
}

/**
 * The messages of the object header of a data set; null when it is in another file, its elements are, or its header
 * cannot be followed here.
 *
 * The library does not tell where things lie; its object reference is the address of the object header.
 */
export function datasetMessages(file: Hdf5File, dataset: string, bytes: Hdf5Bytes): HeaderMessage[] | null {
  if (leadsOutside(file, dataset)) return null;
  const superblock = bytes.at(0, 16);
  if (!superblock || !hasWideAddresses(superblock)) return null;
  const messages = readObjectHeader(bytes, Number(objectAddress(file, dataset)));
  return messages?.some(({ type }) => type === messageType.externalFiles) ? null : messages;
}

/** Opens the bytes of an HDF5 file beside the library. */
export const openBytes = (file: Hdf5File): FileBytes => openFile(file.path);
