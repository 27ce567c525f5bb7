import { seal } from './seal.ts';

/* Damage to files: what happens to them on bad drives and broken networks, and what somebody might do on purpose. */

/** Small repeatable generator (mulberry32): numbers in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const extremes = [0x00, 0xff, 0x7f, 0x80, 0x01, 0x20];
const hugeNumbers = ['-1', '0', '4294967295', '99999999999999999999', '1e308', 'NaN', '2147483648', '65536', ''];

/** Places of decimal numbers in text, so that what a header of text announces can be changed. */
function numberAt(bytes: Buffer, from: number): [start: number, end: number] | null {
  const isDigit = (at: number): boolean => bytes[at]! >= 0x30 && bytes[at]! <= 0x39;
  for (let at = from; at < Math.min(bytes.length, from + 400); at++) {
    if (!isDigit(at)) continue;
    let end = at;
    while (end < bytes.length && isDigit(end)) end++;
    return [at, end];
  }
  return null;
}

/** One of many kinds of damage: bits, bytes, words of extreme value, a cut, a piece doubled, taken out, moved or zeroed, an end grown. */
export function damage(bytes: Uint8Array, random: () => number): Buffer {
  const below = (n: number): number => Math.floor(random() * Math.max(1, n));
  let out = Buffer.from(bytes);
  const times = 1 + below(3);
  for (let i = 0; i < times; i++) {
    // headers are at the front, lists of contents at the end: most of the damage goes there
    const where = random();
    const at =
      where < 0.45
        ? below(Math.min(out.length, 512))
        : where < 0.65
          ? Math.min(out.length - 1, Math.floor(out.length ** random()))
          : where < 0.75
            ? Math.max(0, out.length - 1 - below(256))
            : below(out.length);
    switch (below(10)) {
      case 0:
        out[at] = out[at]! ^ (1 << below(8));
        break;
      case 1:
        out[at] = below(256);
        break;
      case 2:
        out.fill(extremes[below(extremes.length)]!, at, Math.min(out.length, at + [1, 2, 4, 8][below(4)]!));
        break;
      case 3:
        return out.subarray(0, at);
      case 4: {
        const piece = out.subarray(below(at + 1), at);
        out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]).subarray(0, 2 * bytes.length + 64);
        break;
      }
      case 5:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + below(16))]);
        break;
      case 6:
        out.copyWithin(at, below(out.length), Math.min(out.length, below(out.length) + 8));
        break;
      case 7: {
        // a size that became another one
        const word = [2, 4, 8][below(3)]!;
        if (at + word > out.length) break;
        const value = [1, 255, 65535, 0x7fffffff, 0xffffffff, below(1 << 20)][below(6)]!;
        if (random() < 0.5) out.writeUIntLE(value % 2 ** (8 * Math.min(word, 4)), at, Math.min(word, 4));
        else out.writeUIntBE(value % 2 ** (8 * Math.min(word, 4)), at, Math.min(word, 4));
        break;
      }
      case 8: {
        // more behind the end than there was
        const more = Buffer.alloc(below(2 ** below(17)), extremes[below(extremes.length)]!);
        out = Buffer.concat([out, random() < 0.5 ? more : out.subarray(0, more.length)]);
        break;
      }
      default: {
        const found = numberAt(out, at);
        if (found === null) break;
        const told = Buffer.from(hugeNumbers[below(hugeNumbers.length)]!);
        out = Buffer.concat([out.subarray(0, found[0]), told, out.subarray(found[1])]);
      }
    }
    if (out.length === 0) return out;
  }
  return random() < 0.5 ? seal(out) : out;
}
