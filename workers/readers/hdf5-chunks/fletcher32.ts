/** Sums of 16-bit words stay below 2³² for so many words. */
const run = 360;

/** Fletcher's checksum of 16-bit big-endian words as HDF5 computes it; a last single byte is the high byte of a word. */
export function fletcher32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  const words = bytes.length >> 1;
  for (let word = 0, at = 0; word < words;) {
    const end = Math.min(words, word + run);
    for (; word < end; word++, at += 2) {
      low += (bytes[at]! << 8) | bytes[at + 1]!;
      high += low;
    }
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  if (bytes.length % 2 === 1) {
    low += bytes.at(-1)! << 8;
    high += low;
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  low = (low & 0xffff) + (low >>> 16);
  high = (high & 0xffff) + (high >>> 16);
  return ((high << 16) | low) >>> 0;
}

/** Writers before HDF5 1.6.3 on little-endian machines stored the bytes of each half the other way round. */
const swapped = (sum: number): number => (((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff)) >>> 0;

/** The bytes in front of their checksum; null when it is not theirs. */
export function withoutFletcher32(bytes: Uint8Array): Uint8Array | null {
  const end = bytes.length - 4;
  if (end < 0) return null;
  const data = bytes.subarray(0, end);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
  const found = fletcher32(data);
  return stored === found || stored === swapped(found) ? data : null;
}
