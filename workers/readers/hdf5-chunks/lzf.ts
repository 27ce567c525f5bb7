import { copyMatch } from '../zarr/lz4.ts';

/**
 * Unpacks one LZF stream (LibLZF, as h5py's filter writes it) into `to`, which it has to fill exactly.
 * @returns false when it is damaged
 */
export function unpackLzf(from: Uint8Array, to: Uint8Array): boolean {
  const end = from.length;
  let at = 0;
  let out = 0;
  while (at < end) {
    const control = from[at++]!;
    if (control < 32) {
      const literals = control + 1;
      if (at + literals > end || out + literals > to.length) return false;
      for (let i = 0; i < literals; i++) to[out + i] = from[at + i]!;
      at += literals;
      out += literals;
      continue;
    }
    let length = control >> 5;
    if (length === 7) {
      if (at >= end) return false;
      length += from[at++]!;
    }
    if (at >= end) return false;
    const distance = ((control & 31) << 8) + from[at++]! + 1;
    length += 2;
    if (!copyMatch(to, out, distance, length)) return false;
    out += length;
  }
  return out === to.length;
}
