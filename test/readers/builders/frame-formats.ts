import type { Seed } from '../seeds.ts';

/* Formats that put a small header before every frame: blockfile, Merlin (MIB) and TVIPS. */

export interface BlockfileOptions {
  rows: number;
  columns: number;
  side: number;
  /** patterns that were written; all when absent */
  written?: number;
  /** nm */
  step?: number;
  /** pixels per centimetre × 100 */
  perCentimetre?: number;
  note?: string;
  /** values of a pattern by its number and the place in it */
  value?: (pattern: number, pixel: number) => number;
}

export function buildBlockfile(options: BlockfileOptions): Buffer {
  const { rows, columns, side, note = '', value = (pattern, pixel) => (pattern * 7 + pixel) & 255 } = options;
  const imageOffset = 256 + note.length;
  const patternOffset = imageOffset + rows * columns + 3;
  const head = Buffer.alloc(patternOffset);
  head.write('IMGBLO', 0, 'latin1');
  head.writeUInt16LE(0x0102, 6);
  head.writeUInt32LE(imageOffset, 8);
  head.writeUInt32LE(patternOffset, 12);
  head.writeUInt16LE(side, 20);
  head.writeUInt16LE(columns, 24);
  head.writeUInt16LE(rows, 26);
  head.writeUInt16LE(1250, 28);
  head.writeDoubleLE(options.step ?? 0, 30);
  head.writeDoubleLE(options.step ?? 0, 38);
  head.writeUInt32LE(200_000, 46);
  head.writeUInt16LE(options.perCentimetre ?? 0, 50);
  head.writeUInt32LE(1500, 52);
  head.writeDoubleLE(42_339.5, 56);
  head.write(note, 240, 'latin1');
  for (let i = 0; i < rows * columns; i++) head[imageOffset + i] = 100 + i;
  const patterns = Array.from({ length: options.written ?? rows * columns }, (_, n) => {
    const pattern = Buffer.alloc(6 + side * side);
    pattern.set([0xaa, 0x55]);
    pattern.writeUInt32LE(n, 2);
    for (let i = 0; i < side * side; i++) pattern[6 + i] = value(n, i);
    return pattern;
  });
  return Buffer.concat([head, ...patterns]);
}

export interface MibOptions {
  width: number;
  height: number;
  type: 'U08' | 'U16' | 'U32' | 'R64';
  depth: number;
  /** bytes of the values of each frame as they are stored */
  frames: readonly Uint8Array[];
  /** ns since midnight, of each frame */
  times?: readonly number[];
  chips?: number;
  layout?: string;
  headerBytes?: number;
}

export function buildMib(options: MibOptions): Buffer {
  const { width, height, type, depth, chips = 1, layout = '1x1', headerBytes = 384 } = options;
  return Buffer.concat(
    options.frames.flatMap((bytes, i) => {
      const time = options.times?.[i] ?? 3.6e12 + i * 1e6;
      const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
      const clock = `${two(time / 3.6e12)}:${two((time / 6e10) % 60)}:${two((time / 1e9) % 60)}.${String(Math.round(time % 1e9)).padStart(9, '0')}`;
      const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
      const text = `MQ1,${pad(i + 1, 6)},${pad(headerBytes, 5)},${pad(chips, 2)},${pad(width, 4)},${pad(height, 4)},${type},${layout.padStart(6)},01,2021-05-07 ${clock.slice(0, -3)},0.001000,0,0,0,4.0E+1,3RX,MQ1A,2021-05-07T${clock}Z,1000000ns,${depth},`;
      return [Buffer.from(text.padEnd(headerBytes), 'latin1'), Buffer.from(bytes)];
    }),
  );
}

/** The header of a whole Merlin recording. */
export const buildHdr = (values: Readonly<Record<string, string | number>>): Buffer =>
  Buffer.from(
    ['HDR,\t', ...Object.entries(values).map(([key, value]) => `${key}:\t${value}`), 'End\t'].join('\r\n'),
    'latin1',
  );

export interface TvipsOptions {
  width: number;
  height: number;
  bits?: 8 | 16;
  version?: 1 | 2;
  /** bytes of the values of each frame */
  frames: readonly Uint8Array[];
  /** frames in each file; all in one when absent */
  split?: readonly number[];
  /** of each frame */
  scanIndex?: readonly number[];
  mode?: number;
  pixelSize?: number;
  /** ms between frames */
  interval?: number;
}

/** The files of a stream, in order. */
export function buildTvips(options: TvipsOptions): Buffer[] {
  const { frames, version = 2, bits = 16, interval = 0 } = options;
  const frameHeader = version === 1 ? 12 : 60;
  const head = Buffer.alloc(256);
  const told = [256, version, options.width, options.height, bits, 0, 0, 1, 1, options.pixelSize ?? 1, 200, 80];
  [...told, version === 1 ? 0 : frameHeader].forEach((value, i) => head.writeUInt32LE(value, 4 * i));
  const parts = frames.map((bytes, i) => {
    const header = Buffer.alloc(frameHeader);
    const ms = i * interval;
    header.writeUInt32LE(i, 0);
    header.writeUInt32LE(740_399_696 + Math.floor(ms / 1000), 4);
    header.writeUInt32LE(ms % 1000, 8);
    if (version === 2) {
      header.writeFloatLE(23, 16);
      header.writeUInt32LE(options.mode ?? 2, 24);
      header.writeUInt32LE(options.scanIndex?.[i] ?? i, 48);
    }
    return Buffer.concat([header, bytes]);
  });
  let at = 0;
  return (options.split ?? [frames.length]).map((n, i) => {
    const own = parts.slice(at, (at += n));
    return Buffer.concat(i === 0 ? [head, ...own] : own);
  });
}

const bytes = (n: number, first: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (first + i) & 255);
const tvips = buildTvips({
  width: 5,
  height: 4,
  frames: [0, 1, 2, 3].map((n) => bytes(40, n)),
  split: [1, 2, 1],
  interval: 250,
});

export const frameFormatSeeds: readonly Seed[] = [
  {
    name: 'blockfile',
    files: { 'x.blo': buildBlockfile({ rows: 2, columns: 3, side: 4, perCentimetre: 2500, note: 'a note' }) },
  },
  {
    name: 'blockfile, short',
    files: { 'x.blo': buildBlockfile({ rows: 2, columns: 3, side: 4, perCentimetre: 2500, written: 4 }) },
  },
  {
    name: 'mib',
    files: {
      'x.mib': buildMib({ width: 8, height: 4, type: 'U16', depth: 12, frames: [1, 2, 3, 4].map((n) => bytes(64, n)) }),
      'x.hdr': buildHdr({ 'Frames in Acquisition (Number)': 4, 'Frames per Trigger (Number)': 2 }),
    },
  },
  {
    name: 'mib, raw of one chip',
    files: { 'x.mib': buildMib({ width: 8, height: 2, type: 'R64', depth: 6, frames: [bytes(16, 0), bytes(16, 9)] }) },
  },
  {
    name: 'mib, raw of a quad',
    files: {
      'x.mib': buildMib({
        width: 8,
        height: 8,
        type: 'R64',
        depth: 12,
        chips: 4,
        layout: '2x2',
        headerBytes: 768,
        frames: [bytes(128, 0)],
      }),
    },
  },
  {
    name: 'tvips',
    files: { 'x_000.tvips': tvips[0]!, 'x_001.tvips': tvips[1]!, 'x_002.tvips': tvips[2]! },
  },
  {
    name: 'tvips, version 1',
    files: {
      'x_000.tvips': buildTvips({ width: 5, height: 4, bits: 8, version: 1, frames: [bytes(20, 1), bytes(20, 2)] })[0]!,
    },
  },
];
