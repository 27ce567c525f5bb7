import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { undoBitshuffle } from './bitshuffle.ts';
import { releaseBytes, releaseSpare } from './memory.ts';

const MiB = 2 ** 20;

/** One row of bits per bit of an element, eight elements to the byte, lowest first. */
function shuffleBits(plain: Uint8Array, itemBytes: number): Uint8Array {
  const out = new Uint8Array(plain.length);
  const row = plain.length / itemBytes / 8;
  for (let i = 0; i < plain.length / itemBytes; i++) {
    for (let bit = 0; bit < 8 * itemBytes; bit++) {
      const isSet = (plain[i * itemBytes + (bit >> 3)]! >> (bit & 7)) & 1;
      out[bit * row + (i >> 3)]! |= isSet << (i & 7);
    }
  }
  return out;
}

/** A chunk as the filter writes it: its size, that of its blocks, then each block behind its packed size. */
function pack(plain: Uint8Array, blockBytes: number, itemBytes: number): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeBigUInt64BE(BigInt(plain.length));
  head.writeUInt32BE(blockBytes, 8);
  const parts: Buffer[] = [head];
  for (let at = 0; at < plain.length; at += blockBytes) {
    const packed = zstdCompressSync(shuffleBits(plain.subarray(at, at + blockBytes), itemBytes));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(packed.length);
    parts.push(length, packed);
  }
  return Buffer.concat(parts);
}

describe('bitshuffle with Zstandard', () => {
  it.each([2048, 8192, 32768, 131072])('blocks of %i bytes leave nothing to the collector', (blockBytes) => {
    const counts = Uint16Array.from({ length: MiB / 2 }, (_, i) => ((i * i * 7) >> 6) % 300);
    const plain = new Uint8Array(counts.buffer);
    const packed = pack(plain, blockBytes, 2);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let chunk = 0; chunk < 48; chunk++) {
      const unpacked = undoBitshuffle(packed, { itemBytes: 2, block: blockBytes / 2, inner: 'zstd' }, MiB + 64)!;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      if (chunk % 16 === 0) expect(Buffer.compare(unpacked, plain)).toBe(0);
      releaseBytes(unpacked);
    }
    releaseSpare();
    expect(most).toBeLessThan(4 * MiB);
  });
});
