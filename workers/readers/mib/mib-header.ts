import type { DType } from '../../model/dtype.ts';
import { corrupt, latin1 } from '../file-bytes.ts';

/* A frame of a Merlin detector begins with a line of text: MQ1,number,bytes of this header,chips,width,height,type, … */

export interface MibHeader {
  headerBytes: number;
  chips: number;
  width: number;
  height: number;
  dtype: DType;
  /** bytes of the values of a frame as they are stored */
  storedBytes: number;
  /** counter depth of the raw modes, whose values are stored in the order of the chips; null for plain integers */
  rawDepth: 1 | 6 | 12 | 24 | null;
  layout: string;
  /** seconds */
  exposure: number | null;
  /** as the header tells them: ISO date and time, and whether they are UTC */
  taken: { date: string; time: string; isUtc: boolean } | null;
  fields: string[];
}

export const isMib = (head: Uint8Array): boolean =>
  /^MQ\d,\d{1,9},\d{3,7},\d{1,3},\d{1,5},\d{1,5},[UR]\d\d,/.test(latin1(head.subarray(0, 64)));

/** Longest header that is looked at; those of four chips have 768 bytes. */
export const longestHeader = 64 * 1024;

/** Time of a frame in ns since midnight; null when it tells none. */
export function timeOf(text: string): number | null {
  const match = /T(\d\d):(\d\d):(\d\d)\.(\d{1,9})Z/.exec(text) ?? / (\d\d):(\d\d):(\d\d)\.(\d{1,9}),/.exec(text);
  if (match === null) return null;
  const [, hours, minutes, seconds, fraction] = match as unknown as [string, string, string, string, string];
  return (
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9 + Number(fraction.padEnd(9, '0').slice(0, 9))
  );
}

/**
 * The header of a frame from its bytes.
 * @throws EigenscopeError `corrupt-file` when it is no header, or of a type or depth that Merlin does not write
 */
export function readMibHeader(path: string, bytes: Uint8Array): MibHeader {
  const text = latin1(bytes);
  if (!isMib(bytes)) throw corrupt(path, `a frame begins with “${text.slice(0, 20)}”`, 'MQ1 and numbers were expected');
  const fields = text.split(',').map((field) => field.replace(/\0/g, '').trim());
  const [headerBytes, chips, width, height] = fields.slice(2, 6).map(Number) as [number, number, number, number];
  const type = fields[6]!;
  const ascii = text.replace(/[^\x20-\x7e]/g, ' ');
  const extension = /MQ\dA,(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,9})?)Z,(\d{1,15})ns(?:,(\d{1,2}))?/.exec(ascii);
  const local = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?),/.exec(ascii);
  const exposure = extension?.[3] !== undefined ? Number(extension[3]) / 1e9 : Number(fields[10]);
  const plain = ({ U01: 'uint8', U08: 'uint8', U16: 'uint16', U32: 'uint32', U64: 'uint64' } as const)[type];
  const common = {
    headerBytes,
    chips,
    width,
    height,
    layout: fields[7] ?? '',
    exposure: Number.isFinite(exposure) && exposure > 0 ? exposure : null,
    taken: extension
      ? { date: extension[1]!, time: extension[2]!, isUtc: true }
      : local
        ? { date: local[1]!, time: local[2]!, isUtc: false }
        : null,
    fields: fields.filter((field) => field !== '').map((field) => field.slice(0, 80)),
  };
  if (plain !== undefined) {
    const size = { uint8: 1, uint16: 2, uint32: 4, uint64: 8 }[plain];
    return { ...common, dtype: plain, storedBytes: width * height * size, rawDepth: null };
  }
  const depth = Number(extension?.[4]);
  if (type !== 'R64' || (depth !== 1 && depth !== 6 && depth !== 12 && depth !== 24)) {
    throw corrupt(
      path,
      `its values are of type ${type.slice(0, 8)}${type === 'R64' ? ` with a counter depth of ${depth}` : ''}`,
      'U08, U16, U32 or R64 with a counter depth of 1, 6, 12 or 24 was expected',
    );
  }
  const pixels = width * height;
  const storedBytes = { 1: pixels / 8, 6: pixels, 12: 2 * pixels, 24: 4 * pixels }[depth];
  return {
    ...common,
    dtype: depth === 24 ? 'uint32' : depth === 12 ? 'uint16' : 'uint8',
    storedBytes,
    rawDepth: depth,
  };
}
