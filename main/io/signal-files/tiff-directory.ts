/* Directories of a TIFF file (TIFF 6.0) and a BigTIFF one, little-endian. */

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const ASCII = 2;
const SLONG = 9;
const DOUBLE = 12;
const LONG8 = 16;

/** One entry: numbers of a type, a ratio, or text (Latin-1, as the programs of microscopes have it). */
export type TiffEntry =
  | { tag: number; type: 'short' | 'long' | 'offset' | 'signed' | 'double'; values: readonly number[] }
  | { tag: number; type: 'rational'; values: readonly (readonly [numerator: number, denominator: number])[] }
  | { tag: number; type: 'ascii'; text: string };

const largest = 2 ** 32 - 1;

/** The best ratio of two 32-bit numbers for a positive value, by its continued fraction. */
export function ratioOf(value: number): [number, number] {
  if (!(value > 0 && Number.isFinite(value))) return [0, 1];
  if (value > largest) return [largest, 1];
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  let rest = value;
  for (let i = 0; i < 64; i++) {
    const whole = Math.floor(rest);
    const [p, q] = [whole * p1 + p0, whole * q1 + q0];
    if (p > largest || q > largest) break;
    [p0, q0, p1, q1] = [p1, q1, p, q];
    if (rest === whole || Math.abs(p1 / q1 - value) <= value * Number.EPSILON) break;
    rest = 1 / (rest - whole);
  }
  return p1 === 0 ? [1, largest] : [p1, q1];
}

interface Encoded {
  code: number;
  count: number;
  bytes: Uint8Array;
}

function encode(entry: TiffEntry, isBig: boolean): Encoded {
  if (entry.type === 'ascii') {
    const bytes = Buffer.from(`${entry.text}\0`, 'latin1');
    return { code: ASCII, count: bytes.length, bytes };
  }
  if (entry.type === 'rational') {
    const words = Uint32Array.from(entry.values.flat());
    return { code: RATIONAL, count: entry.values.length, bytes: new Uint8Array(words.buffer) };
  }
  const { values } = entry;
  if (entry.type === 'short') {
    return { code: SHORT, count: values.length, bytes: new Uint8Array(Uint16Array.from(values).buffer) };
  }
  if (entry.type === 'double') {
    return { code: DOUBLE, count: values.length, bytes: new Uint8Array(Float64Array.from(values).buffer) };
  }
  if (entry.type === 'signed') {
    return { code: SLONG, count: values.length, bytes: new Uint8Array(Int32Array.from(values).buffer) };
  }
  if (entry.type === 'offset' && isBig) {
    return { code: LONG8, count: values.length, bytes: new Uint8Array(BigUint64Array.from(values, BigInt).buffer) };
  }
  return { code: LONG, count: values.length, bytes: new Uint8Array(Uint32Array.from(values).buffer) };
}

/**
 * The bytes of a directory that will stand at `at`, with its long values behind it.
 * @param isLast the next directory follows directly otherwise
 */
export function directoryBytes(entries: readonly TiffEntry[], at: number, isBig: boolean, isLast: boolean): Uint8Array {
  const sorted = [...entries]
    .sort((a, b) => a.tag - b.tag)
    .map((entry) => ({ tag: entry.tag, ...encode(entry, isBig) }));
  const [countSize, entrySize, inline] = isBig ? [8, 20, 8] : [2, 12, 4];
  const tableEnd = countSize + entrySize * sorted.length + inline;
  const even = (n: number): number => n + (n & 1);
  const length = sorted.reduce((n, { bytes }) => n + (bytes.length > inline ? even(bytes.length) : 0), even(tableEnd));
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  const setOffset = (position: number, value: number): void =>
    isBig ? view.setBigUint64(position, BigInt(value), true) : view.setUint32(position, value, true);
  if (isBig) view.setBigUint64(0, BigInt(sorted.length), true);
  else view.setUint16(0, sorted.length, true);
  let free = even(tableEnd);
  sorted.forEach(({ tag, code, count, bytes }, i) => {
    const position = countSize + entrySize * i;
    view.setUint16(position, tag, true);
    view.setUint16(position + 2, code, true);
    setOffset(position + 4, count);
    const field = position + (isBig ? 12 : 8);
    if (bytes.length <= inline) {
      out.set(bytes, field);
    } else {
      setOffset(field, at + free);
      out.set(bytes, free);
      free += even(bytes.length);
    }
  });
  if (!isLast) setOffset(countSize + entrySize * sorted.length, at + length);
  return out;
}

/** The first bytes of a file; room for the header of BigTIFF is kept in either kind. */
export const dataStart = 16;

/** @param first where the first directory stands */
export function tiffStart(first: number, isBig: boolean): Uint8Array {
  const out = new Uint8Array(dataStart);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, isBig ? 43 : 42, 0]);
  if (isBig) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(first), true);
  } else {
    view.setUint32(4, first, true);
  }
  return out;
}
