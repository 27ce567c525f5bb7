import type { Seed } from '../seeds.ts';

/* Renishaw WDF files built from what is known of the format: blocks of four letters, a number and a size. */

export interface WdfOriginSpec {
  type: number;
  unit?: number;
  label: string;
  primary?: boolean;
  values: readonly (number | bigint)[];
}

export interface WdfSpec {
  points: number;
  /** every spectrum, in the order of recording: `points` values each, in the order of the file */
  spectra: readonly (readonly number[])[];
  capacity?: number;
  /** 0 unspecified, 1 single, 2 series, 3 map */
  measurement?: number;
  axis: readonly number[];
  axisUnit?: number;
  title?: string;
  origins?: readonly WdfOriginSpec[];
  map?: { flags?: number; location: readonly number[]; step: readonly number[]; length: readonly number[] };
  picture?: Uint8Array;
  properties?: Uint8Array;
  flags?: number;
}

function block(id: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + body.length);
  bytes.set(Buffer.from(id, 'latin1'));
  new DataView(bytes.buffer).setBigUint64(8, BigInt(bytes.length), true);
  bytes.set(body, 16);
  return bytes;
}

const floats = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

function origins(list: readonly WdfOriginSpec[], capacity: number): Uint8Array {
  const bytes = new Uint8Array(4 + list.length * (24 + 8 * capacity));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, list.length, true);
  list.forEach(({ type, unit = 5, label, primary, values }, i) => {
    const at = 4 + i * (24 + 8 * capacity);
    view.setUint32(at, (type | (primary ? 0x80000000 : 0)) >>> 0, true);
    view.setUint32(at + 4, unit, true);
    bytes.set(Buffer.from(label, 'latin1').subarray(0, 16), at + 8);
    values.forEach((value, k) => {
      if (typeof value === 'bigint') view.setBigUint64(at + 24 + 8 * k, value, true);
      else view.setFloat64(at + 24 + 8 * k, value, true);
    });
  });
  return bytes;
}

export function buildWdf(spec: WdfSpec): Uint8Array {
  const { points, spectra, axis, measurement = 3, axisUnit = 1 } = spec;
  const capacity = spec.capacity ?? spectra.length;
  const head = new Uint8Array(512);
  const view = new DataView(head.buffer);
  head.set(Buffer.from('WDF1', 'latin1'));
  view.setUint32(4, 1, true);
  view.setBigUint64(8, 512n, true);
  view.setUint32(16, spec.flags ?? 0, true);
  view.setUint32(0x3c, points, true);
  view.setBigUint64(0x40, BigInt(capacity), true);
  view.setBigUint64(0x48, BigInt(spectra.length), true);
  view.setUint32(0x50, 1, true);
  view.setUint32(0x5c, spec.origins?.length ?? 0, true);
  view.setUint32(132, measurement, true);
  // 2022-06-27 17:48:23
  view.setBigUint64(136, 133008257038481252n, true);
  view.setUint32(152, 6, true);
  view.setFloat32(156, 20_000, true);
  head.set(Buffer.from(spec.title ?? 'a map', 'latin1'), 240);
  const parts = [
    head,
    block('DATA', floats([...spectra.flat(), ...new Array<number>((capacity - spectra.length) * points).fill(0)])),
  ];
  const x = new Uint8Array(8 + 4 * axis.length);
  new DataView(x.buffer).setUint32(0, 1, true);
  new DataView(x.buffer).setUint32(4, axisUnit, true);
  x.set(floats(axis), 8);
  parts.push(block('XLST', x));
  if (spec.origins !== undefined) parts.push(block('ORGN', origins(spec.origins, capacity)));
  if (spec.map !== undefined) {
    const area = new Uint8Array(48);
    const words = new DataView(area.buffer);
    words.setUint32(0, spec.map.flags ?? 0, true);
    spec.map.location.forEach((value, i) => words.setFloat32(8 + 4 * i, value, true));
    spec.map.step.forEach((value, i) => words.setFloat32(20 + 4 * i, value, true));
    spec.map.length.forEach((value, i) => words.setUint32(32 + 4 * i, value, true));
    parts.push(block('WMAP', area));
  }
  if (spec.properties !== undefined) parts.push(block('WXDM', spec.properties));
  if (spec.picture !== undefined) parts.push(block('WHTL', spec.picture));
  return new Uint8Array(Buffer.concat(parts));
}

/** A property set with one set inside, whose names stand in the outer one. */
export function buildProperties(): Uint8Array {
  const item = (type: string, key: number, value: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([type.charCodeAt(0), 0, key & 255, key >> 8]), value]);
  const text = (value: string): Uint8Array =>
    Buffer.concat([new Uint8Array(Uint32Array.of(value.length).buffer), Buffer.from(value)]);
  const int = (value: number): Uint8Array => new Uint8Array(Int32Array.of(value).buffer);
  const inner = Buffer.concat([item('i', 1, int(500)), item('i', 2, int(3))]);
  const set = Buffer.concat([
    item('p', 9, Buffer.concat([new Uint8Array(Uint32Array.of(inner.length).buffer), inner])),
    item('k', 1, text('Exposure Time')),
    item('k', 2, text('Accumulations')),
    item('k', 9, text('Scan')),
  ]);
  return Buffer.concat([Buffer.from('PSET'), new Uint8Array(Uint32Array.of(set.length).buffer), set]);
}

/** A grey JPEG of blocks of 8 × 8 pixels: one value for each block, from left to right and top to bottom. */
export function buildJpeg(across: number, values: readonly number[]): Uint8Array {
  const segment = (marker: number, body: readonly number[]): number[] => [
    0xff,
    marker,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body,
  ];
  const down = values.length / across;
  // all coefficients in units of 8: a constant block of value v has the coefficient v − 128
  const quantization = segment(0xdb, [0, ...new Array<number>(64).fill(8)]);
  const frame = segment(0xc0, [
    8,
    (8 * down) >> 8,
    (8 * down) & 255,
    (8 * across) >> 8,
    (8 * across) & 255,
    1,
    1,
    0x11,
    0,
  ]);
  // sizes 0 … 11 by codes of four bits; the end of a block by one bit
  const dc = segment(0xc4, [
    0x00,
    0,
    0,
    0,
    12,
    ...new Array<number>(12).fill(0),
    ...Array.from({ length: 12 }, (_, i) => i),
  ]);
  const ac = segment(0xc4, [0x10, 1, ...new Array<number>(15).fill(0), 0]);
  const scan = segment(0xda, [1, 1, 0x00, 0, 63, 0]);
  let bits = '';
  let previous = 0;
  for (const value of values) {
    const difference = value - 128 - previous;
    previous = value - 128;
    const size = difference === 0 ? 0 : Math.abs(difference).toString(2).length;
    const coded = difference < 0 ? difference + 2 ** size - 1 : difference;
    bits += size.toString(2).padStart(4, '0') + (size === 0 ? '' : coded.toString(2).padStart(size, '0')) + '0';
  }
  const data: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2);
    data.push(byte, ...(byte === 0xff ? [0] : []));
  }
  return Uint8Array.from([0xff, 0xd8, ...quantization, ...frame, ...dc, ...ac, ...scan, ...data, 0xff, 0xd9]);
}

/** Where spectra of a map of nx × ny were taken, one pair for each in the order of scanning. */
export function scanOrder(nx: number, ny: number, byColumns: boolean, toAndFro: boolean): [x: number, y: number][] {
  const [fast, slow] = byColumns ? [ny, nx] : [nx, ny];
  return Array.from({ length: nx * ny }, (_, i) => {
    const line = Math.floor(i / fast) % slow;
    const along = toAndFro && line % 2 === 1 ? fast - 1 - (i % fast) : i % fast;
    return byColumns ? [line, along] : [along, line];
  });
}

/** A map whose spectrum at (x, y) is 100 y + 10 x + channel, recorded in any order. */
export function buildMap(
  nx: number,
  ny: number,
  order: { byColumns?: boolean; toAndFro?: boolean; withPositions?: boolean; collected?: number; picture?: Uint8Array },
): Uint8Array {
  const { byColumns = false, toAndFro = false, withPositions = true } = order;
  const cells = scanOrder(nx, ny, byColumns, toAndFro);
  const recorded = cells.slice(0, order.collected ?? cells.length);
  // the axis falls, so channels are written from the last
  const spectra = recorded.map(([x, y]) => [2, 1, 0].map((channel) => 100 * y + 10 * x + channel));
  return buildWdf({
    points: 3,
    spectra,
    capacity: nx * ny,
    axis: [500, 400, 300],
    map: {
      flags: (byColumns ? 2 : 0) | (toAndFro ? 4 : 0),
      location: [-20, 5, 0],
      step: [2, 3, 1],
      length: [nx, ny, 1],
    },
    ...(withPositions
      ? {
          origins: [
            { type: 3, label: 'X', primary: true, values: recorded.map(([x]) => -20 + 2 * x) },
            { type: 4, label: 'Y', primary: true, values: recorded.map(([, y]) => 5 + 3 * y) },
          ],
        }
      : {}),
    ...(order.picture === undefined ? {} : { picture: order.picture }),
    properties: buildProperties(),
  });
}

export const renishawSeeds: readonly Seed[] = [
  { name: 'wdf, map with picture', files: { 'x.wdf': buildMap(4, 3, { picture: buildJpeg(2, [10, 200, 90, 128]) }) } },
  { name: 'wdf, to and fro by columns', files: { 'x.wdf': buildMap(4, 3, { byColumns: true, toAndFro: true }) } },
  { name: 'wdf, interrupted', files: { 'x.wdf': buildMap(4, 3, { withPositions: false, collected: 6 }) } },
];
