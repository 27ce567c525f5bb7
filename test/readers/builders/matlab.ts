import { deflateSync } from 'node:zlib';
import type { Seed } from '../seeds.ts';
import type { BuiltType } from './elements.ts';
import { encodeElements } from './elements.ts';

/* MATLAB files in code, after “MAT-File Format” of The MathWorks. Values are given column by column. */

const typeCodes: Partial<Record<BuiltType, number>> = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  float32: 7,
  float64: 9,
  int64: 12,
  uint64: 13,
};
const classCodes = { cell: 1, struct: 2, char: 4, sparse: 5, double: 6, single: 7, uint8: 9, uint16: 11, int32: 12 };
export type MatClass = keyof typeof classCodes;

export interface MatrixOptions {
  name?: string;
  size: readonly number[];
  /** column-major */
  values: readonly number[];
  stored?: BuiltType;
  className?: MatClass;
  imaginary?: readonly number[];
  logical?: boolean;
}

/** The parts of a file in one byte order. */
export function matWriter(littleEndian = true) {
  const words = (...values: number[]): Uint8Array => encodeElements(values, 'int32', littleEndian);
  const unsigned = (...values: number[]): Uint8Array => encodeElements(values, 'uint32', littleEndian);

  /** Tag and bytes, padded to 8; up to 4 bytes in the small form. */
  const element = (type: number, bytes: Uint8Array, small = bytes.length > 0 && bytes.length <= 4): Buffer =>
    small
      ? Buffer.concat([unsigned(bytes.length * 65536 + type), bytes, Buffer.alloc(4 - bytes.length)])
      : Buffer.concat([unsigned(type, bytes.length), bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

  const matrix = (
    className: MatClass,
    flags: number,
    size: readonly number[],
    name: string,
    ...parts: Buffer[]
  ): Buffer =>
    element(
      14,
      Buffer.concat([
        element(6, unsigned(classCodes[className] + flags, 0), false),
        element(5, words(...size)),
        element(1, Buffer.from(name)),
        ...parts,
      ]),
      false,
    );

  const numbers = (values: readonly number[], stored: BuiltType): Buffer =>
    element(typeCodes[stored]!, encodeElements(values, stored, littleEndian));

  return {
    numeric({
      name = '',
      size,
      values,
      stored = 'float64',
      className = 'double',
      imaginary,
      logical,
    }: MatrixOptions): Buffer {
      const flags = (imaginary ? 0x800 : 0) + (logical ? 0x200 : 0);
      const parts = [numbers(values, stored), ...(imaginary ? [numbers(imaginary, stored)] : [])];
      return matrix(className, flags, size, name, ...parts);
    },
    text: (name: string, text: string): Buffer =>
      matrix(
        'char',
        0,
        [1, text.length],
        name,
        element(
          4,
          encodeElements(
            [...text].map((c) => c.charCodeAt(0)),
            'uint16',
            littleEndian,
          ),
        ),
      ),
    cell: (name: string, size: readonly number[], children: readonly Buffer[]): Buffer =>
      matrix('cell', 0, size, name, ...children),
    struct: (name: string, size: readonly number[], fields: readonly string[], children: readonly Buffer[]): Buffer =>
      matrix(
        'struct',
        0,
        size,
        name,
        element(5, words(32)),
        element(1, Buffer.concat(fields.map((field) => Buffer.from(field.padEnd(32, '\0')))), false),
        ...children,
      ),
    sparse(
      name: string,
      size: readonly number[],
      rows: readonly number[],
      starts: readonly number[],
      values: readonly number[],
      logical = false,
    ): Buffer {
      return matrix(
        'sparse',
        logical ? 0x200 : 0,
        size,
        name,
        element(5, words(...rows)),
        element(5, words(...starts)),
        // as MATLAB does: bytes that are called doubles
        logical ? element(typeCodes.float64!, Buffer.from(values)) : numbers(values, 'float64'),
      );
    },
    compressed: (part: Buffer): Buffer => {
      const packed = deflateSync(part);
      return Buffer.concat([unsigned(15, packed.length), packed]);
    },
    file(...parts: Buffer[]): Buffer {
      const head = Buffer.alloc(128, ' ');
      head.write('MATLAB 5.0 MAT-file, Platform: TEST, Created on: Thu Jan  1 00:00:00 1970');
      head.fill(0, 116, 124);
      head.set(littleEndian ? [0x00, 0x01, 0x49, 0x4d] : [0x01, 0x00, 0x4d, 0x49], 124);
      return Buffer.concat([head, ...parts]);
    },
  };
}

/** One variable of MATLAB 4. `kind`: 0 numbers, 1 text, 2 triplets. */
export function buildMat4(
  name: string,
  size: readonly [number, number],
  values: readonly number[],
  { littleEndian = true, stored = 0, kind = 0, imaginary = null as readonly number[] | null } = {},
): Buffer {
  const types: BuiltType[] = ['float64', 'float32', 'int32', 'int16', 'uint16', 'uint8'];
  const head = [(littleEndian ? 0 : 1000) + 10 * stored + kind, ...size, imaginary ? 1 : 0, name.length + 1];
  return Buffer.concat([
    encodeElements(head, 'int32', littleEndian),
    Buffer.from(`${name}\0`),
    encodeElements(values, types[stored]!, littleEndian),
    ...(imaginary ? [encodeElements(imaginary, types[stored]!, littleEndian)] : []),
  ]);
}

const w = matWriter();
const big = matWriter(false);
const cube = Array.from({ length: 60 }, (_, i) => i);
const numeric: MatrixOptions = { name: 'cube', size: [3, 4, 5], values: cube, stored: 'uint16', className: 'uint16' };
const nested = (writer: typeof w): Buffer =>
  writer.struct(
    's',
    [1, 1],
    ['data', 'list', 'note'],
    [
      writer.numeric({ ...numeric, name: '' }),
      writer.cell('', [1, 2], [writer.numeric({ size: [2, 2], values: [1, 2, 3, 4] }), writer.text('', 'x')]),
      writer.text('', 'hello'),
    ],
  );
const sparse = w.sparse('sp', [3, 4], [0, 2, 1], [0, 1, 1, 3, 3], [5, 6, 7]);
const complex: MatrixOptions = { name: 'z', size: [2, 3], values: [1, 2, 3, 4, 5, 6], imaginary: [6, 5, 4, 3, 2, 1] };

export const matlabSeeds: readonly Seed[] = [
  { name: 'matlab, plain', files: { 'x.mat': w.file(w.numeric(numeric), nested(w), sparse) } },
  {
    name: 'matlab, compressed',
    files: {
      'x.mat': w.file(w.compressed(w.numeric(numeric)), w.compressed(nested(w)), w.compressed(w.numeric(complex))),
    },
  },
  { name: 'matlab, big-endian', files: { 'x.mat': big.file(big.numeric(numeric), nested(big), big.numeric(complex)) } },
  {
    name: 'matlab, version 4',
    files: {
      'x.mat': Buffer.concat([
        buildMat4('a', [3, 4], cube.slice(0, 12)),
        buildMat4('z', [2, 2], [1, 2, 3, 4], { imaginary: [4, 3, 2, 1] }),
        buildMat4('sp', [4, 3], [1, 2, 3, 3, 1, 2, 3, 4, 7, 8, 9, 0], { kind: 2 }),
        buildMat4('t', [1, 3], [97, 98, 99], { kind: 1 }),
      ]),
    },
  },
];
