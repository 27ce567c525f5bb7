import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1 } from '../file-bytes.ts';

/** One axis of an object, in the unit of its step. */
export interface SurfAxis {
  name: string;
  units: string | null;
  size: number;
  scale: number;
  offset: number;
}

/** The 512 bytes that begin every object of a Digital Surf file. */
export interface SurfHeader {
  isCompressed: boolean;
  littleEndian: boolean;
  /** 1 profile, 2 surface, 4 series of profiles, 5 series of surfaces, 10 image, 12 RGB image, 20 spectrum, 21 spectral map … */
  type: number;
  name: string;
  operator: string;
  /** 16 or 32, signed */
  bits: 16 | 32;
  lowest: number;
  /** lowest − 2 stands for “not measured” */
  hasHoles: boolean;
  x: SurfAxis;
  y: SurfAxis;
  /** channels of every point; 1 when the points are numbers: then along the objects of a series */
  spectral: SurfAxis;
  quantity: { name: string; units: string | null };
  /** value = (stored − lowest) · step + base */
  step: number;
  base: number;
  date: string;
  time: string;
  commentBytes: number;
  privateBytes: number;
}

export const surfHeaderBytes = 512;

/** Whether these bytes begin an object, and whether its data are packed; null when they do not. */
export function surfSignature(bytes: Uint8Array): 'plain' | 'compressed' | null {
  const text = latin1(bytes.subarray(0, 12));
  return text === 'DIGITAL SURF' ? 'plain' : text === 'DSCOMPRESSED' ? 'compressed' : null;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** @throws EigenscopeError `corrupt-file`, `truncated-file` */
export function readSurfHeader(file: FileBytes, position: number): SurfHeader {
  const bytes = new Uint8Array(surfHeaderBytes);
  file.readInto(bytes, position);
  const view = new DataView(bytes.buffer);
  const signature = surfSignature(bytes);
  if (signature === null) {
    throw corrupt(file.path, `no object begins at byte ${position}`, '“DIGITAL SURF” or “DSCOMPRESSED” was expected');
  }
  const littleEndian = [16, 32].includes(view.getInt16(98, true));
  const short = (at: number): number => view.getInt16(at, littleEndian);
  const long = (at: number): number => view.getInt32(at, littleEndian);
  const real = (at: number): number => {
    const value = view.getFloat32(at, littleEndian);
    return Number.isFinite(value) ? value : 0;
  };
  const text = (at: number, length: number): string =>
    latin1(bytes.subarray(at, at + length))
      .replace(/[\0 ]+$/, '')
      .trim();
  const axis = (size: number, name: string, unit: string, scale: number, offset: number): SurfAxis => ({
    name,
    units: unit === '' ? null : unit,
    size,
    scale: scale === 0 ? 1 : scale,
    offset,
  });
  const bits = short(98);
  if (bits !== 16 && bits !== 32) throw corrupt(file.path, `its values have ${bits} bits`, '16 or 32 were expected');
  const [day, month, year] = [short(312), short(314), short(316)];
  const isDate = year > 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const units = text(212, 16);
  return {
    isCompressed: signature === 'compressed',
    littleEndian,
    type: short(18),
    name: text(20, 30),
    operator: text(50, 30),
    bits,
    lowest: long(100),
    hasHoles: short(86) === 1,
    x: axis(long(108), text(132, 16), text(180, 16), real(120), real(466)),
    y: axis(long(112), text(148, 16), text(196, 16), real(124), real(470)),
    spectral: axis(Math.max(1, long(94)), text(486, 13), text(499, 13), real(478), real(482)),
    quantity: { name: text(164, 16) || 'Z', units: units === '' ? null : units },
    step: real(128) || 1,
    base: real(474),
    date: isDate ? `${year}-${two(month)}-${two(day)}` : '',
    time: isDate ? `${two(short(310))}:${two(short(308))}:${two(short(306))}` : '',
    commentBytes: Math.max(0, short(334)),
    privateBytes: Math.max(0, short(336)),
  };
}
