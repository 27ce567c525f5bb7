import { copyMatch } from './lz4.ts';

const farthestShort = 8191;

/**
 * Unpacks one BloscLZ stream (FastLZ with distances beyond 8191) into `to`, which it has to fill exactly.
 * @returns false when it is damaged
 */
export function unpackBloscLz(from: Uint8Array, to: Uint8Array): boolean {
  const end = from.length;
  if (end === 0) return to.length === 0;
  let at = 1;
  let out = 0;
  let control = from[0]! & 31;
  for (;;) {
    if (control >= 32) {
      let length = (control >> 5) - 1;
      const high = (control & 31) << 8;
      if (length === 6) {
        let more: number;
        do {
          if (at >= end) return false;
          more = from[at++]!;
          length += more;
        } while (more === 255);
      }
      if (at >= end) return false;
      const low = from[at++]!;
      length += 3;
      let distance = high + low + 1;
      if (low === 255 && high === 31 << 8) {
        if (at + 2 > end) return false;
        distance = ((from[at]! << 8) | from[at + 1]!) + farthestShort + 1;
        at += 2;
      }
      if (!copyMatch(to, out, distance, length)) return false;
      out += length;
    } else {
      const literals = control + 1;
      if (at + literals > end || out + literals > to.length) return false;
      for (let i = 0; i < literals; i++) to[out + i] = from[at + i]!;
      at += literals;
      out += literals;
    }
    if (at >= end) break;
    control = from[at++]!;
  }
  return out === to.length;
}
