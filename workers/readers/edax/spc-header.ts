import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';
import { elementSymbol } from './element-symbols.ts';

/** What an EDAX spectrum file tells about its spectrum, and about the map of the same name. */
export interface SpcHeader {
  version: number;
  littleEndian: boolean;
  dataOffset: number;
  points: number;
  /** eV per channel */
  perChannel: number;
  /** keV */
  start: number;
  /** s */
  liveTime: number;
  /** degrees */
  tilt: number;
  azimuth: number;
  elevation: number;
  /** full width of Mn Kα, eV */
  resolution: number;
  /** keV */
  beamEnergy: number;
  elements: readonly string[];
  /** yyyy-mm-dd and hh:mm:ss; null when they are no date */
  recorded: { date: string; time: string } | null;
}

/** The header up to the first count of version 0.61; later ones are longer. */
export const spcHeaderBytes = 736;
const mostPoints = 65_536;

const isVersion = (value: number): boolean => value >= 0.5 && value < 2;

/** Whether these first bytes are an EDAX spectrum, and in which byte order; null when they are none. */
export function spcByteOrder(view: DataView): 'little' | 'big' | null {
  if (view.byteLength < spcHeaderBytes) return null;
  for (const order of ['little', 'big'] as const) {
    const little = order === 'little';
    const start = view.getInt32(28, little);
    const points = view.getInt16(32, little);
    const perChannel = view.getInt32(384, little);
    if (!isVersion(view.getFloat32(0, little))) continue;
    if (start >= spcHeaderBytes && start < 2 ** 20 && points > 0 && perChannel > 0 && perChannel < 10_000) return order;
  }
  return null;
}

function recordedAt(view: DataView, little: boolean): SpcHeader['recorded'] {
  const year = view.getInt16(16, little);
  const [day, month, minute, hour, , second] = [18, 19, 20, 21, 22, 23].map((at) => view.getUint8(at)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isDate = year >= 1980 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || hour > 23 || minute > 59 || second > 59) return null;
  const two = (n: number): string => String(n).padStart(2, '0');
  return { date: `${year}-${two(month)}-${two(day)}`, time: `${two(hour)}:${two(minute)}:${two(second)}` };
}

/** @throws EigenscopeError `corrupt-file` when it is no EDAX spectrum, `truncated-file` */
export function readSpcHeader(file: FileBytes): SpcHeader {
  const view = file.view(0, spcHeaderBytes);
  const order = spcByteOrder(view);
  if (order === null) {
    throw corrupt(
      file.path,
      'its header is not that of an EDAX spectrum',
      'a version from 0.6 and channels were expected',
    );
  }
  const little = order === 'little';
  const points = view.getInt16(32, little);
  if (points > mostPoints) throw corrupt(file.path, `it has ${points} channels`, `up to ${mostPoints} were expected`);
  const number = (at: number): number => view.getFloat32(at, little);
  const count = Math.min(Math.max(view.getInt16(638, little), 0), 48);
  const elements = Array.from({ length: count }, (_, i) => elementSymbol(view.getUint16(640 + 2 * i, little)));
  return {
    version: number(0),
    littleEndian: little,
    dataOffset: view.getInt32(28, little),
    points,
    perChannel: view.getInt32(384, little),
    start: number(448),
    liveTime: number(456),
    tilt: number(460),
    resolution: number(472),
    azimuth: number(508),
    elevation: number(512),
    beamEnergy: number(532),
    elements: [...new Set(elements.filter((symbol) => symbol !== null))].toSorted(),
    recorded: recordedAt(view, little),
  };
}
