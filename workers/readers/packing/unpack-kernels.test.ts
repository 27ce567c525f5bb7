import { describe, expect, it } from 'vitest';
import { joinBitsCompiled, joinBytesCompiled, unpackLz4Compiled } from './unpack-kernels.ts';

/** Bit `bit` of element `i` of little-endian elements. */
const bitOf = (bytes: Uint8Array, itemBytes: number, i: number, bit: number): number =>
  (bytes[i * itemBytes + (bit >> 3)]! >> (bit & 7)) & 1;

const elements = (count: number, itemBytes: number): Uint8Array =>
  Uint8Array.from({ length: count * itemBytes }, (_, i) => (i * 7919) >> 3);

describe('compiled unpacking', () => {
  it.each([2, 4, 8])('puts the bytes of elements of %i together that lie in planes', (itemBytes) => {
    for (const count of [512, 517, 70_001]) {
      const whole = elements(count, itemBytes);
      const planes = Uint8Array.from(whole, (_, i) => whole[(i % count) * itemBytes + Math.floor(i / count)]!);
      const joined = new Uint8Array(whole.length);
      expect(joinBytesCompiled(planes, joined, itemBytes)).toBe(true);
      expect(joined).toEqual(whole);
    }
  });

  it.each([1, 2, 3, 4, 8])('puts the bits of elements of %i bytes together that lie in rows', (itemBytes) => {
    for (const count of [1024, 1032, 4096]) {
      const whole = elements(count, itemBytes);
      const rows = new Uint8Array(whole.length);
      for (let bit = 0; bit < 8 * itemBytes; bit++)
        for (let i = 0; i < count; i++)
          rows[(bit * count) / 8 + (i >> 3)]! |= bitOf(whole, itemBytes, i, bit) << (i & 7);
      const joined = new Uint8Array(whole.length);
      expect(joinBitsCompiled(rows, joined, itemBytes, count)).toBe(true);
      expect(joined).toEqual(whole);
    }
  });

  it.each([1, 2, 3, 7, 8, 12, 16, 40, 900])('repeats what an LZ4 block wrote %i bytes before', (distance) => {
    const begin = Array.from({ length: distance }, (_, i) => (i * 31) & 255);
    const length = 1500;
    const more = (n: number) => [...Array.from({ length: Math.floor(n / 255) }, () => 255), n % 255];
    const many = distance >= 15;
    const packed = Uint8Array.from([
      ((many ? 15 : distance) << 4) | 15,
      ...(many ? more(distance - 15) : []),
      ...begin,
      distance & 255,
      distance >> 8,
      ...more(length - 4 - 15),
      5 << 4,
      ...[1, 2, 3, 4, 5],
    ]);
    const out = new Uint8Array(distance + length + 5);
    expect(unpackLz4Compiled(packed, out)).toBe(true);
    const expected = Array.from({ length: distance + length }, (_, i) => begin[i % distance]!);
    expect(Array.from(out)).toEqual([...expected, 1, 2, 3, 4, 5]);
    // one byte less or more than it has is damage, and so is every end that is cut off
    expect(unpackLz4Compiled(packed, new Uint8Array(out.length + 1))).toBe(false);
    expect(unpackLz4Compiled(packed, new Uint8Array(out.length - 1))).toBe(false);
    for (let end = 1; end < packed.length; end += 7)
      expect(unpackLz4Compiled(packed.subarray(0, end), out)).toBe(false);
  });

  it('refuses matches that begin before the block', () => {
    expect(unpackLz4Compiled(Uint8Array.of(0x1f, 1, 2, 0, 255, 255, 255, 255, 4), new Uint8Array(1044))).toBe(false);
    expect(unpackLz4Compiled(Uint8Array.of(0x1f, 1, 0, 0, 255, 255, 255, 255, 4), new Uint8Array(1044))).toBe(false);
  });
});
