import { basename } from 'node:path';
import type { DType } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { StoredType } from '../model/numpy-dtype.ts';
import { readNumpyColour, readNumpyType } from '../model/numpy-dtype.ts';
import { corrupt, decodeText, latin1, truncated } from './file-bytes.ts';
import type { PythonLiteral } from './numpy-literal.ts';
import { parsePythonLiteral } from './numpy-literal.ts';

/** The header of an .npy file (versions 1 to 3). */
export interface NpyHeader {
  dtype: DType;
  /** as NumPy prints it */
  shape: number[];
  /** stored with the first axis fastest */
  fortranOrder: boolean;
  littleEndian: boolean;
  /** of the first element, from the start of the .npy bytes */
  dataOffset: number;
}

export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

export const isNpy = (head: Uint8Array): boolean => npyMagic.every((byte, i) => head[i] === byte);

/** NumPy itself refuses headers beyond 10 kB unless told otherwise; structured types of many fields need more. */
const longestHeader = 1024 * 1024;

const otherTypes: readonly [RegExp, string, string][] = [
  [
    /^[|<>=]?O/,
    'Python objects',
    'They are stored as a pickle, which can run any program and is never opened here. Save the numbers alone with np.save.',
  ],
  [/^[|<>=]?U/, 'text', 'Only arrays of numbers can be shown.'],
  [/^[|<>=]?[Sa]/, 'text (bytes)', 'Only arrays of numbers can be shown.'],
  [/^[|<>=]?V/, 'raw records', 'Save the fields as arrays of their own.'],
  [/^[<>=]?[Mm]8/, 'dates or time spans', 'Convert them with .astype(np.float64).'],
  [/^[<>=]?f(12|16)/, 'extended precision floats', 'Convert them with .astype(np.float64).'],
  [/^[<>=]?c(24|32)/, 'extended precision complex numbers', 'Convert them with .astype(np.complex128).'],
];

const unsupported = (path: string, descriptor: string): EigenscopeError => {
  const [, kind, advice] = otherTypes.find(([pattern]) => pattern.test(descriptor)) ?? [
    null,
    'values',
    'Integers, floats, complex numbers, booleans and RGB pixels can be read; convert them with .astype.',
  ];
  return new EigenscopeError(
    'unsupported-format',
    `${basename(path)} holds ${kind} (NumPy type ${JSON.stringify(descriptor.slice(0, 60))}). ${advice}`,
    { path, descriptor: descriptor.slice(0, 60) },
  );
};

/** Records of R, G, B(, A) are colour pixels; any other record is refused by its fields. */
function colourType(fields: PythonLiteral[], path: string): StoredType {
  const found = readNumpyColour(fields);
  if (found !== null) return found;
  const names = fields.map((field) => (Array.isArray(field) ? String(field[0]) : 'undefined'));
  throw new EigenscopeError(
    'unsupported-format',
    `${basename(path)} holds records with the fields ${names
      .join(', ')
      .slice(0, 120)}. Save the field you need as an array of its own.`,
    { path },
  );
}

function elementType(descriptor: PythonLiteral | undefined, path: string): StoredType {
  if (Array.isArray(descriptor)) return colourType(descriptor, path);
  if (typeof descriptor !== 'string') throw corrupt(path, 'its header names no element type', '“descr” was expected');
  const found = readNumpyType(descriptor);
  if (found === null) throw unsupported(path, descriptor);
  return found;
}

function shapeOf(value: PythonLiteral | undefined, path: string): number[] {
  if (!Array.isArray(value)) throw corrupt(path, 'its header gives no shape', 'a list of sizes was expected');
  return value.map((size) => {
    if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
    throw corrupt(path, `its header gives the size ${String(size)}`, 'whole numbers from 0 to 2^53 were expected');
  });
}

/** Bytes that the header takes with everything before it, from the first 12 bytes; to know how many to read. */
export function npyHeaderBytes(head: Uint8Array, path: string): number {
  if (!isNpy(head)) throw corrupt(path, 'it does not begin with “\\x93NUMPY”', 'an .npy array was expected');
  if (head.length < 12) throw truncated(path, 12, head.length);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const major = head[6]!;
  if (major < 1 || major > 3) {
    throw new EigenscopeError(
      'newer-version',
      `${basename(path)} is version ${major} of the .npy format; versions 1 to 3 are known. Save it again with np.save.`,
      { path, version: major },
    );
  }
  const [prefix, length] = major === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > longestHeader) {
    throw corrupt(path, `its header claims ${length} bytes`, `at most ${longestHeader} were expected`);
  }
  return prefix + length;
}

/**
 * Reads the header of an array from its first bytes (or all of them). Nothing is evaluated, nothing is allocated for
 * the elements; whether there are enough bytes for them is for the caller to check.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`, `newer-version`; `unsupported-format` for element types other
 * than numbers, booleans and RGB pixels — object arrays above all, which are never unpickled
 */
export function parseNpyHeader(bytes: Uint8Array, path: string): NpyHeader {
  const dataOffset = npyHeaderBytes(bytes, path);
  if (bytes.length < dataOffset) throw truncated(path, dataOffset, bytes.length);
  const major = bytes[6]!;
  const raw = bytes.subarray(major === 1 ? 10 : 12, dataOffset);
  let header: PythonLiteral;
  try {
    header = parsePythonLiteral(major === 3 ? decodeText(raw) : latin1(raw));
  } catch (error) {
    throw corrupt(path, `its header has ${(error as Error).message}`, 'the description of an array was expected');
  }
  if (!(header instanceof Map))
    throw corrupt(path, 'its header is no dictionary', 'the description of an array was expected');
  const fortranOrder = header.get('fortran_order');
  if (typeof fortranOrder !== 'boolean') {
    throw corrupt(path, 'its header does not give the order of elements', '“fortran_order” was expected');
  }
  const shape = shapeOf(header.get('shape'), path);
  return { ...elementType(header.get('descr'), path), shape, fortranOrder, dataOffset };
}
