import { copyMatch } from './lz4.ts';

/**
 * Unpacks one Snappy block into `to`, whose length has to be the one that it declares.
 * @returns false when it is damaged
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unpackSnappy(from: Uint8Array, to: Uint8Array): boolean {
  const end = from.length;
  let at = 0;
  let declared = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) return false;
    const byte = from[at++]!;
    declared += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (declared !== to.length) return false;
  let out = 0;
  while (at < end) {
    const tag = from[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const extra = length - 59;
        if (at + extra > end) return false;
        length = 0;
        for (let i = 0; i < extra; i++) length += from[at + i]! * 2 ** (8 * i);
        at += extra;
      }
      length += 1;
      if (at + length > end || out + length > to.length) return false;
      to.set(from.subarray(at, at + length), out);
      at += length;
      out += length;
      continue;
    }
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    if (at + bytes > end) return false;
    let distance = 0;
    for (let i = 0; i < bytes; i++) distance += from[at + i]! * 2 ** (8 * i);
    at += bytes;
    if (kind === 1) distance += (tag >> 5) << 8;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    if (!copyMatch(to, out, distance, length)) return false;
    out += length;
  }
  return out === to.length;
}
