import { corrupt, decodeText, truncated } from '../file-bytes.ts';

/** Numbers of the unpacked project one after another, little-endian; every read is checked against its end. */
export interface ElidCursor {
  at: number;
  byte(): number;
  word(): number;
  real(): number;
  text(): string;
  /** bytes preceded by their length */
  piece(): Uint8Array;
  skip(length: number): void;
  /** Passes `count` numbers of seven bits a byte (the highest bit says that another byte follows). */
  skipCounts(count: number): void;
}

/** @throws EigenscopeError `truncated-file` at the end, `corrupt-file` for a number that never ends */
export function openCursor(path: string, bytes: Uint8Array): ElidCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor: ElidCursor = {
    at: 0,
    byte: () => view.getUint8(advance(1)),
    word: () => view.getUint32(advance(4), true),
    real: () => view.getFloat64(advance(8), true),
    text: () => decodeText(cursor.piece()),
    piece() {
      const length = cursor.word();
      const start = advance(length);
      return bytes.subarray(start, start + length);
    },
    skip: (length) => void advance(length),
    skipCounts(count) {
      // every number takes a byte or more
      if (count > bytes.length - cursor.at) throw truncated(path, cursor.at + count, bytes.length);
      for (let i = 0; i < count; i++) {
        const limit = cursor.at + 10;
        while ((cursor.byte() & 0x80) !== 0) {
          if (cursor.at >= limit) throw corrupt(path, 'a count never ends', 'at most ten bytes each were expected');
        }
      }
    },
  };
  const advance = (length: number): number => {
    const start = cursor.at;
    if (start + length > bytes.length) throw truncated(path, start + length, bytes.length, 'its records say, unpacked');
    cursor.at = start + length;
    return start;
  };
  return cursor;
}

/** `target.length` numbers of seven bits a byte from `start` on; those beyond 32 bits wrap. The bytes were checked before. */
export function readCounts(bytes: Uint8Array, start: number, target: Uint32Array): void {
  let at = start;
  for (let i = 0; i < target.length; i++) {
    let byte = bytes[at++]!;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = bytes[at++]!;
      if (shift < 32) value |= (byte & 0x7f) << shift;
    }
    target[i] = value;
  }
}
