import type { BuiltType } from './elements.ts';
import { encodeElements, ramp } from './elements.ts';
import type { Seed } from '../seeds.ts';

const types: Partial<Record<BuiltType, number>> = {
  uint8: 1,
  uint16: 2,
  uint32: 3,
  int8: 4,
  int16: 5,
  int32: 6,
  float32: 7,
  float64: 8,
  complex64: 9,
  complex128: 10,
};

export interface BuiltDimension {
  size: number;
  offset?: number;
  delta?: number;
  element?: number;
  description?: string;
  units?: string;
}

export interface SerOptions {
  /** fastest first, as they are stored */
  dimensions: readonly BuiltDimension[];
  /** [channels] or [height, width] */
  element: readonly number[];
  dtype?: BuiltType;
  /** values of the recorded elements one after another, images top row first */
  data?: ArrayLike<number>;
  version?: 0x210 | 0x220;
  /** recorded elements; all when absent */
  valid?: number;
  /** metres, of every recorded element; times only when absent */
  positions?: readonly (readonly [x: number, y: number])[];
  /** offset and delta along every axis of an element, in the order of `element` */
  calibration?: readonly (readonly [offset: number, delta: number, element: number])[];
  /** bytes between elements */
  gap?: (element: number) => number;
}

/** A SER file, byte by byte. */
export function buildSer(options: SerOptions): Buffer {
  const { dimensions, element, dtype = 'uint16', version = 0x210, positions } = options;
  const isSpectra = element.length === 1;
  const width = version >= 0x220 ? 8 : 4;
  const total = dimensions.reduce((n, { size }) => n * size, 1);
  const valid = options.valid ?? total;
  const parts: Buffer[] = [];
  const u32 = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i));
    return bytes;
  };
  const f64 = (...values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer);
  const pointer = (...values: number[]): Buffer =>
    width === 4 ? u32(...values) : Buffer.from(BigUint64Array.from(values, BigInt).buffer);
  const text = (value: string): Buffer => Buffer.concat([u32(value.length), Buffer.from(value, 'latin1')]);
  const tables = dimensions.map((dimension) =>
    Buffer.concat([
      u32(dimension.size),
      f64(dimension.offset ?? 0, dimension.delta ?? 1),
      u32(dimension.element ?? 0),
      text(dimension.description ?? 'Number'),
      text(dimension.units ?? ''),
    ]),
  );
  const dimensionBytes = Buffer.concat([u32(dimensions.length), ...tables]);
  const table = 22 + width + dimensionBytes.length;
  const head = Buffer.alloc(22);
  head.set([0x49, 0x49, 0x97, 0x01]);
  head.writeUInt16LE(version, 4);
  head.set(u32(isSpectra ? 0x4120 : 0x4122, positions ? 0x4142 : 0x4152, total, valid), 6);
  const perElement = element.reduce((n, size) => n * size, 1) * (dtype.startsWith('complex') ? 2 : 1);
  const values = Array.from(options.data ?? ramp([valid, ...element], dtype));
  const dataPointers: number[] = [];
  const tagPointers: number[] = [];
  let at = table + 2 * width * total;
  const add = (bytes: Buffer): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (let i = 0; i < valid; i++) {
    dataPointers.push(at);
    const own = values.slice(i * perElement, (i + 1) * perElement);
    const calibrations = options.calibration ?? element.map(() => [0, 1, 0] as const);
    const told = isSpectra ? calibrations : [...calibrations].reverse();
    add(Buffer.concat(told.map(([offset, delta, index]) => Buffer.concat([f64(offset, delta), u32(index)]))));
    const kind = Buffer.alloc(2);
    kind.writeUInt16LE(types[dtype]!);
    add(Buffer.concat([kind, u32(...(isSpectra ? element : [element[1]!, element[0]!]))]));
    const row = isSpectra ? perElement : perElement / element[0]!;
    const rows = Array.from({ length: perElement / row }, (_, r) => own.slice(r * row, (r + 1) * row));
    add(Buffer.from(encodeElements((isSpectra ? rows : rows.reverse()).flat(), dtype)));
    tagPointers.push(at);
    add(
      Buffer.concat([u32(positions ? 0x4142 : 0x4152, 1_456_000_000 + i), positions ? f64(...positions[i]!) : f64()]),
    );
    add(Buffer.alloc(options.gap?.(i) ?? 0));
  }
  const rest = new Array<number>(total - valid).fill(0);
  return Buffer.concat([
    head,
    pointer(table),
    dimensionBytes,
    pointer(...dataPointers, ...rest, ...tagPointers, ...rest),
    ...parts,
  ]);
}

export interface BuiltObject {
  date?: string;
  described?: readonly (readonly [label: string, value: string, unit?: string])[];
  acquire?: Readonly<Record<string, string>>;
}

/** An EMI file: binary words around the descriptions of its objects. */
export function buildEmi(objects: readonly BuiltObject[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x4a, 0x4b, 0, 2, 0, 0, 0, 0])];
  for (const { date, described = [], acquire = {} } of objects) {
    const data = described.map(
      ([label, value, unit = '']) => `<Data><Label>${label}</Label><Value>${value}</Value><Unit>${unit}</Unit></Data>`,
    );
    const info = Object.entries(acquire).map(([name, value]) => `<${name}>${value}</${name}>`);
    parts.push(
      Buffer.from([0x60, 0, 0x3c, 0x4f, 7]),
      Buffer.from(
        `<ObjectInfo><Uuid>0</Uuid><ExperimentalDescription><Root>${data.join('')}</Root></ExperimentalDescription>${date === undefined ? '' : `<AcquireDate>${date}</AcquireDate>`}<AcquireInfo>${info.join('')}</AcquireInfo></ObjectInfo>`,
      ),
      Buffer.alloc(9, 0xfe),
    );
  }
  return Buffer.concat(parts);
}

const position = { description: 'Position', units: 'meters', delta: 2e-10 };
/** Where the probe was, row by row: TIA tells it with every element of a map. */
const raster = (columns: number, count: number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, i) => [2e-10 * (i % columns), 2e-10 * Math.floor(i / columns)] as const);

export const tiaSeeds: readonly Seed[] = [
  {
    name: 'fei-tia, spectrum map',
    files: {
      'x_1.ser': buildSer({
        dimensions: [
          { ...position, size: 4 },
          { ...position, size: 3 },
        ],
        element: [8],
        dtype: 'int32',
        positions: raster(4, 12),
      }),
    },
  },
  {
    name: 'fei-tia, stopped map of 64-bit pointers',
    files: {
      'x_1.ser': buildSer({
        dimensions: [
          { ...position, size: 4 },
          { ...position, size: 3 },
        ],
        element: [8],
        dtype: 'float32',
        version: 0x220,
        valid: 7,
        positions: raster(4, 7),
      }),
    },
  },
  {
    name: 'fei-tia, series of images through its EMI',
    files: {
      'x.emi': buildEmi([
        {
          date: 'Mon Feb 22 11:30:22 2016',
          described: [
            ['High tension', '200', 'kV'],
            ['Mode', 'STEM nP SA Zoom Diffraction'],
          ],
          acquire: { DwellTimePath: '0.000012' },
        },
      ]),
      'x_1.ser': buildSer({ dimensions: [{ size: 3 }], element: [4, 5], gap: (i) => 3 * i }),
    },
  },
];
