// Counts of the pixels of Bruker's maps; how they are stored is told in readers/bruker/hypermap-records.ts. Nothing is read
// outside of a record that lies whole in the memory, and nothing written outside of the wanted channels.

/** Bytes of a record before its counts. */
const HEADER: usize = 22;

// @ts-ignore: decorator
@inline
function add<T>(counts: usize, channel: u32, more: u32): void {
  const at = counts + <usize>channel * sizeof<T>();
  store<T>(at, <T>(<u32>load<T>(at) + more));
}

// @ts-ignore: decorator
@inline
function addPulse<T>(counts: usize, channel: u32, channels: u32): void {
  if (channel < channels) add<T>(counts, channel, 1);
}

/** One u16 per pulse, the channel it fell into. Channels below the first wanted one wrap round and are left out. */
function addPulses<T>(from: usize, pulses: u32, counts: usize, first: u32, channels: u32): void {
  for (const end = from + 2 * pulses; from < end; from += 2) addPulse<T>(counts, <u32>load<u16>(from) - first, channels);
}

/** Four channels of 12 bits in six bytes: a stream of bits whose bytes are swapped in pairs. */
function addPacked<T>(at: usize, pulses: u32, counts: usize, first: u32, channels: u32): void {
  for (let left = pulses; left > 0; left -= 4, at += 6) {
    const a: u32 = load<u16>(at);
    addPulse<T>(counts, (a >> 4) - first, channels);
    if (left == 1) return;
    const b: u32 = load<u16>(at + 2);
    addPulse<T>(counts, (((a & 15) << 8) | (b >> 8)) - first, channels);
    if (left == 2) return;
    const c: u32 = load<u16>(at + 4);
    addPulse<T>(counts, (((b & 255) << 4) | (c >> 12)) - first, channels);
    if (left == 3) return;
    addPulse<T>(counts, (c & 4095) - first, channels);
  }
}

// @ts-ignore: decorator
@inline
function runValue(values: usize, width: u32, i: u32): u32 {
  if (width == 0) return (<u32>load<u8>(values + (i >> 1)) >> (4 * (i & 1))) & 15;
  if (width == 1) return load<u8>(values + i);
  if (width == 2) return load<u16>(values + 2 * i);
  return load<u32>(values + 4 * i);
}

/** Runs of neighbouring channels; false when one does not end within its record or has a width that does not exist. */
function addRuns<T>(at: usize, end: usize, counts: usize, first: u32, channels: u32): bool {
  let channel: i64 = -(<i64>first);
  while (end - at >= 2) {
    const size: u32 = load<u8>(at);
    const count: u32 = load<u8>(at + 1);
    at += 2;
    if (size == 0) {
      channel += count;
      continue;
    }
    if (size != 1 && size != 2 && size != 4 && size != 8) return false;
    const width = size >> 1;
    const length: usize = size + (size == 1 ? (count + 1) >> 1 : width * count);
    if (length > end - at) return false;
    const gain: u32 = size == 1 ? <u32>load<u8>(at) : size == 2 ? <u32>load<u16>(at) : load<u32>(at);
    const values = at + size;
    const low: u32 = channel < 0 ? <u32>min<i64>(-channel, count) : 0;
    const high: u32 = <u32>max<i64>(min<i64>(count, <i64>channels - channel), 0);
    const to = <u32>channel;
    if (width == 0) for (let i = low; i < high; i++) add<T>(counts, to + i, gain + runValue(values, 0, i));
    else if (width == 1) for (let i = low; i < high; i++) add<T>(counts, to + i, gain + runValue(values, 1, i));
    else for (let i = low; i < high; i++) add<T>(counts, to + i, gain + runValue(values, width, i));
    channel += count;
    at += length;
  }
  return true;
}

/** Adds the counts of one record; one that contradicts itself only as far as the contradiction. */
function addRecord<T>(at: usize, counts: usize, first: u32, channels: u32): void {
  const flag: u32 = load<u16>(at + 12);
  const pulses: u32 = load<u16>(at + 16);
  const length = load<u32>(at + 18);
  const from = at + HEADER;
  if (flag == 0) {
    if (pulses << 1 <= length) addPulses<T>(from, pulses, counts, first, channels);
  } else if (flag == 1) {
    if ((pulses >> 2) * 6 + ((pulses & 3) << 1) <= length) addPacked<T>(from, pulses, counts, first, channels);
  } else if (length >= 4 && addRuns<T>(from, from + length - 4, counts, first, channels)) {
    addPulses<T>(from + length, pulses, counts, first, channels);
  }
}

/** Bytes of the record at `at` with its data; 0 when it does not end before `end`. */
function recordBytes(at: usize, end: usize): usize {
  if (at > end || end - at < HEADER) return 0;
  const pulses: u64 = load<u16>(at + 12) > 1 ? 2 * <u64>load<u16>(at + 16) : 0;
  const total = <u64>HEADER + <u64>load<u32>(at + 18) + pulses;
  return total <= <u64>(end - at) ? <usize>total : 0;
}

function addLine<T>(
  from: usize,
  end: usize,
  counts: usize,
  firstPixel: u32,
  pixels: u32,
  first: u32,
  channels: u32,
): void {
  let at = from + 4;
  for (let left: u32 = at <= end ? load<u32>(from) : 0; left > 0; left--) {
    const length = recordBytes(at, end);
    if (length == 0) return;
    const pixel = load<u32>(at) - firstPixel;
    if (pixel < pixels) addRecord<T>(at, counts + <usize>pixel * channels * sizeof<T>(), first, channels);
    at += length;
  }
}

/**
 * Counts of pixels [firstPixel, firstPixel + pixels) of a line, channels [first, first + channels) each, as unsigned
 * integers of `width` bytes. The line lies in [from, end); records that are not whole end it.
 */
export function mapLine(
  from: usize,
  end: usize,
  counts: usize,
  firstPixel: u32,
  pixels: u32,
  first: u32,
  channels: u32,
  width: u32,
): void {
  memory.fill(counts, 0, <usize>pixels * channels * width);
  if (width == 1) addLine<u8>(from, end, counts, firstPixel, pixels, first, channels);
  else if (width == 2) addLine<u16>(from, end, counts, firstPixel, pixels, first, channels);
  else addLine<u32>(from, end, counts, firstPixel, pixels, first, channels);
}

/**
 * No count of the record at `at`, which lies whole in the memory, is larger; found without unpacking it, for a pulse adds
 * one, a run its gain and what its width can hold. Looks no further when it may be more than `limit`.
 */
function largestPossible(at: usize, limit: u32): u64 {
  const pulses: u64 = load<u16>(at + 16);
  if (load<u16>(at + 12) < 2) return pulses;
  let from = at + HEADER;
  const end = from + load<u32>(at + 18) - 4;
  let most: u64 = 0;
  while (from + 2 <= end && most + pulses <= limit) {
    const size: u32 = load<u8>(from);
    const count: u32 = load<u8>(from + 1);
    from += 2;
    if (size == 0) continue;
    if (size == 1) most = max<u64>(most, <u64>load<u8>(from) + 15);
    else if (size == 2) {
      const gain: u64 = load<u16>(from);
      if (gain + 255 + pulses <= limit) most = max<u64>(most, gain + 255);
      else {
        const stop = min<usize>(from + 2 + count, end);
        for (let value = from + 2; value < stop; value++) most = max<u64>(most, gain + load<u8>(value));
      }
    } else if (size == 4) most = max<u64>(most, <u64>load<u32>(from) + 0xffff);
    else return u64.MAX_VALUE;
    from += size + (size == 1 ? (count + 1) >> 1 : (size >> 1) * count);
  }
  return most + pulses;
}

/** The largest count of the record at `at`, which lies whole in the memory; `counts` is room for all channels. */
function largestCount(at: usize, counts: usize, channels: u32): u32 {
  const bytes = (<usize>channels * 4 + 15) & ~15;
  memory.fill(counts, 0, bytes);
  addRecord<u32>(at, counts, 0, channels);
  let most = i32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) most = i32x4.max_u(most, v128.load(counts + i));
  const a = max<u32>(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
  const b = max<u32>(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3));
  return max<u32>(a, b);
}

/**
 * Walks over at most `left` records that lie whole in [at, end), until one has a count above `limit` in a channel below
 * `channels`. At `state` comes how many there were and the largest count of the last if it is above.
 * @param counts room for 4 bytes a channel, a multiple of 16 bytes
 * @returns where the last of them ends
 */
export function walkRecords(
  at: usize,
  end: usize,
  left: u32,
  counts: usize,
  channels: u32,
  limit: u32,
  state: usize,
): usize {
  let done: u32 = 0;
  let largest: u32 = 0;
  while (done < left && largest == 0) {
    const length = recordBytes(at, end);
    if (length == 0) break;
    if (largestPossible(at, limit) > limit) {
      const most = largestCount(at, counts, channels);
      if (most > limit) largest = most;
    }
    at += length;
    done++;
  }
  store<u32>(state, done);
  store<u32>(state, largest, 4);
  return at;
}
