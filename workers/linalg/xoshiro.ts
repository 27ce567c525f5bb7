/** Words of xoshiro256** (Blackman & Vigna 2018), computed on 32-bit halves: the same on every machine. */
export interface Xoshiro {
  /** Advances by one word, whose halves are then in `high` and `low`, unsigned. */
  next(): void;
  readonly high: number;
  readonly low: number;
}

/** @param state eight int32, [2 i] the high and [2 i + 1] the low half of word i; not all zero; overwritten. */
export function createXoshiro(state: Int32Array): Xoshiro {
  const s = state;
  return {
    high: 0,
    low: 0,
    next(this: { high: number; low: number }) {
      const h1 = s[2]!;
      const l1 = s[3]!;
      // result = rotl(s1 · 5, 7) · 9
      const l5 = (l1 >>> 0) * 5;
      const h5 = (Math.imul(h1, 5) + Math.floor(l5 / 2 ** 32)) | 0;
      const rotatedHigh = (h5 << 7) | ((l5 | 0) >>> 25);
      const rotatedLow = (((l5 | 0) << 7) | (h5 >>> 25)) >>> 0;
      const l9 = rotatedLow * 9;
      this.high = (Math.imul(rotatedHigh, 9) + Math.floor(l9 / 2 ** 32)) >>> 0;
      this.low = l9 >>> 0;
      // t = s1 << 17
      const th = (h1 << 17) | (l1 >>> 15);
      const tl = l1 << 17;
      s[4]! ^= s[0]!;
      s[5]! ^= s[1]!;
      s[6]! ^= s[2]!;
      s[7]! ^= s[3]!;
      s[2]! ^= s[4]!;
      s[3]! ^= s[5]!;
      s[0]! ^= s[6]!;
      s[1]! ^= s[7]!;
      s[4]! ^= th;
      s[5]! ^= tl;
      // s3 = rotl(s3, 45): the halves change places, then 13 more
      const h3 = s[7]!;
      const l3 = s[6]!;
      s[6] = (h3 << 13) | (l3 >>> 19);
      s[7] = (l3 << 13) | (h3 >>> 19);
    },
  };
}
