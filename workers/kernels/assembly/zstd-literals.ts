// Literals of a block of Zstandard: as they are, repeated, or by codes of Huffman whose weights are coded themselves.
import { bitsAt, bitsOrZeros, endMark, highest, readBits, readTable } from './zstd-codes';

const MAX_HUFFMAN_BITS: i32 = 11;

/** Symbol and bits of each code, two bytes: of one frame at a time. */
const huffman = memory.data(2 << MAX_HUFFMAN_BITS, 16);
const weights = memory.data(256, 16);
const weightTable = memory.data(4 << 6, 16);

/** Bits of the codes; 0 without a table. */
let huffmanBits: i32 = 0;

/** A frame begins without a table of the one before. */
export function forgetHuffman(): void {
  huffmanBits = 0;
}

/** Reads the weights of a Huffman code and builds its table. Returns the bytes they took, 0 when they are damaged. */
function readHuffman(from: usize, end: usize): usize {
  if (from >= end) return 0;
  const head: usize = load<u8>(from);
  let count = 0;
  let taken: usize;
  if (head >= 128) {
    count = <i32>head - 127;
    taken = 1 + ((<usize>count + 1) >> 1);
    if (from + taken > end) return 0;
    for (let i = 0; i < count; i++) {
      const pair: u32 = load<u8>(from + 1 + (<usize>i >> 1));
      store<u8>(weights + <usize>i, i & 1 ? pair & 15 : pair >> 4);
    }
  } else {
    taken = 1 + head;
    if (from + taken > end) return 0;
    const described = readTable(from + 1, from + taken, 6, 256, weightTable);
    if (described == 0) return 0;
    const start = from + 1 + described;
    const bits = readBits;
    let pos = endMark(start, head - described);
    if (pos < 2 * bits) return 0;
    pos -= bits;
    let one: u32 = <u32>bitsAt(start, pos, bits);
    pos -= bits;
    let two: u32 = <u32>bitsAt(start, pos, bits);
    // two states take turns; 255 weights at most, as the last one is not written
    for (;;) {
      if (count > 253) return 0;
      const entry = load<u32>(weightTable + (<usize>one << 2));
      store<u8>(weights + <usize>count, <u8>entry);
      count++;
      const n = <i32>((entry >> 8) & 255);
      pos -= n;
      if (pos < 0) {
        store<u8>(weights + <usize>count, load<u8>(weightTable + (<usize>two << 2)));
        count++;
        break;
      }
      one = two;
      two = (entry >> 16) + <u32>bitsAt(start, pos, n);
    }
  }
  // the weight of the last symbol is what remains
  let sum: u32 = 0;
  for (let i = 0; i < count; i++) {
    const w: u32 = load<u8>(weights + <usize>i);
    if (w > <u32>MAX_HUFFMAN_BITS) return 0;
    if (w > 0) sum += 1 << (w - 1);
  }
  if (sum == 0) return 0;
  const bits = highest(sum) + 1;
  if (bits > MAX_HUFFMAN_BITS) return 0;
  const rest = (1 << bits) - sum;
  if ((rest & (rest - 1)) != 0) return 0;
  store<u8>(weights + <usize>count, <u8>(highest(rest) + 1));
  count++;
  let longest = 0;
  for (let i = 0; i < count; i++) if (load<u8>(weights + <usize>i) == 1) longest++;
  if (longest < 2) return 0;
  let at: usize = 0;
  for (let w = 1; w <= bits; w++) {
    const run: usize = 1 << (w - 1);
    const length: u32 = bits + 1 - w;
    for (let s = 0; s < count; s++) {
      if (<i32>load<u8>(weights + <usize>s) != w) continue;
      if (at + run > <usize>1 << bits) return 0;
      for (let i: usize = 0; i < run; i++, at++) store<u16>(huffman + (at << 1), <u16>(<u32>s | (length << 8)));
    }
  }
  if (at != <usize>1 << bits) return 0;
  huffmanBits = bits;
  return taken;
}

/** The next bits of a stream, highest first: 57 of them at least. */
@inline
function windowAt(from: usize, pos: isize): u64 {
  const at = ((pos + 7) >> 3) - 8;
  return load<u64>(from + <usize>at) << <u64>(64 - (pos - (at << 3)));
}

@inline
function entryOf(window: u64, shift: u64): u64 {
  return load<u16>(huffman + <usize>((window >> shift) << 1));
}

/** Literals of one stream of Huffman codes from its bit `pos` down; false unless they are exactly all. */
function readLiterals(from: usize, pos: isize, out: usize, stop: usize): bool {
  if (pos < 0) return false;
  const bits = huffmanBits;
  const shift: u64 = 64 - bits;
  while (out + 5 <= stop && pos >= 64) {
    let window = windowAt(from, pos);
    for (let i = 0; i < 5; i++) {
      const entry = entryOf(window, shift);
      store<u8>(out, <u8>entry);
      out++;
      window <<= entry >> 8;
      pos -= <isize>(entry >> 8);
    }
  }
  for (; out < stop; out++) {
    if (pos <= 0) return false;
    const entry: u32 = load<u16>(huffman + (<usize>bitsOrZeros(from, pos - bits, bits) << 1));
    store<u8>(out, <u8>entry);
    pos -= <isize>(entry >> 8);
  }
  return pos == 0;
}

/** Literals of four streams, a quarter each, side by side: each waits for its own bits only. */
function readFour(a: usize, b: usize, c: usize, d: usize, end: usize, to: usize, count: usize): bool {
  const part = (count + 3) >> 2;
  if (part * 3 > count) return false;
  let posA = endMark(a, b - a);
  let posB = endMark(b, c - b);
  let posC = endMark(c, d - c);
  let posD = endMark(d, end - d);
  const last = count - part * 3;
  const shift: u64 = 64 - huffmanBits;
  let done: usize = 0;
  while (done + 5 <= last && posA >= 64 && posB >= 64 && posC >= 64 && posD >= 64) {
    let windowA = windowAt(a, posA);
    let windowB = windowAt(b, posB);
    let windowC = windowAt(c, posC);
    let windowD = windowAt(d, posD);
    for (let i = 0; i < 5; i++, done++) {
      const out = to + done;
      const entryA = entryOf(windowA, shift);
      const entryB = entryOf(windowB, shift);
      const entryC = entryOf(windowC, shift);
      const entryD = entryOf(windowD, shift);
      store<u8>(out, <u8>entryA);
      store<u8>(out + part, <u8>entryB);
      store<u8>(out + part * 2, <u8>entryC);
      store<u8>(out + part * 3, <u8>entryD);
      windowA <<= entryA >> 8;
      windowB <<= entryB >> 8;
      windowC <<= entryC >> 8;
      windowD <<= entryD >> 8;
      posA -= <isize>(entryA >> 8);
      posB -= <isize>(entryB >> 8);
      posC -= <isize>(entryC >> 8);
      posD -= <isize>(entryD >> 8);
    }
  }
  const out = to + done;
  return (
    readLiterals(a, posA, out, to + part) &&
    readLiterals(b, posB, out + part, to + part * 2) &&
    readLiterals(c, posC, out + part * 2, to + part * 3) &&
    readLiterals(d, posD, out + part * 3, to + count)
  );
}

/** Where the literals of a block are, how many, and how many bytes their section took. */
export let literalsAt: usize = 0;
export let literalCount: usize = 0;

/** Returns the bytes of the section, 0 when it is damaged. */
export function readLiteralsSection(from: usize, end: usize, literals: usize, most: usize): usize {
  if (from >= end) return 0;
  const head: u64 = bitsAt(from, 0, 40);
  const kind = <i32>(head & 3);
  const format = <i32>((head >> 2) & 3);
  if (kind < 2) {
    const headBytes: usize = format == 1 ? 2 : format == 3 ? 3 : 1;
    const count = <usize>(format == 1 ? (head & 0xffff) >> 4 : format == 3 ? (head & 0xffffff) >> 4 : (head & 255) >> 3);
    const taken = headBytes + (kind == 0 ? count : 1);
    if (count > most || taken > end - from) return 0;
    literalCount = count;
    if (kind == 0) {
      // those at the very end may be read beyond it: there is room behind what is packed
      literalsAt = from + headBytes;
    } else {
      memory.fill(literals, load<u8>(from + headBytes), count);
      literalsAt = literals;
    }
    return taken;
  }
  const headBytes: usize = format < 2 ? 3 : format == 2 ? 4 : 5;
  const width: u64 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const mask = ((<u64>1) << width) - 1;
  const count = <usize>((head >> 4) & mask);
  const size = <usize>((head >> (4 + width)) & mask);
  if (count > most || count == 0 || headBytes + size > end - from) return 0;
  let at = from + headBytes;
  const stop = at + size;
  if (kind == 2) {
    const tree = readHuffman(at, stop);
    if (tree == 0) return 0;
    at += tree;
  } else if (huffmanBits == 0) return 0;
  if (format == 0) {
    if (!readLiterals(at, endMark(at, stop - at), literals, literals + count)) return 0;
  } else {
    if (stop - at < 10) return 0;
    const one: usize = load<u16>(at);
    const two: usize = load<u16>(at, 2);
    const three: usize = load<u16>(at, 4);
    at += 6;
    if (one + two + three >= stop - at) return 0;
    if (!readFour(at, at + one, at + one + two, at + one + two + three, stop, literals, count)) return 0;
  }
  literalCount = count;
  literalsAt = literals;
  return headBytes + size;
}
