import { unpackLz4Compiled } from '../packing/unpack-kernels.ts';

/**
 * Unpacks one LZ4 block into `to`, which it has to fill exactly.
 * @returns false when the stream leaves its bounds or does not fill the target: it is damaged
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function unpackLz4(from: Uint8Array, to: Uint8Array): boolean {
  const compiled = unpackLz4Compiled(from, to);
  if (compiled !== null) return compiled;
  const end = from.length;
  const size = to.length;
  let at = 0;
  let out = 0;
  while (at < end) {
    const token = from[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (at >= end) return false;
        more = from[at++]!;
        literals += more;
      } while (more === 255);
    }
    if (literals > 0) {
      if (at + literals > end || out + literals > size) return false;
      if (literals < 32) for (let i = 0; i < literals; i++) to[out + i] = from[at + i]!;
      else to.set(from.subarray(at, at + literals), out);
      at += literals;
      out += literals;
    }
    // the last sequence has no match
    if (at >= end) break;
    if (at + 2 > end) return false;
    const distance = from[at]! | (from[at + 1]! << 8);
    at += 2;
    let length = token & 15;
    if (length === 15) {
      let more: number;
      do {
        if (at >= end) return false;
        more = from[at++]!;
        length += more;
      } while (more === 255);
    }
    length += 4;
    if (!copyMatch(to, out, distance, length)) return false;
    out += length;
  }
  return out === size;
}

/** Repeats what was written `distance` bytes before; source and target may overlap, as in every LZ77 format. */
export function copyMatch(to: Uint8Array, out: number, distance: number, length: number): boolean {
  const ref = out - distance;
  if (distance === 0 || ref < 0 || out + length > to.length) return false;
  if (length < 24) {
    for (let i = 0; i < length; i++) to[out + i] = to[ref + i]!;
  } else if (distance >= length) {
    to.copyWithin(out, ref, ref + length);
  } else if (distance === 1) {
    to.fill(to[ref]!, out, out + length);
  } else {
    // doubles what is there until it is long enough
    let done = 0;
    for (let step = distance; done < length; step = distance + done) {
      const n = Math.min(step, length - done);
      to.copyWithin(out + done, ref, ref + n);
      done += n;
    }
  }
  return true;
}
