// Undoing what data were packed with: LZ4, shuffled bytes, shuffled bits.

/** One byte's worth of 255s added to a length. */
const MORE: u32 = 255;

/**
 * Unpacks the LZ4 block [from, from + size) into [to, to + capacity), which it has to fill exactly.
 * @returns 1; 0 when the stream leaves its bounds or does not fill the target. Bytes of the target may be written twice,
 * none outside of it.
 */
export function unpackLz4(from: usize, size: usize, to: usize, capacity: usize): i32 {
  let at = from;
  const end = from + size;
  let out = to;
  const limit = to + capacity;
  while (at < end) {
    const token: u32 = load<u8>(at++);
    let literals: usize = token >> 4;
    if (literals == 15) {
      let more: u32;
      do {
        if (at >= end) return 0;
        more = load<u8>(at++);
        literals += more;
      } while (more == MORE);
    }
    if (literals > end - at || literals > limit - out) return 0;
    if (literals <= 16 && end - at >= 16 && limit - out >= 16) v128.store(out, v128.load(at));
    else memory.copy(out, at, literals);
    at += literals;
    out += literals;
    // the last sequence has no match
    if (at >= end) break;
    if (end - at < 2) return 0;
    const distance: usize = load<u16>(at);
    at += 2;
    let length: usize = token & 15;
    if (length == 15) {
      let more: u32;
      do {
        if (at >= end) return 0;
        more = load<u8>(at++);
        length += more;
      } while (more == MORE);
    }
    length += 4;
    if (distance == 0 || distance > out - to || length > limit - out) return 0;
    repeat(out, distance, length, limit);
    out += length;
  }
  return out == limit ? 1 : 0;
}

/** Repeats what stands `distance` before; the target may be written up to its limit beyond `length`. */
function repeat(out: usize, distance: usize, length: usize, limit: usize): void {
  const stop = out + length;
  let source = out - distance;
  if (distance >= length && length > 64) {
    memory.copy(out, source, length);
  } else if (distance >= 16 && limit - stop >= 16) {
    for (; out < stop; out += 16, source += 16) v128.store(out, v128.load(source));
  } else if (distance >= 8 && limit - stop >= 16) {
    for (; out < stop; out += 8, source += 8) store<u64>(out, load<u64>(source));
  } else if (distance == 1) {
    memory.fill(out, load<u8>(source), length);
  } else if (length < 32) {
    for (; out < stop; out++, source++) store<u8>(out, load<u8>(source));
  } else {
    // doubles what is there until it is long enough
    let step = distance;
    while (out < stop) {
      const n = step < stop - out ? step : stop - out;
      memory.copy(out, source, n);
      out += n;
      step += n;
    }
  }
}

/** n elements of `width` bytes: all first bytes, then all second bytes … at `from` become elements at `to`. */
export function joinBytes(n: i32, width: i32, from: usize, to: usize): void {
  const plane = <usize>n;
  let i: i32 = 0;
  if (width == 2) {
    for (; i + 16 <= n; i += 16) {
      const a = v128.load(from + i);
      const b = v128.load(from + plane + i);
      const t = to + (<usize>i << 1);
      v128.store(t, low(a, b));
      v128.store(t, high(a, b), 16);
    }
  } else if (width == 4) {
    for (; i + 16 <= n; i += 16) {
      join4(from + i, plane, to + (<usize>i << 2));
    }
  } else if (width == 8) {
    for (; i + 16 <= n; i += 16) {
      const a = from + i;
      const ac0 = low(v128.load(a), v128.load(a + 4 * plane));
      const ac1 = high(v128.load(a), v128.load(a + 4 * plane));
      const bd0 = low(v128.load(a + plane), v128.load(a + 5 * plane));
      const bd1 = high(v128.load(a + plane), v128.load(a + 5 * plane));
      const eg0 = low(v128.load(a + 2 * plane), v128.load(a + 6 * plane));
      const eg1 = high(v128.load(a + 2 * plane), v128.load(a + 6 * plane));
      const fh0 = low(v128.load(a + 3 * plane), v128.load(a + 7 * plane));
      const fh1 = high(v128.load(a + 3 * plane), v128.load(a + 7 * plane));
      const t = to + (<usize>i << 3);
      join8(ac0, bd0, eg0, fh0, t);
      join8(ac1, bd1, eg1, fh1, t + 64);
    }
  }
  for (let byte: i32 = 0; byte < width; byte++) {
    let source = from + <usize>byte * plane + <usize>i;
    let target = to + <usize>i * <usize>width + <usize>byte;
    for (let k = i; k < n; k++, source++, target += <usize>width) store<u8>(target, load<u8>(source));
  }
}

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Sixteen elements of four bytes. */
// @ts-ignore: decorator
@inline
function join4(a: usize, plane: usize, t: usize): void {
  const p0 = v128.load(a);
  const p1 = v128.load(a + plane);
  const p2 = v128.load(a + 2 * plane);
  const p3 = v128.load(a + 3 * plane);
  const even0 = low(p0, p2);
  const even1 = high(p0, p2);
  const odd0 = low(p1, p3);
  const odd1 = high(p1, p3);
  v128.store(t, low(even0, odd0));
  v128.store(t, high(even0, odd0), 16);
  v128.store(t, low(even1, odd1), 32);
  v128.store(t, high(even1, odd1), 48);
}

/** Eight elements of eight bytes: pairs of planes (0, 4), (1, 5), (2, 6), (3, 7) are joined already. */
// @ts-ignore: decorator
@inline
function join8(p04: v128, p15: v128, p26: v128, p37: v128, t: usize): void {
  const even0 = low(p04, p26);
  const even1 = high(p04, p26);
  const odd0 = low(p15, p37);
  const odd1 = high(p15, p37);
  v128.store(t, low(even0, odd0));
  v128.store(t, high(even0, odd0), 16);
  v128.store(t, low(even1, odd1), 32);
  v128.store(t, high(even1, odd1), 48);
}

/**
 * n elements (a multiple of 8) of `width` bytes: one row of bits per bit of an element at `from` becomes planes of bytes
 * at `to`, for joinBytes. 8 × 8 bits are transposed (Warren, Hacker's Delight, 7-3), sixteen blocks at a time.
 */
export function joinBits(n: i32, width: i32, from: usize, to: usize): void {
  const row = <usize>n >> 3;
  for (let byte: i32 = 0; byte < width; byte++) {
    let source = from + <usize>byte * 8 * row;
    let target = to + <usize>byte * <usize>n;
    let group: usize = 0;
    for (; group + 16 <= row; group += 16, source += 16, target += 128) sixteenBlocks(source, row, target);
    for (; group < row; group++, source++, target += 8) oneBlock(source, row, target);
  }
}

function oneBlock(source: usize, row: usize, target: usize): void {
  let x: u64 = 0;
  for (let j: usize = 0; j < 8; j++) x |= <u64>load<u8>(source + j * row) << (8 * j);
  let t = (x ^ (x >> 7)) & 0x00aa00aa00aa00aa;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000cccc0000cccc;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000f0f0f0f0;
  x ^= t ^ (t << 28);
  store<u64>(target, x);
}

function sixteenBlocks(source: usize, row: usize, target: usize): void {
  let r0 = v128.load(source);
  let r1 = v128.load(source + row);
  let r2 = v128.load(source + 2 * row);
  let r3 = v128.load(source + 3 * row);
  let r4 = v128.load(source + 4 * row);
  let r5 = v128.load(source + 5 * row);
  let r6 = v128.load(source + 6 * row);
  let r7 = v128.load(source + 7 * row);
  let t: v128;
  const nibbles = i8x16.splat(0x0f);
  t = v128.and(v128.xor(i16x8.shr_u(r0, 4), r4), nibbles);
  r4 = v128.xor(r4, t);
  r0 = v128.xor(r0, i16x8.shl(t, 4));
  t = v128.and(v128.xor(i16x8.shr_u(r1, 4), r5), nibbles);
  r5 = v128.xor(r5, t);
  r1 = v128.xor(r1, i16x8.shl(t, 4));
  t = v128.and(v128.xor(i16x8.shr_u(r2, 4), r6), nibbles);
  r6 = v128.xor(r6, t);
  r2 = v128.xor(r2, i16x8.shl(t, 4));
  t = v128.and(v128.xor(i16x8.shr_u(r3, 4), r7), nibbles);
  r7 = v128.xor(r7, t);
  r3 = v128.xor(r3, i16x8.shl(t, 4));
  const pairs = i8x16.splat(0x33);
  t = v128.and(v128.xor(i16x8.shr_u(r0, 2), r2), pairs);
  r2 = v128.xor(r2, t);
  r0 = v128.xor(r0, i16x8.shl(t, 2));
  t = v128.and(v128.xor(i16x8.shr_u(r1, 2), r3), pairs);
  r3 = v128.xor(r3, t);
  r1 = v128.xor(r1, i16x8.shl(t, 2));
  t = v128.and(v128.xor(i16x8.shr_u(r4, 2), r6), pairs);
  r6 = v128.xor(r6, t);
  r4 = v128.xor(r4, i16x8.shl(t, 2));
  t = v128.and(v128.xor(i16x8.shr_u(r5, 2), r7), pairs);
  r7 = v128.xor(r7, t);
  r5 = v128.xor(r5, i16x8.shl(t, 2));
  const bits = i8x16.splat(0x55);
  t = v128.and(v128.xor(i16x8.shr_u(r0, 1), r1), bits);
  r1 = v128.xor(r1, t);
  r0 = v128.xor(r0, i16x8.shl(t, 1));
  t = v128.and(v128.xor(i16x8.shr_u(r2, 1), r3), bits);
  r3 = v128.xor(r3, t);
  r2 = v128.xor(r2, i16x8.shl(t, 1));
  t = v128.and(v128.xor(i16x8.shr_u(r4, 1), r5), bits);
  r5 = v128.xor(r5, t);
  r4 = v128.xor(r4, i16x8.shl(t, 1));
  t = v128.and(v128.xor(i16x8.shr_u(r6, 1), r7), bits);
  r7 = v128.xor(r7, t);
  r6 = v128.xor(r6, i16x8.shl(t, 1));
  // row i holds element i of each of the sixteen blocks: blocks one after another
  join8(low(r0, r4), low(r1, r5), low(r2, r6), low(r3, r7), target);
  join8(high(r0, r4), high(r1, r5), high(r2, r6), high(r3, r7), target + 64);
}
