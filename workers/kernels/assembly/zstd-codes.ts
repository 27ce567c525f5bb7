// What all codes of Zstandard share: bits of a stream, and the tables of states that turn them into symbols.

/** Shares of symbols as they are read, and the states that are left to each while a table is built. */
const shares = memory.data(2 * 256, 16);
const states = memory.data(2 * 256, 16);

@inline
export function highest(value: u32): i32 {
  return 31 - <i32>clz(value);
}

/** Bits [pos, pos + n) of a stream from `start` on, n up to 56. */
@inline
export function bitsAt(start: usize, pos: isize, n: i32): u64 {
  return (load<u64>(start + <usize>(pos >> 3)) >> (<u64>pos & 7)) & (((<u64>1) << <u64>n) - 1);
}

/** Position of the mark that ends a stream which is read backwards; −1 when there is none. */
@inline
export function endMark(start: usize, size: usize): isize {
  if (size == 0) return -1;
  const last: u32 = load<u8>(start + size - 1);
  return last == 0 ? -1 : <isize>((size - 1) << 3) + highest(last);
}

/** States of a table from the shares of `count` symbols; false when they do not fill it. */
export function buildTable(table: usize, bits: i32, share: usize, count: i32): bool {
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
export let readBits: i32 = 0;

/** Reads the description of a table and builds it. Returns the bytes it took, 0 when it is damaged. */
export function readTable(from: usize, end: usize, mostBits: i32, mostSymbols: i32, table: usize): usize {
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
export function bitsOrZeros(start: usize, pos: isize, n: i32): u32 {
  if (pos >= 0) return <u32>bitsAt(start, pos, n);
  const there = <isize>n + pos;
  return there <= 0 ? 0 : <u32>(bitsAt(start, 0, <i32>there) << <u64>-pos);
}
