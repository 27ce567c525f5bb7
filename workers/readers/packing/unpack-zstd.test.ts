import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kernels } from '../../kernels/kernels.ts';
import { createRandom } from '../../linalg/random.ts';
import { memoryOf } from './unpack-kernels.ts';
import { unpackZstdFrame } from './unpack-zstd.ts';

const random = createRandom(11);
const below = (n: number): number => random.integer(n);
const filled = (length: number, value: (i: number) => number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => value(i));

/** Bytes of many kinds: raw blocks, runs, Huffman codes of one and four streams, repeated distances, long matches. */
const kinds: readonly ((length: number) => Uint8Array)[] = [
  (length) => filled(length, () => below(256)),
  (length) => filled(length, () => below(21)),
  (length) => filled(length, () => Math.floor((below(16) * below(16)) / 16)),
  (length) => new Uint8Array(length).fill(below(256)),
  (length) => filled(length, (i) => (i % 128 < 100 ? 0 : below(2))),
  (length) => filled(length, (i) => (i * i) >> 7),
  (length) => {
    const out = filled(length, () => below(60));
    for (let at = 16; at + 40 < length; at += 1 + below(60)) out.copyWithin(at, at - 1 - below(16), at + below(24));
    return out;
  },
];
const pack = (bytes: Uint8Array): Buffer =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: [-5, 1, 3, 9, 19][below(5)]! } });

/** What the kernel makes of a frame between bytes that it must not touch; null when it leaves it to the library. */
function byKernel(packed: Uint8Array, length: number): Uint8Array | null {
  const guard = 64;
  return kernels().scope((allocate) => {
    const from = allocate(packed.length + 32);
    const [to, literals] = [allocate(length + 32 + guard), allocate(length + 32 + guard)];
    const memory = memoryOf(from);
    memory.set(packed, from);
    for (const at of [to, literals]) memory.fill(0x5a, at + length + 32, at + length + 32 + guard);
    const isDone = kernels().run.unpackZstd(from, packed.length, to, length, literals) === 1;
    for (const at of [to, literals]) {
      const behind = memory.subarray(at + length + 32, at + length + 32 + guard);
      expect(behind.every((byte) => byte === 0x5a)).toBe(true);
    }
    return isDone ? memory.slice(to, to + length) : null;
  });
}

describe('a Zstandard frame', () => {
  it('is unpacked to what was packed, by the kernel whenever it is small', () => {
    for (let round = 0; round < 60; round++) {
      for (const kind of kinds) {
        const bytes = kind(1 + below([60, 1000, 9000, 33000][round % 4]!));
        const packed = pack(bytes);
        expect(Buffer.compare(byKernel(packed, bytes.length)!, bytes)).toBe(0);
        const to = new Uint8Array(bytes.length);
        expect(unpackZstdFrame(packed, to)).toBe(true);
        expect(Buffer.compare(to, bytes)).toBe(0);
      }
    }
  });

  it('that is damaged is taken only where the library makes the same of it', () => {
    let taken = 0;
    for (let round = 0; round < 4000; round++) {
      const bytes = kinds[round % kinds.length]!(1 + below([60, 1000, 9000][round % 3]!));
      const whole = pack(bytes);
      for (let i = 1 + below(3); i > 0; i--) whole[5 + below(Math.min(whole.length - 5, 60))] = below(256);
      const packed = round % 5 === 0 ? whole.subarray(0, below(whole.length)) : whole;
      const own = byKernel(packed, bytes.length);
      if (own === null) continue;
      taken++;
      expect(Buffer.compare(own, zstdDecompressSync(packed))).toBe(0);
    }
    expect(taken).toBeGreaterThan(100);
  });

  it('with a checksum is checked by the library', () => {
    const bytes = filled(5000, () => below(9));
    const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    expect(byKernel(packed, bytes.length)).toBeNull();
    const to = new Uint8Array(bytes.length);
    expect(unpackZstdFrame(packed, to)).toBe(true);
    expect(Buffer.compare(to, bytes)).toBe(0);
    packed[packed.length - 1]! ^= 1;
    expect(unpackZstdFrame(packed, to)).toBe(false);
    expect(unpackZstdFrame(pack(bytes), new Uint8Array(4999))).toBe(false);
    expect(unpackZstdFrame(pack(bytes), new Uint8Array(5001))).toBe(false);
  });
});
