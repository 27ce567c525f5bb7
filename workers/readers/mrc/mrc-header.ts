import type { DType } from '../../model/dtype.ts';
import { corrupt, latin1 } from '../file-bytes.ts';

/* The 1024 bytes that an MRC file (MRC2014, CCP4 map, IMOD stack) begins with. */

export const headerBytes = 1024;

/** How values are stored; `dtype` is what they are read as. */
export interface MrcMode {
  dtype: DType;
  /** `plain`: elements as they are read; `int16-pairs`: complex of int16; `nibbles`: two 4-bit values per byte, low one first */
  storage: 'plain' | 'int16-pairs' | 'nibbles';
}

const plain = (dtype: DType): MrcMode => ({ dtype, storage: 'plain' });
const modes: Readonly<Record<number, MrcMode>> = {
  0: plain('uint8'),
  1: plain('int16'),
  2: plain('float32'),
  3: { dtype: 'complex64', storage: 'int16-pairs' },
  4: plain('complex64'),
  6: plain('uint16'),
  12: plain('float16'),
  16: plain('rgb8'),
  101: { dtype: 'uint8', storage: 'nibbles' },
};

type Triple = readonly [number, number, number];

export interface MrcHeader {
  littleEndian: boolean;
  mode: MrcMode;
  modeNumber: number;
  /** columns (fastest), rows, sections as they are stored */
  size: Triple;
  /** which of the axes 1 = x, 2 = y, 3 = z the columns, rows and sections are */
  map: Triple;
  /** along x, y, z: sampling intervals of the cell, its lengths in ångström, the origin in ångström */
  intervals: Triple;
  cell: Triple;
  origin: Triple;
  spaceGroup: number;
  extendedBytes: number;
  extendedType: string;
  labels: string[];
  /** minimum, maximum, mean as the file tells them */
  statistics: Triple;
}

const triple = (read: (at: number) => number, at: number): Triple => [read(at), read(at + 4), read(at + 8)];

/** By the machine stamp; where there is none, by which order makes sense of mode and sizes; null when neither does. */
function byteOrder(view: DataView): boolean | null {
  const stamp = view.getUint8(212);
  const isSensible = (littleEndian: boolean): boolean =>
    Object.hasOwn(modes, view.getInt32(12, littleEndian)) &&
    triple((at) => view.getInt32(at, littleEndian), 0).every((n) => n > 0 && n < 2 ** 24);
  if ((stamp === 0x44 || stamp === 0x11) && isSensible(stamp === 0x44)) return stamp === 0x44;
  return isSensible(true) ? true : isSensible(false) ? false : null;
}

export const hasMapMark = (head: Uint8Array): boolean =>
  head[208] === 0x4d && head[209] === 0x41 && head[210] === 0x50 && (head[211] === 0x20 || head[211] === 0);

/** Whether these bytes make sense as the header of an MRC file, with the mark or without. */
export const isSensibleMrc = (head: Uint8Array): boolean =>
  head.length >= headerBytes && byteOrder(new DataView(head.buffer, head.byteOffset, headerBytes)) !== null;

const text = (view: DataView, at: number, length: number): string =>
  latin1(new Uint8Array(view.buffer, view.byteOffset + at, length))
    .replace(/\0.*$/s, '')
    .trim();

/** @throws EigenscopeError `corrupt-file` when sizes or mode are impossible in either byte order */
export function readMrcHeader(path: string, view: DataView): MrcHeader {
  const littleEndian = byteOrder(view);
  if (littleEndian === null) {
    const [nx, ny, nz] = triple((at) => view.getInt32(at, true), 0);
    throw corrupt(
      path,
      `its header gives ${nx} × ${ny} × ${nz} values of mode ${view.getInt32(12, true)}`,
      `positive sizes and one of the modes ${Object.keys(modes).join(', ')} were expected`,
    );
  }
  const i32 = (at: number): number => view.getInt32(at, littleEndian);
  const f32 = (at: number): number => view.getFloat32(at, littleEndian);
  const told = triple(i32, 64);
  // old programs leave the map at zero
  const map: Triple = [1, 2, 3].every((axis) => told.includes(axis)) ? told : [1, 2, 3];
  const modeNumber = i32(12);
  // a mark that programs write as text or as a word in the byte order of the file
  const isImod = text(view, 152, 4) === 'IMOD' || i32(152) === 0x444f4d49;
  const isSigned = modeNumber === 0 && isImod && (view.getUint32(156, littleEndian) & 1) === 1;
  const extendedBytes = i32(92);
  if (extendedBytes < 0) {
    throw corrupt(path, `its extended header has ${extendedBytes} bytes`, 'none or more were expected');
  }
  const labels = Math.min(10, Math.max(0, i32(220)));
  return {
    littleEndian,
    mode: isSigned ? plain('int8') : modes[modeNumber]!,
    modeNumber,
    size: triple(i32, 0),
    map,
    intervals: triple(i32, 28),
    cell: triple(f32, 40),
    origin: triple(f32, 196),
    spaceGroup: i32(88),
    extendedBytes,
    extendedType: text(view, 104, 4),
    labels: Array.from({ length: labels }, (_, i) => text(view, 224 + 80 * i, 80)).filter((label) => label !== ''),
    statistics: triple(f32, 76),
  };
}
