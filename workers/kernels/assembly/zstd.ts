// Zstandard frames (RFC 8878), small ones: for each of these, starting the library costs more than the frame.
// Whatever is not as expected gives 0, and the library has the last word.
import { bitsAt, buildTable, endMark, readBits, readTable } from './zstd-codes';
import { forgetHuffman, literalCount, literalsAt, readLiteralsSection } from './zstd-literals';

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

// Tables, of one frame at a time: entries of four bytes (symbol, bits, base of the next state).
const tables = memory.data(3 * 2048, 16);
const predefined = memory.data(3 * 256, 16);
let isPredefined: bool = false;

/** Where the tables of the three kinds of codes are, and of how many bits; −1 without one. */
const tableAt = memory.data(3 * 4, 16);
const tableBits = memory.data(3 * 4, 16);

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
  forgetHuffman();
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
