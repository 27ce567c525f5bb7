/*
 * Pixels of a Bruker map as they are packed in a line: 22 bytes that say where and how, then the counts of a spectrum in
 * one of three ways.
 */

export const recordHeaderBytes = 22;
/** Bytes before the first line: sizes and a table that is not needed. */
export const mapHeaderBytes = 0x1a0;

/** Integers that counts are gathered in. */
export type Counts = Uint8Array | Uint16Array | Uint32Array;

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
export const u32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;

/** Bytes of the record at `at` with its data; 0 when it does not end before `end`. */
export function recordBytes(bytes: Uint8Array, at: number, end: number): number {
  if (at + recordHeaderBytes > end) return 0;
  const flag = u16(bytes, at + 12);
  const length = u32(bytes, at + 18);
  // the list of pulses comes after the runs, and is not counted with them
  const total = recordHeaderBytes + length + (flag > 1 ? 2 * u16(bytes, at + 16) : 0);
  return at + total <= end ? total : 0;
}

/** One u16 per pulse, the channel it fell into. */
function addPulses(
  bytes: Uint8Array,
  from: number,
  count: number,
  counts: Counts,
  base: number,
  first: number,
  channels: number,
): void {
  const end = from + 2 * count;
  for (let at = from; at < end; at += 2) {
    const channel = (bytes[at]! | (bytes[at + 1]! << 8)) - first;
    if (channel >= 0 && channel < channels) counts[base + channel]!++;
  }
}

/** Four channels of 12 bits in six bytes: a stream of bits whose bytes are swapped in pairs. */
function addPacked(
  bytes: Uint8Array,
  from: number,
  count: number,
  counts: Counts,
  base: number,
  first: number,
  channels: number,
): void {
  let at = from;
  for (let left = count; left > 0; left -= 4, at += 6) {
    const b0 = bytes[at]!;
    const b1 = bytes[at + 1]!;
    let channel = ((b1 << 4) | (b0 >> 4)) - first;
    if (channel >= 0 && channel < channels) counts[base + channel]!++;
    if (left === 1) return;
    channel = (((b0 & 15) << 8) | bytes[at + 3]!) - first;
    if (channel >= 0 && channel < channels) counts[base + channel]!++;
    if (left === 2) return;
    const b4 = bytes[at + 4]!;
    const b5 = bytes[at + 5]!;
    channel = ((bytes[at + 2]! << 4) | (b5 >> 4)) - first;
    if (channel >= 0 && channel < channels) counts[base + channel]!++;
    if (left === 3) return;
    channel = (((b5 & 15) << 8) | b4) - first;
    if (channel >= 0 && channel < channels) counts[base + channel]!++;
  }
}

/** Bytes of a run's values, given the width that it names. */
const runBytes = (size: number, count: number): number => (size === 1 ? (count + 1) >> 1 : (size >> 1) * count);

/** The part of a run that lies in the wanted channels; `channel` is its first, counted from the first wanted one. */
function addRunPart(
  bytes: Uint8Array,
  at: number,
  size: number,
  count: number,
  counts: Counts,
  base: number,
  channel: number,
  channels: number,
): void {
  const gain = size === 1 ? bytes[at]! : size === 2 ? u16(bytes, at) : u32(bytes, at);
  const values = at + size;
  const low = channel < 0 ? Math.min(-channel, count) : 0;
  const high = Math.min(count, channels - channel);
  const to = base + channel;
  if (size === 1) {
    for (let i = low; i < high; i++) {
      const pair = bytes[values + (i >> 1)]!;
      counts[to + i]! += gain + ((i & 1) === 0 ? pair & 15 : pair >> 4);
    }
  } else if (size === 2) {
    for (let i = low; i < high; i++) counts[to + i]! += gain + bytes[values + i]!;
  } else if (size === 4) {
    for (let i = low; i < high; i++) counts[to + i]! += gain + u16(bytes, values + 2 * i);
  } else {
    for (let i = low; i < high; i++) counts[to + i]! += gain + u32(bytes, values + 4 * i);
  }
}

/** Runs of neighbouring channels; false when one does not end within its record or has a width that does not exist. */
function addRuns(
  bytes: Uint8Array,
  from: number,
  end: number,
  counts: Counts,
  base: number,
  first: number,
  channels: number,
): boolean {
  let at = from;
  let channel = -first;
  while (at + 2 <= end) {
    const size = bytes[at]!;
    const count = bytes[at + 1]!;
    at += 2;
    if (size === 0) {
      channel += count;
      continue;
    }
    if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return false;
    const next = at + size + runBytes(size, count);
    if (next > end) return false;
    if (size === 1 && channel >= 0 && channel + count <= channels) {
      // nearly all runs of a map: two counts from a byte
      const gain = bytes[at]!;
      let value = at + 1;
      let to = base + channel;
      for (const last = to + count - 1; to < last; to += 2, value++) {
        const pair = bytes[value]!;
        counts[to]! += gain + (pair & 15);
        counts[to + 1]! += gain + (pair >> 4);
      }
      if ((count & 1) === 1) counts[to]! += gain + (bytes[value]! & 15);
    } else addRunPart(bytes, at, size, count, counts, base, channel, channels);
    channel += count;
    at = next;
  }
  return true;
}

/**
 * Adds the counts of one record, which lies whole in `bytes`, to a spectrum.
 * @returns false when the record contradicts itself; what came before the contradiction was added
 */
export function addRecord(
  bytes: Uint8Array,
  at: number,
  counts: Counts,
  base: number,
  first: number,
  channels: number,
): boolean {
  const flag = u16(bytes, at + 12);
  const pulses = u16(bytes, at + 16);
  const length = u32(bytes, at + 18);
  const from = at + recordHeaderBytes;
  if (flag === 0) {
    if (2 * pulses > length) return false;
    addPulses(bytes, from, pulses, counts, base, first, channels);
    return true;
  }
  if (flag === 1) {
    if (packedBytes(pulses) > length) return false;
    addPacked(bytes, from, pulses, counts, base, first, channels);
    return true;
  }
  if (length < 4) return false;
  if (!addRuns(bytes, from, from + length - 4, counts, base, first, channels)) return false;
  addPulses(bytes, from + length, pulses, counts, base, first, channels);
  return true;
}

/** The least bytes that hold 12-bit channels, given the swap in pairs. */
const packedBytes = (pulses: number): number => {
  const rest = pulses % 4;
  return 6 * Math.floor(pulses / 4) + [0, 2, 4, 6][rest]!;
};

/**
 * No count of this record is larger than the number that comes back; at most `enough` when that is certain. Found without
 * unpacking it: a pulse adds one, a run its gain and what its width can hold.
 */
export function largestPossible(bytes: Uint8Array, at: number, enough: number): number {
  const flag = u16(bytes, at + 12);
  const pulses = u16(bytes, at + 16);
  if (flag < 2) return pulses;
  const end = at + recordHeaderBytes + u32(bytes, at + 18) - 4;
  let most = 0;
  for (let from = at + recordHeaderBytes; from + 2 <= end;) {
    const size = bytes[from]!;
    const count = bytes[from + 1]!;
    from += 2;
    if (size === 0) continue;
    if (size === 1) {
      if (bytes[from]! + 15 > most) most = bytes[from]! + 15;
    } else if (size === 2) {
      const gain = u16(bytes, from);
      if (gain + 255 + pulses > enough) {
        for (let i = Math.min(count, end - from - 2) - 1; i >= 0; i--) {
          const value = gain + bytes[from + 2 + i]!;
          if (value > most) most = value;
        }
      } else if (gain + 255 > most) most = gain + 255;
    } else if (size === 4) most = Math.max(most, u32(bytes, from) + 0xffff);
    else most = Infinity;
    if (most + pulses > enough) break;
    from += size + runBytes(size, count);
  }
  return most + pulses;
}
