import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { createXoshiro } from './xoshiro.ts';

describe('seeded random numbers', () => {
  it('follow the reference implementation of xoshiro256**', () => {
    // state 1, 2, 3, 4; first words as the authors' C program prints them
    const state = Int32Array.from([0, 1, 0, 2, 0, 3, 0, 4]);
    const words = createXoshiro(state);
    const drawn = Array.from({ length: 6 }, () => {
      words.next();
      return (BigInt(words.high) << 32n) | BigInt(words.low);
    });
    expect(drawn).toEqual([11520n, 0n, 1509978240n, 1215971899390074240n, 1216172134540287360n, 607988272756665600n]);
  });

  it('follow a 64-bit computation over many steps', () => {
    const mask = (1n << 64n) - 1n;
    const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & mask;
    const s = [0x0123456789abcdefn, 0xfedcba9876543210n, 0xdeadbeefcafebaben, 0x8000000080000001n];
    const state = Int32Array.from(s.flatMap((x) => [Number(x >> 32n) | 0, Number(x & 0xffffffffn) | 0]));
    const words = createXoshiro(state);
    for (let step = 0; step < 2000; step++) {
      const expected = (rotl((s[1]! * 5n) & mask, 7n) * 9n) & mask;
      const t = (s[1]! << 17n) & mask;
      s[2]! ^= s[0]!;
      s[3]! ^= s[1]!;
      s[1]! ^= s[2]!;
      s[0]! ^= s[3]!;
      s[2]! ^= t;
      s[3] = rotl(s[3]!, 45n);
      words.next();
      expect((BigInt(words.high) << 32n) | BigInt(words.low)).toBe(expected);
    }
  });

  it('repeat with the same seed and differ with another', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 100 }, () => random.gaussian());
    };
    expect(draw(7)).toEqual(draw(7));
    const starts = new Set(Array.from({ length: 5000 }, (_, seed) => createRandom(seed - 2500).uniform()));
    expect(starts.size).toBe(5000);
    expect(createRandom(2 ** 32).uniform()).not.toBe(createRandom(0).uniform());
  });

  it('have the moments of their distributions', () => {
    const random = createRandom(3);
    const n = 200_000;
    const moments = (draw: () => number): number[] => {
      const sums = [0, 0, 0, 0];
      for (let i = 0; i < n; i++) {
        const x = draw();
        for (let p = 0; p < 4; p++) sums[p]! += x ** (p + 1) / n;
      }
      return sums;
    };
    const close = (found: number[], expected: number[], tolerance: number): void =>
      found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance));
    close(moments(random.uniform), [1 / 2, 1 / 3, 1 / 4, 1 / 5], 0.004);
    close(moments(random.gaussian), [0, 1, 0, 3], 0.06);
  });

  it('draw whole numbers evenly and permutations that hold each number once', () => {
    const random = createRandom(5);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++;
    // χ² with 6 degrees of freedom exceeds 30 once in 25 000
    expect(counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0)).toBeLessThan(30);
    expect([...random.permutation(100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(random.integer(1)).toBe(0);
    expect(random.integer(2 ** 40)).toBeLessThan(2 ** 40);
  });

  it('fork into streams that depend on the label alone', () => {
    const random = createRandom(1);
    const before = random.fork('maps').uniform();
    random.uniform();
    expect(random.fork('maps').uniform()).toBe(before);
    const streams = [0, 1, 2, '0', '1', 'maps', 'spectra'].map((label) => random.fork(label).uniform());
    expect(new Set([...streams, createRandom(1).uniform()]).size).toBe(8);
    // no correlation between neighbouring streams
    const [a, b] = [random.fork(0), random.fork(1)];
    let sum = 0;
    for (let i = 0; i < 10_000; i++) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    expect(Math.abs((sum / 10_000) * 12)).toBeLessThan(0.05);
  });
});
