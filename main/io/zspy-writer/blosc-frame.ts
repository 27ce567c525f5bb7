import { constants, zstdCompress } from 'node:zlib';
import { promisify } from 'node:util';
import { shuffle } from '../hdf5-writer/chunked-data.ts';

/** Blocks are packed at the same time, and readers unpack only those they need. */
const blockBytes = 256 * 1024;
const headerBytes = 16;
const flags = { shuffled: 1, copied: 2, notSplit: 16, zstd: 4 << 5 };

const pack = promisify<Uint8Array, { params: Record<number, number> }, Buffer>(zstdCompress);
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What the description of an array says about these frames, in numcodecs' words. */
export const bloscCompressor = { id: 'blosc', cname: 'zstd', clevel: 1, shuffle: 1, blocksize: blockBytes } as const;

function header(bytes: number, block: number, packed: number, itemBytes: number, flag: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(headerBytes));
  view.setUint8(0, 2);
  view.setUint8(1, 1);
  view.setUint8(2, flag);
  view.setUint8(3, itemBytes);
  view.setUint32(4, bytes, true);
  view.setUint32(8, block, true);
  view.setUint32(12, packed, true);
  return new Uint8Array(view.buffer);
}

const lengthPrefix = (length: number): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, length, true);
  return new Uint8Array(view.buffer);
};

/** Whole elements shuffled, what is left at the end as it is. */
function shuffled(bytes: Uint8Array, itemBytes: number): Uint8Array {
  const whole = bytes.length - (bytes.length % itemBytes);
  const elements = shuffle(bytes.subarray(0, whole), itemBytes);
  return whole === bytes.length ? elements : Buffer.concat([elements, bytes.subarray(whole)]);
}

/**
 * Packs bytes as one frame of Blosc (version 2 of its format): blocks of 256 KiB, bytes shuffled by element, Zstandard at
 * its fastest. What does not become smaller is copied.
 * @param itemBytes of an element, 1 to 255
 * @see https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
 */
export async function packBlosc(bytes: Uint8Array, itemBytes: number): Promise<Uint8Array> {
  const whole = Math.floor(blockBytes / itemBytes) * itemBytes;
  const block = Math.max(1, Math.min(whole, bytes.length));
  const count = Math.ceil(bytes.length / block);
  const packed = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const plain = shuffled(bytes.subarray(i * block, Math.min((i + 1) * block, bytes.length)), itemBytes);
      const small = await pack(plain, fast);
      // a stream as long as its block is a copy of it
      return small.length < plain.length ? small : plain;
    }),
  );
  const tableBytes = 4 * count;
  const total = packed.reduce((sum, stream) => sum + 4 + stream.length, headerBytes + tableBytes);
  if (total >= headerBytes + bytes.length) {
    const flag = flags.copied | flags.notSplit | flags.zstd | flags.shuffled;
    return Buffer.concat([header(bytes.length, block, headerBytes + bytes.length, itemBytes, flag), bytes]);
  }
  const table = new DataView(new ArrayBuffer(tableBytes));
  let at = headerBytes + tableBytes;
  packed.forEach((stream, i) => {
    table.setUint32(4 * i, at, true);
    at += 4 + stream.length;
  });
  const flag = flags.notSplit | flags.zstd | flags.shuffled;
  return Buffer.concat([
    header(bytes.length, block, total, itemBytes, flag),
    new Uint8Array(table.buffer),
    ...packed.flatMap((stream) => [lengthPrefix(stream.length), stream]),
  ]);
}
