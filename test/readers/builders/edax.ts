import type { Seed } from '../seeds.ts';

/* EDAX files built from what is known of the formats. */

export interface SpdSpec {
  lines: number;
  points: number;
  channels: number;
  counts: readonly number[];
  countBytes?: 1 | 2 | 4;
  bigEndian?: boolean;
  imageName?: string;
}

export function buildSpd(spec: SpdSpec): Uint8Array {
  const { lines, points, channels, counts, countBytes = 2, bigEndian = false } = spec;
  // 168 bytes that say something, 900 that do not
  const start = 1068;
  const bytes = new Uint8Array(start + counts.length * countBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('MAPSPECTRUM_DATA', 'latin1'));
  [1, lines * points, points, lines, channels, countBytes, start, 1].forEach((value, i) =>
    view.setUint32(16 + 4 * i, value, !bigEndian),
  );
  bytes.set(Buffer.from(spec.imageName ?? 'map_Img', 'latin1'), 48);
  counts.forEach((count, i) => {
    const at = start + i * countBytes;
    if (countBytes === 1) view.setUint8(at, count);
    else if (countBytes === 2) view.setUint16(at, count, !bigEndian);
    else view.setUint32(at, count, !bigEndian);
  });
  return bytes;
}

export function buildSpc(counts: readonly number[], bigEndian = false): Uint8Array {
  const start = 3840;
  // room for 4096 channels, however many there are, and what version 0.70 has behind them
  const bytes = new Uint8Array(start + 4 * 4096 + 770);
  const view = new DataView(bytes.buffer);
  const little = !bigEndian;
  view.setFloat32(0, 0.7, little);
  view.setInt16(16, 2016, little);
  [19, 4, 36, 15, 64, 39].forEach((value, i) => view.setUint8(18 + i, value));
  view.setInt32(28, start, little);
  view.setInt16(32, counts.length, little);
  view.setInt32(384, 10, little);
  // start and end keV, live time, tilt, resolution, azimuth, elevation, kV
  const reals: readonly [number, number][] = [
    [448, 0.5],
    [452, 41],
    [456, 50],
    [460, 15],
    [472, 130],
    [508, 45],
    [512, 35],
    [532, 20],
  ];
  for (const [at, value] of reals) view.setFloat32(at, value, little);
  view.setInt16(638, 2, little);
  view.setUint16(640, 26, little);
  view.setUint16(642, 8, little);
  counts.forEach((count, i) => view.setUint32(start + 4 * i, count, little));
  return bytes;
}

export function buildIpr(perPixelX: number, perPixelY: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(264));
  view.setUint16(0, 334, true);
  view.setFloat32(64, perPixelX, true);
  view.setFloat32(68, perPixelY, true);
  return new Uint8Array(view.buffer);
}

const counts = Array.from({ length: 24 }, (_, i) => i);
export const edaxSeeds: readonly Seed[] = [
  {
    name: 'edax spd, with spc and ipr',
    files: {
      'x.spd': buildSpd({ lines: 2, points: 3, channels: 4, counts }),
      'x.spc': buildSpc([1, 2, 3, 4]),
      'map_Img.ipr': buildIpr(0.25, 0.5),
    },
  },
  {
    name: 'edax spd, big-endian',
    files: { 'x.spd': buildSpd({ lines: 2, points: 3, channels: 4, counts, countBytes: 4, bigEndian: true }) },
  },
  { name: 'edax spc', files: { 'x.spc': buildSpc([1, 2, 3, 4]) } },
];
