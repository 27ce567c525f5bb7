/*
 * Pixels of a Bruker map as they are packed in a line: 22 bytes that say where and how, then the counts of a spectrum in
 * one of three ways.
 */

export const recordHeaderBytes = 22;
/** Bytes before the first line: sizes and a table that is not needed. */
export const mapHeaderBytes = 0x1a0;

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
