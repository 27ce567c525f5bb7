import type { Seed } from '../seeds.ts';
import { encodeElements } from './elements.ts';

const types = ['int8', 'int16', 'float32', 'complex64', 'int32'] as const;

export interface SemperOptions {
  columns: number;
  rows: number;
  layers?: number;
  form?: number;
  pictureClass?: number;
  values: readonly number[];
  littleEndian?: boolean;
  title?: string;
  label?: boolean;
  /** scale and offset of x */
  dx?: number;
  x0?: number;
  xUnit?: string;
  range?: string;
  date?: readonly number[];
}

/** A picture of Semper: records between two copies of their length. */
export function buildSemper(options: SemperOptions): Buffer {
  const {
    columns,
    rows,
    layers = 1,
    form = 2,
    pictureClass = 1,
    values,
    littleEndian = true,
    title = '',
    label = true,
  } = options;
  const record = (bytes: Uint8Array): Buffer => {
    const length = encodeElements([bytes.length], 'uint32', littleEndian);
    return Buffer.concat([length, bytes, length]);
  };
  const flags = 20_000 + (label ? 1000 : 0) + title.length;
  const head = encodeElements([columns, rows, layers, pictureClass, form, flags], 'int16', littleEndian);
  const words = new Array<number>(256).fill(0);
  const put = (first: number, bytes: Iterable<number>): void =>
    [...bytes].forEach((b, i) => (words[first - 1 + i] = b));
  const real = (first: number, value: number): void => put(first, encodeElements([value], 'float32', littleEndian));
  put(1, Buffer.from('Semper'));
  // sizes and centres in bytes, as words: low two here, those above 65536 at 57
  [columns, rows, layers].forEach((size, i) => {
    const centre = Math.floor(size / 2) + 1;
    put(7 + 2 * i, [size >> 8, size & 255]);
    put(13 + 2 * i, [centre >> 8, centre & 255]);
  });
  put(19, [pictureClass, form]);
  put(22, options.date ?? [115, 10, 27, 14, 31, 26]);
  const range = options.range ?? '0,13';
  put(28, [range.length, ...Buffer.from(range)]);
  put(63, [1]);
  for (const first of [76, 84]) real(first, 1);
  real(92, options.dx ?? 1);
  real(96, options.x0 ?? 0);
  put(100, [title.length, ...Buffer.from(title)]);
  put(245, Buffer.from(options.xUnit ?? ''));
  const bytes = encodeElements(values, types[form]!, littleEndian);
  const each = bytes.length / (rows * layers);
  return Buffer.concat([
    record(head),
    ...(title === '' ? [] : [record(Buffer.from(title))]),
    ...(label ? [record(encodeElements(words, 'int16', littleEndian))] : []),
    ...Array.from({ length: rows * layers }, (_, r) => record(bytes.subarray(r * each, (r + 1) * each))),
  ]);
}

const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
export const semperSeeds: readonly Seed[] = [
  {
    name: 'semper, volume',
    files: { 'x.unf': buildSemper({ columns: 4, rows: 3, layers: 2, pictureClass: 6, values: ramp(24) }) },
  },
  {
    name: 'semper, big-endian',
    files: {
      'x.unf': buildSemper({ columns: 4, rows: 3, form: 1, values: ramp(12), littleEndian: false, title: 'Hello' }),
    },
  },
  {
    name: 'semper, complex',
    files: { 'x.unf': buildSemper({ columns: 4, rows: 3, form: 3, values: ramp(24), label: false }) },
  },
];
