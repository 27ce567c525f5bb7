// Zstandard frames (RFC 8878), small ones: for each of these, starting the library costs more than the frame.
// Whatever is not as expected gives 0, and the library has the last word.

const MAX_HUFFMAN_BITS: i32 = 11;
const LITERAL_LENGTHS: i32 = 0;
const OFFSETS: i32 = 1;
const MATCH_LENGTHS: i32 = 2;

/** Bases of lengths with the number of bits that are added in the highest byte. */
const literalBases = memory.data<u32>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  16 | (1 << 24), 18 | (1 << 24), 20 | (1 << 24), 22 | (1 << 24), 24 | (2 << 24), 28 | (2 << 24), 32 | (3 << 24),
  40 | (3 << 24), 48 | (4 << 24), 64 | (6 << 24), 128 | (7 << 24), 256 | (8 << 24), 512 | (9 << 24), 1024 | (10 << 24),
  2048 | (11 << 24), 4096 | (12 << 24), 8192 | (13 << 24), 16384 | (14 << 24), 32768 | (15 << 24), 65536 | (16 << 24),
]); // prettier-ignore
const matchBases = memory.data<u32>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
  35 | (1 << 24), 37 | (1 << 24), 39 | (1 << 24), 41 | (1 << 24), 43 | (2 << 24), 47 | (2 << 24), 51 | (3 << 24),
  59 | (3 << 24), 67 | (4 << 24), 83 | (4 << 24), 99 | (5 << 24), 131 | (7 << 24), 259 | (8 << 24), 515 | (9 << 24),
  1027 | (10 << 24), 2051 | (11 << 24), 4099 | (12 << 24), 8195 | (13 << 24), 16387 | (14 << 24), 32771 | (15 << 24),
  65539 | (16 << 24),
]); // prettier-ignore
/** Predefined distributions: bits of the table, symbols, then their shares. */
const literalShares = memory.data<i16>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const offsetShares = memory.data<i16>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
const matchShares = memory.data<i16>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]); // prettier-ignore

// Tables, of one frame at a time: entries of four bytes (symbol, bits, base of the next state), those of Huffman two.
const huffman = memory.data(2 << MAX_HUFFMAN_BITS, 16);
const weights = memory.data(256, 16);
const weightTable = memory.data(4 << 6, 16);
const shares = memory.data(2 * 256, 16);
const states = memory.data(2 * 256, 16);
const tables = memory.data(3 * 2048, 16);
const predefined = memory.data(3 * 256, 16);
let isPredefined: bool = false;

/** Bits of the codes; 0 without a table. */
let huffmanBits: i32 = 0;
/** Where the tables of the three kinds of codes are, and of how many bits; −1 without one. */
const tableAt = memory.data(3 * 4, 16);
const tableBits = memory.data(3 * 4, 16);

@inline
function highest(value: u32): i32 {
  return 31 - <i32>clz(value);
}

/** Bits [pos, pos + n) of a stream from `start` on, n up to 56. */
@inline
function bitsAt(start: usize, pos: isize, n: i32): u64 {
  return (load<u64>(start + <usize>(pos >> 3)) >> (<u64>pos & 7)) & (((<u64>1) << <u64>n) - 1);
}

/** Position of the mark that ends a stream which is read backwards; −1 when there is none. */
@inline
function endMark(start: usize, size: usize): isize {
  if (size == 0) return -1;
  const last: u32 = load<u8>(start + size - 1);
  return last == 0 ? -1 : <isize>((size - 1) << 3) + highest(last);
}

/** States of a table from the shares of `count` symbols; false when they do not fill it. */
function buildTable(table: usize, bits: i32, share: usize, count: i32): bool {
  const size = 1 << bits;
  let high = size - 1;
  for (let s = 0; s < count; s++) {
    const p: i32 = load<i16>(share + (<usize>s << 1));
    if (p == -1) {
      if (high < 0) return false;
      store<u32>(table + (<usize>high << 2), s);
      high--;
    }
    store<u16>(states + (<usize>s << 1), p == -1 ? 1 : p);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  const mask = size - 1;
  let at = 0;
  for (let s = 0; s < count; s++) {
    const p: i32 = load<i16>(share + (<usize>s << 1));
    for (let i = 0; i < p; i++) {
      if (high < 0) return false;
      store<u32>(table + (<usize>at << 2), s);
      do at = (at + step) & mask;
      while (at > high);
    }
  }
  if (at != 0) return false;
  for (let i = 0; i < size; i++) {
    const entry = table + (<usize>i << 2);
    const s = load<u32>(entry) & 255;
    const next: u32 = load<u16>(states + (<usize>s << 1));
    if (next == 0) return false;
    store<u16>(states + (<usize>s << 1), <u16>(next + 1));
    const n: u32 = bits - highest(next);
    store<u32>(entry, s | (n << 8) | (((next << n) - size) << 16));
  }
  return true;
}

/** Bits of the table whose description was read last. */
let readBits: i32 = 0;

/** Reads the description of a table and builds it. Returns the bytes it took, 0 when it is damaged. */
function readTable(from: usize, end: usize, mostBits: i32, mostSymbols: i32, table: usize): usize {
  const limit = <isize>(end - from) << 3;
  if (limit < 8) return 0;
  const bits = <i32>bitsAt(from, 0, 4) + 5;
  if (bits > mostBits) return 0;
  let pos: isize = 4;
  let remaining: i32 = 1 << bits;
  let count = 0;
  while (remaining > 0) {
    if (count >= mostSymbols || pos >= limit) return 0;
    const n = highest(remaining + 1) + 1;
    let value = <i32>bitsAt(from, pos, n);
    pos += n;
    const lower = (1 << (n - 1)) - 1;
    const threshold = (1 << n) - 1 - (remaining + 1);
    if ((value & lower) < threshold) {
      pos--;
      value &= lower;
    } else if (value > lower) value -= threshold;
    const p = value - 1;
    remaining -= p < 0 ? -p : p;
    store<i16>(shares + (<usize>count << 1), <i16>p);
    count++;
    if (p == 0) {
      let repeat: i32;
      do {
        if (pos >= limit) return 0;
        repeat = <i32>bitsAt(from, pos, 2);
        pos += 2;
        if (count + repeat > mostSymbols) return 0;
        for (let i = 0; i < repeat; i++, count++) store<i16>(shares + (<usize>count << 1), 0);
      } while (repeat == 3);
    }
  }
  if (remaining != 0 || pos > limit) return 0;
  if (!buildTable(table, bits, shares, count)) return 0;
  readBits = bits;
  return <usize>((pos + 7) >> 3);
}

/** Bits before the beginning of a stream are zeros. */
@inline
function bitsOrZeros(start: usize, pos: isize, n: i32): u32 {
  if (pos >= 0) return <u32>bitsAt(start, pos, n);
  const there = <isize>n + pos;
  return there <= 0 ? 0 : <u32>(bitsAt(start, 0, <i32>there) << <u64>-pos);
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
    for (;;) {
      if (count > 253) return 0;
      let entry = load<u32>(weightTable + (<usize>one << 2));
      store<u8>(weights + <usize>count, <u8>entry);
      count++;
      let n = <i32>((entry >> 8) & 255);
      pos -= n;
      one = (entry >> 16) + bitsOrZeros(start, pos, n);
      if (pos < 0) {
        store<u8>(weights + <usize>count, load<u8>(weightTable + (<usize>two << 2)));
        count++;
        break;
      }
      entry = load<u32>(weightTable + (<usize>two << 2));
      store<u8>(weights + <usize>count, <u8>entry);
      count++;
      n = <i32>((entry >> 8) & 255);
      pos -= n;
      two = (entry >> 16) + bitsOrZeros(start, pos, n);
      if (pos < 0) {
        store<u8>(weights + <usize>count, load<u8>(weightTable + (<usize>one << 2)));
        count++;
        break;
      }
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
let literalsAt: usize = 0;
let literalCount: usize = 0;

/** Returns the bytes of the section, 0 when it is damaged. */
function readLiteralsSection(from: usize, end: usize, literals: usize, most: usize): usize {
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

function setTable(kind: i32, table: usize, bits: i32): void {
  store<u32>(tableAt + (<usize>kind << 2), <u32>table);
  store<i32>(tableBits + (<usize>kind << 2), bits);
}

/** The table of one kind of codes as a block tells it. Returns where the next begins, 0 when it is damaged. */
function chooseTable(kind: i32, mode: i32, from: usize, end: usize): usize {
  const own = tables + 2048 * <usize>kind;
  const symbols = kind == LITERAL_LENGTHS ? 36 : kind == OFFSETS ? 32 : 53;
  if (mode == 0) {
    setTable(kind, predefined + 256 * <usize>kind, kind == OFFSETS ? 5 : 6);
    return from;
  }
  if (mode == 1) {
    if (from >= end) return 0;
    const symbol: u32 = load<u8>(from);
    if (<i32>symbol >= symbols) return 0;
    store<u32>(own, symbol);
    setTable(kind, own, 0);
    return from + 1;
  }
  if (mode == 3) return load<i32>(tableBits + (<usize>kind << 2)) < 0 ? 0 : from;
  const taken = readTable(from, end, kind == OFFSETS ? 8 : 9, symbols, own);
  if (taken == 0) return 0;
  setTable(kind, own, readBits);
  return from + taken;
}

@inline
function copyWild(to: usize, from: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}

/** Repeats what stands `distance` before; up to 15 bytes behind it may be written. */
function copyMatch(out: usize, distance: usize, length: usize): void {
  let from = out - distance;
  if (distance >= 16) copyWild(out, from, length);
  else if (distance == 1) memory.fill(out, load<u8>(from), length);
  else if (distance >= 8) {
    for (let i: usize = 0; i < length; i += 8) store<u64>(out + i, load<u64>(from + i));
  } else for (const stop = out + length; out < stop; out++, from++) store<u8>(out, load<u8>(from));
}

// Distances that may be repeated, kept from block to block of a frame.
let repeat1: usize = 1;
let repeat2: usize = 4;
let repeat3: usize = 8;

/** Sequences of a block: literals and matches in turn. Returns where the output ends, 0 when they are damaged. */
function runSequences(from: usize, end: usize, to: usize, first: usize, limit: usize): usize {
  let out = first;
  let literal = literalsAt;
  const literalEnd = literalsAt + literalCount;
  if (from >= end) return 0;
  let count: u32 = load<u8>(from++);
  if (count >= 128) {
    if (end - from < 2) return 0;
    if (count < 255) count = ((count - 128) << 8) + load<u8>(from++);
    else {
      count = <u32>load<u16>(from) + 0x7f00;
      from += 2;
    }
  }
  if (count > 0) {
    if (from >= end) return 0;
    const modes: i32 = load<u8>(from++);
    if ((modes & 3) != 0) return 0;
    from = chooseTable(LITERAL_LENGTHS, modes >> 6, from, end);
    if (from == 0) return 0;
    from = chooseTable(OFFSETS, (modes >> 4) & 3, from, end);
    if (from == 0) return 0;
    from = chooseTable(MATCH_LENGTHS, (modes >> 2) & 3, from, end);
    if (from == 0) return 0;
    let pos = endMark(from, end - from);
    const literalTable: usize = load<u32>(tableAt);
    const offsetTable: usize = load<u32>(tableAt, 4);
    const matchTable: usize = load<u32>(tableAt, 8);
    const literalBits = load<i32>(tableBits);
    const offsetBits = load<i32>(tableBits, 4);
    const matchBits = load<i32>(tableBits, 8);
    pos -= literalBits + offsetBits + matchBits;
    if (pos < 0) return 0;
    let literalState = <u32>bitsAt(from, pos + offsetBits + matchBits, literalBits);
    let offsetState = <u32>bitsAt(from, pos + matchBits, offsetBits);
    let matchState = <u32>bitsAt(from, pos, matchBits);
    for (;;) {
      const l = load<u32>(literalTable + (<usize>literalState << 2));
      const o = load<u32>(offsetTable + (<usize>offsetState << 2));
      const m = load<u32>(matchTable + (<usize>matchState << 2));
      const code = <i32>(o & 255);
      const literalBase = load<u32>(literalBases + (<usize>(l & 255) << 2));
      const matchBase = load<u32>(matchBases + (<usize>(m & 255) << 2));
      const more = <i32>(literalBase >> 24);
      const matchMore = <i32>(matchBase >> 24);
      if (code > 31) return 0;
      pos -= code + matchMore + more;
      if (pos < 0) return 0;
      const value = <usize>((<u64>1 << <u64>code) + bitsAt(from, pos + matchMore + more, code));
      const length = <usize>(matchBase & 0xffffff) + <usize>bitsAt(from, pos + more, matchMore);
      const literals = <usize>(literalBase & 0xffffff) + <usize>bitsAt(from, pos, more);
      let distance: usize;
      if (value > 3) {
        distance = value - 3;
        repeat3 = repeat2;
        repeat2 = repeat1;
        repeat1 = distance;
      } else {
        const which = value - 1 + (literals == 0 ? 1 : 0);
        if (which == 0) distance = repeat1;
        else {
          distance = which == 1 ? repeat2 : which == 2 ? repeat3 : repeat1 - 1;
          if (which > 1) repeat3 = repeat2;
          repeat2 = repeat1;
          repeat1 = distance;
        }
      }
      if (literals > literalEnd - literal || literals > limit - out) return 0;
      copyWild(out, literal, literals);
      literal += literals;
      out += literals;
      if (distance == 0 || distance > out - to || length > limit - out) return 0;
      copyMatch(out, distance, length);
      out += length;
      if (--count == 0) break;
      const literalNext = <i32>((l >> 8) & 255);
      const offsetNext = <i32>((o >> 8) & 255);
      const matchNext = <i32>((m >> 8) & 255);
      pos -= literalNext + matchNext + offsetNext;
      if (pos < 0) return 0;
      literalState = (l >> 16) + <u32>bitsAt(from, pos + matchNext + offsetNext, literalNext);
      matchState = (m >> 16) + <u32>bitsAt(from, pos + offsetNext, matchNext);
      offsetState = (o >> 16) + <u32>bitsAt(from, pos, offsetNext);
    }
    if (pos != 0) return 0;
  } else if (from != end) return 0;
  const left = literalEnd - literal;
  if (left > limit - out) return 0;
  memory.copy(out, literal, left);
  return out + left;
}

function predefine(): void {
  if (isPredefined) return;
  buildTable(predefined, 6, literalShares, 36);
  buildTable(predefined + 256, 5, offsetShares, 29);
  buildTable(predefined + 512, 6, matchShares, 53);
  isPredefined = true;
}

/**
 * Unpacks one Zstandard frame [from, from + size) without a checksum into [to, to + capacity), which it has to fill
 * exactly. Behind the packed bytes, the target and `literals` (capacity bytes) there have to be 32 bytes more: they may
 * be read, and written.
 * @returns 1; 0 when the frame is damaged or of a kind that is left to the library
 */
export function unpackZstd(from: usize, size: usize, to: usize, capacity: usize, literals: usize): i32 {
  const end = from + size;
  if (size < 6 || load<u32>(from) != 0xfd2fb528) return 0;
  const descriptor: u32 = load<u8>(from + 4);
  // reserved bit, checksum, dictionary
  if ((descriptor & 0b1111) != 0) return 0;
  const single = (descriptor >> 5) & 1;
  const flag = descriptor >> 6;
  const sizeBytes: usize = flag == 0 ? <usize>single : <usize>1 << <usize>flag;
  let at = from + 5 + (single ? 0 : 1);
  if (at + sizeBytes > end) return 0;
  if (sizeBytes > 0) {
    const told = sizeBytes == 8 ? load<u64>(at) : bitsAt(at, 0, <i32>sizeBytes << 3) + (flag == 1 ? 256 : 0);
    if (told != <u64>capacity) return 0;
  }
  at += sizeBytes;
  predefine();
  huffmanBits = 0;
  setTable(LITERAL_LENGTHS, 0, -1);
  setTable(OFFSETS, 0, -1);
  setTable(MATCH_LENGTHS, 0, -1);
  repeat1 = 1;
  repeat2 = 4;
  repeat3 = 8;
  let out = to;
  const limit = to + capacity;
  for (;;) {
    if (end - at < 3) return 0;
    const head = <u32>bitsAt(at, 0, 24);
    at += 3;
    const kind = (head >> 1) & 3;
    const length: usize = head >> 3;
    if (kind == 1) {
      if (at >= end || length > limit - out) return 0;
      memory.fill(out, load<u8>(at), length);
      at++;
      out += length;
    } else if (length > end - at) return 0;
    else if (kind == 0) {
      if (length > limit - out) return 0;
      memory.copy(out, at, length);
      at += length;
      out += length;
    } else if (kind == 2) {
      const taken = readLiteralsSection(at, at + length, literals, capacity);
      if (taken == 0) return 0;
      out = runSequences(at + taken, at + length, to, out, limit);
      if (out == 0) return 0;
      at += length;
    } else return 0;
    if (head & 1) break;
  }
  return at == end && out == limit ? 1 : 0;
}
