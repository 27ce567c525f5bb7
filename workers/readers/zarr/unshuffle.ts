import { joinBitsCompiled, joinBytesCompiled } from '../packing/unpack-kernels.ts';

/**
 * Undoes byte shuffling: `from` holds the first bytes of all elements, then all second bytes …; bytes beyond the last
 * whole element were left where they are.
 */
export function unshuffle(from: Uint8Array, to: Uint8Array, itemBytes: number): void {
  const count = Math.floor(from.length / itemBytes);
  if (joinBytesCompiled(from, to, itemBytes)) return copyRest(from, to, count * itemBytes);
  const inWords = count % 4 === 0 && from.byteOffset % 4 === 0 && to.byteOffset % 4 === 0;
  if (inWords && (itemBytes === 2 || itemBytes === 4 || itemBytes === 8)) {
    const source = new Int32Array(from.buffer, from.byteOffset, (count * itemBytes) / 4);
    const target = new Int32Array(to.buffer, to.byteOffset, (count * itemBytes) / 4);
    if (itemBytes === 2) joinPairs(source, target, count / 4);
    else for (let lane = 0; lane < itemBytes / 4; lane++) joinQuads(source, target, count / 4, lane, itemBytes / 4);
  } else {
    for (let plane = 0, at = 0; plane < itemBytes; plane++) {
      for (let i = 0, out = plane; i < count; i++, out += itemBytes) to[out] = from[at++]!;
    }
  }
  copyRest(from, to, count * itemBytes);
}

/** Bytes beyond the last whole element were left where they are. */
function copyRest(from: Uint8Array, to: Uint8Array, whole: number): void {
  if (whole < from.length) to.set(from.subarray(whole), whole);
}

/**
 * Undoes bit shuffling: one row of bits per bit of an element, eight elements to the byte. Counts that are no multiple of
 * eight were never shuffled.
 */
export function unshuffleBits(from: Uint8Array, to: Uint8Array, itemBytes: number): void {
  const count = Math.floor(from.length / itemBytes);
  if (count % 8 !== 0) {
    to.set(from);
    return;
  }
  if (joinBitsCompiled(from, to, itemBytes, count)) return copyRest(from, to, count * itemBytes);
  const row = count / 8;
  for (let byte = 0; byte < itemBytes; byte++) {
    const base = byte * 8 * row;
    for (let group = 0; group < row; group++) {
      // transposes 8 × 8 bits (Warren, Hacker's Delight, 7-3), four rows to the word
      let low =
        from[base + group]! |
        (from[base + row + group]! << 8) |
        (from[base + 2 * row + group]! << 16) |
        (from[base + 3 * row + group]! << 24);
      let high =
        from[base + 4 * row + group]! |
        (from[base + 5 * row + group]! << 8) |
        (from[base + 6 * row + group]! << 16) |
        (from[base + 7 * row + group]! << 24);
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      const first = (low & 0x0f0f0f0f) | ((high & 0x0f0f0f0f) << 4);
      const second = ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0);
      let out = group * 8 * itemBytes + byte;
      for (let i = 0; i < 4; i++, out += itemBytes) to[out] = (first >>> (8 * i)) & 255;
      for (let i = 0; i < 4; i++, out += itemBytes) to[out] = (second >>> (8 * i)) & 255;
    }
  }
  copyRest(from, to, count * itemBytes);
}

/** Four elements of two bytes at a time: a word of each plane becomes two words of elements. */
function joinPairs(source: Int32Array, target: Int32Array, words: number): void {
  for (let i = 0, out = 0; i < words; i++, out += 2) {
    const low = source[i]!;
    const high = source[words + i]!;
    target[out] = (low & 0xff) | ((low & 0xff00) << 8) | ((high & 0xff) << 8) | ((high & 0xff00) << 16);
    target[out + 1] = ((low >>> 16) & 0xff) | ((low >>> 8) & 0xff0000) | ((high >>> 8) & 0xff00) | (high & 0xff000000);
  }
}

/** Four elements at a time, four of their bytes: 4 × 4 bytes are transposed. */
function joinQuads(source: Int32Array, target: Int32Array, words: number, lane: number, lanes: number): void {
  const from = lane * 4 * words;
  for (let i = 0, out = lane; i < words; i++, out += 4 * lanes) {
    const a = source[from + i]!;
    const b = source[from + words + i]!;
    const c = source[from + 2 * words + i]!;
    const d = source[from + 3 * words + i]!;
    target[out] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
    target[out + lanes] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    target[out + 2 * lanes] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    target[out + 3 * lanes] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
}
