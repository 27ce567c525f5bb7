import type { Seed } from '../seeds.ts';
import type { BuiltType } from './elements.ts';
import { encodeElements, ramp } from './elements.ts';

export interface MrcOptions {
  /** columns, rows, sections as they are stored */
  size: readonly [number, number, number];
  mode: number;
  /** bytes of the values; 0, 1, 2 … in the type of the mode when absent */
  data?: Uint8Array;
  bigEndian?: boolean;
  map?: readonly [number, number, number];
  /** along x, y, z */
  intervals?: readonly [number, number, number];
  cell?: readonly [number, number, number];
  origin?: readonly [number, number, number];
  spaceGroup?: number;
  extended?: Uint8Array;
  extendedType?: string;
  /** bit 0 of the IMOD flags; no IMOD mark when absent */
  imodFlags?: number;
  /** no `MAP ` and no machine stamp, as old files */
  isOld?: boolean;
  labels?: readonly string[];
}

const types: Readonly<Record<number, BuiltType>> = {
  0: 'uint8',
  1: 'int16',
  2: 'float32',
  4: 'complex64',
  6: 'uint16',
  12: 'float16',
};

/** An MRC file, byte by byte. */
export function buildMrc(options: MrcOptions): Buffer {
  const { size, mode, bigEndian = false, extended = new Uint8Array(0) } = options;
  const head = Buffer.alloc(1024);
  const view = new DataView(head.buffer, head.byteOffset, 1024);
  const i32 = (at: number, ...values: readonly number[]): void =>
    values.forEach((value, i) => view.setInt32(at + 4 * i, value, !bigEndian));
  const f32 = (at: number, ...values: readonly number[]): void =>
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, !bigEndian));
  i32(0, ...size, mode);
  i32(28, ...(options.intervals ?? size));
  f32(40, ...(options.cell ?? [0, 0, 0]), 90, 90, 90);
  i32(64, ...(options.map ?? [1, 2, 3]));
  f32(76, 0, 1, 0.5);
  i32(88, options.spaceGroup ?? 0, extended.length);
  head.write(options.extendedType ?? '', 104, 'latin1');
  if (options.imodFlags !== undefined) {
    head.write('IMOD', 152, 'latin1');
    i32(156, options.imodFlags);
  }
  f32(196, ...(options.origin ?? [0, 0, 0]));
  if (!options.isOld) {
    head.write('MAP ', 208, 'latin1');
    head.set(bigEndian ? [0x11, 0x11] : [0x44, 0x44], 212);
  }
  const labels = options.labels ?? [];
  i32(220, labels.length);
  labels.forEach((label, i) => head.write(label.padEnd(80), 224 + 80 * i, 'latin1'));
  const data = options.data ?? encodeElements(ramp(size, types[mode]!), types[mode]!, !bigEndian);
  return Buffer.concat([head, extended, data]);
}

/** The text that Direct Electron cameras write beside a movie. */
export const buildInfo = (values: Readonly<Record<string, string | number>>): Buffer =>
  Buffer.from(
    Object.entries(values)
      .map(([key, value]) => `${key.padEnd(40)} = ${value}\r\n`)
      .join(''),
  );

export const mrcSeeds: readonly Seed[] = [
  { name: 'mrc, stack', files: { 'x.mrc': buildMrc({ size: [5, 4, 3], mode: 1, cell: [50, 40, 0] }) } },
  {
    name: 'mrc, big-endian volume with its axes turned',
    files: { 'x.map': buildMrc({ size: [5, 4, 3], mode: 2, bigEndian: true, map: [3, 1, 2], spaceGroup: 1 }) },
  },
  {
    name: 'mrc, packed 4-bit',
    files: { 'x.mrc': buildMrc({ size: [5, 4, 3], mode: 101, data: new Uint8Array(36).fill(0x21) }) },
  },
  {
    name: 'mrc, complex int16',
    files: { 'x.mrc': buildMrc({ size: [5, 4, 3], mode: 3, data: new Uint8Array(240).fill(1) }) },
  },
  {
    name: 'mrc, Direct Electron scan',
    files: {
      'x_movie.mrc': buildMrc({ size: [4, 2, 6], mode: 6, cell: [-40, -20, 0] }),
      'x_info.txt': buildInfo({ 'Scan - Enable': 'Enable', 'Scan - Size X': 3, 'Scan - Size Y': 2 }),
    },
  },
  {
    name: 'mrc, extended header of FEI',
    files: {
      'x.mrc': buildMrc({ size: [5, 4, 1], mode: 6, extended: new Uint8Array(768).fill(7), extendedType: 'FEI1' }),
    },
  },
];
