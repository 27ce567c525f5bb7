import type { Metadata } from '../../model/signal.ts';

/** The picture label of Semper 6: 256 words, one byte or character in each; words are counted from 1. */
export interface SemperLabel {
  title: string;
  date: string | null;
  time: string | null;
  /** smallest and largest value as text, e.g. `0,13` */
  range: string;
  pictureClass: number;
  axes: { x: LabelAxis; y: LabelAxis; z: LabelAxis };
  all: Metadata;
}

interface LabelAxis {
  scale: number;
  offset: number;
  units: string | null;
}

export const labelWords = 256;

/** Label words from their bytes: 256 16-bit integers. */
export function parseSemperLabel(view: DataView, littleEndian: boolean): SemperLabel {
  const word = (n: number): number => view.getInt16(2 * (n - 1), littleEndian);
  const text = (first: number, length: number): string =>
    Array.from({ length: Math.max(0, Math.min(length, labelWords - first + 1)) }, (_, i) =>
      String.fromCharCode(word(first + i) & 0xff),
    )
      .join('')
      .replaceAll('\0', '')
      .trim();
  const real = (first: number): number => {
    const bytes = new DataView(new ArrayBuffer(4));
    for (let i = 0; i < 4; i++) bytes.setUint8(i, word(first + i) & 0xff);
    return bytes.getFloat32(0, littleEndian);
  };
  const calibrated = word(63) === 1;
  const axis = (step: number, origin: number, unit: number): LabelAxis => {
    const scale = calibrated ? real(step) : 1;
    const offset = calibrated ? real(origin) : 0;
    return {
      scale: Number.isFinite(scale) && scale !== 0 ? scale : 1,
      offset: Number.isFinite(offset) ? offset : 0,
      units: text(unit, 4) || null,
    };
  };
  // years are counted from 1900; some writers take that from a year of two digits
  const year = word(22) + 1900 < 100 ? word(22) + 3900 : word(22) + 1900;
  const [month, day, hour, minute, second] = [23, 24, 25, 26, 27].map(word) as [number, number, number, number, number];
  const dated = year > 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const two = (n: number): string => String(n).padStart(2, '0');
  const title = text(101, Math.min(144, Math.max(0, word(100))));
  const range = text(29, Math.min(27, Math.max(0, word(28))));
  const axes = { x: axis(92, 96, 245), y: axis(84, 88, 249), z: axis(76, 80, 253) };
  return {
    title,
    date: dated ? `${year}-${two(month)}-${two(day)}` : null,
    time:
      dated && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61
        ? `${two(hour)}:${two(minute)}:${two(second)}`
        : null,
    range,
    pictureClass: word(19),
    axes,
    all: {
      TITLE: title,
      RANGE: range,
      ICLASS: word(19),
      IFORM: word(20),
      IWP: word(21),
      ICCOLN: 256 * word(13) + word(14),
      ICROWN: 256 * word(15) + word(16),
      ICLAYN: 256 * word(17) + word(18),
      IPLTYP: word(56),
      REALCO: word(63),
      NBLOCK: word(64),
      DXV1: axes.x.scale,
      X0V0: axes.x.offset,
      DYV3: axes.y.scale,
      Y0V2: axes.y.offset,
      DZV5: axes.z.scale,
      Z0V4: axes.z.offset,
      XUNIT: axes.x.units ?? '',
      YUNIT: axes.y.units ?? '',
      ZUNIT: axes.z.units ?? '',
    },
  };
}
