import type { DType } from '../../model/dtype.ts';
import { elementCount, itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText, truncated } from '../file-bytes.ts';
import { isFirstFast } from './scan-order.ts';

/* The SER file of TIA (Emispec, later FEI): a header, one data element per position, one tag per element. Little-endian. */

/** value = offset + delta · (index − element) */
export interface SerCalibration {
  offset: number;
  delta: number;
  element: number;
}

/** An axis along which elements were recorded; fastest first in the file. */
export interface SerDimension extends SerCalibration {
  size: number;
  description: string;
  units: string;
}

export interface SerTag {
  /** seconds since 1970 */
  time: number;
  /** metres; null when the file holds times only */
  x: number | null;
  y: number | null;
}

/** All of a SER file but its values. */
export interface SerFile {
  version: number;
  isSpectra: boolean;
  hasPositions: boolean;
  /** elements that were planned and elements that were recorded */
  total: number;
  valid: number;
  dimensions: readonly SerDimension[];
  dtype: DType;
  /** of one element: [channels] or [height, width]; rows of images lie bottom first */
  elementShape: readonly number[];
  /** along `elementShape`, of the first element */
  calibrations: readonly SerCalibration[];
  /** where the values of the recorded elements lie */
  runs: readonly { first: number; step: number; count: number }[];
  /** tags of the first, the second and the last recorded element, as far as there are any */
  tags: readonly SerTag[];
  /** dimensions are listed fastest first; where positions say otherwise they were put in that order */
  wasReordered: boolean;
}

export const isSerMagic = (head: Uint8Array): boolean =>
  head[0] === 0x49 && head[1] === 0x49 && head[2] === 0x97 && head[3] === 0x01;

const dtypes: Readonly<Record<number, DType>> = {
  1: 'uint8',
  2: 'uint16',
  3: 'uint32',
  4: 'int8',
  5: 'int16',
  6: 'int32',
  7: 'float32',
  8: 'float64',
  9: 'complex64',
  10: 'complex128',
};

/** TIA knows maps and series; more dimensions than this are damage. */
const mostDimensions = 8;
const longestText = 4096;

function readDimensions(file: FileBytes, from: number): SerDimension[] {
  const number = file.view(from, 4).getUint32(0, true);
  if (number > mostDimensions) {
    throw corrupt(file.path, `it announces ${number} dimensions`, `at most ${mostDimensions} were expected`);
  }
  let at = from + 4;
  const text = (): string => {
    const length = file.view(at, 4).getUint32(0, true);
    if (length > longestText) {
      throw corrupt(file.path, `a text in its header has ${length} bytes`, `at most ${longestText} were expected`);
    }
    const view = file.view(at + 4, length);
    at += 4 + length;
    return decodeText(new Uint8Array(view.buffer, view.byteOffset, length)).replace(/\0+$/, '');
  };
  const dimensions: SerDimension[] = [];
  for (let i = 0; i < number; i++) {
    const view = file.view(at, 24);
    const [size, offset, delta, element] = [
      view.getUint32(0, true),
      view.getFloat64(4, true),
      view.getFloat64(12, true),
      view.getUint32(20, true),
    ];
    at += 24;
    const description = text();
    dimensions.push({ size, offset, delta, element, description, units: text() });
  }
  return dimensions;
}

interface ElementHeader {
  dtype: DType;
  shape: number[];
  calibrations: SerCalibration[];
}

function readElementHeader(file: FileBytes, at: number, isSpectra: boolean): ElementHeader {
  const axes = isSpectra ? 1 : 2;
  const bytes = new Uint8Array(axes * 24 + 2);
  // read on its own: a window around each of many elements would read most of the file
  file.readInto(bytes, at);
  const view = new DataView(bytes.buffer);
  const calibration = (from: number): SerCalibration => ({
    offset: view.getFloat64(from, true),
    delta: view.getFloat64(from + 8, true),
    element: view.getUint32(from + 16, true),
  });
  const type = view.getUint16(axes * 20, true);
  const dtype = dtypes[type];
  if (dtype === undefined) {
    throw corrupt(file.path, `an element is of type ${type}`, 'types 1 to 10 were expected');
  }
  const length = (i: number): number => view.getUint32(axes * 20 + 2 + 4 * i, true);
  // x comes first in the file, rows are slower
  return isSpectra
    ? { dtype, shape: [length(0)], calibrations: [calibration(0)] }
    : { dtype, shape: [length(1), length(0)], calibrations: [calibration(20), calibration(0)] };
}

function readPointers(file: FileBytes, at: number, count: number, width: 4 | 8): Float64Array {
  const bytes = new Uint8Array(count * width);
  file.readInto(bytes, at);
  const view = new DataView(bytes.buffer);
  const pointers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    pointers[i] = width === 4 ? view.getUint32(4 * i, true) : Number(view.getBigUint64(8 * i, true));
  }
  return pointers;
}

/** Pointers with a constant distance of at least one element as runs. */
function* runsOf(pointers: Float64Array, least: number): Generator<{ first: number; step: number; count: number }> {
  for (let i = 0; i < pointers.length;) {
    const first = pointers[i]!;
    const step = (pointers[i + 1] ?? first) - first;
    let count = 1;
    if (step >= least) {
      while (pointers[i + count] === first + count * step) count++;
    }
    yield { first, step: count > 1 ? step : least, count };
    i += count;
  }
}

const sameShape = (a: ElementHeader, b: ElementHeader): boolean =>
  a.dtype === b.dtype && a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);

/** @throws EigenscopeError for the SER of a single spectrum, whose values TIA keeps in the EMI alone */
function refuseEmpty(file: FileBytes): never {
  throw new EigenscopeError(
    'unsupported-format',
    `${file.name} holds no measured element (0 of those it plans for). TIA keeps single spectra in the .emi alone: export it from TIA as .msa or .dm3 and open that. If it is a map or a series, recording it was stopped before the first element.`,
    { path: file.path },
  );
}

/**
 * Reads all of a SER file but its values.
 * @throws EigenscopeError `truncated-file`, `corrupt-file`; `unsupported-format` when no element was recorded, or when
 * elements differ in size or type
 */
export function readSer(file: FileBytes): SerFile {
  const head = file.view(0, 26);
  const version = head.getUint16(4, true);
  const [dataKind, tagKind, total, valid] = [6, 10, 14, 18].map((at) => head.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (dataKind !== 0x4120 && dataKind !== 0x4122) {
    throw corrupt(file.path, `it announces data of kind 0x${dataKind.toString(16)}`, '0x4120 or 0x4122 was expected');
  }
  const isSpectra = dataKind === 0x4120;
  // pointers became 64-bit with version 0x220
  const width = version >= 0x220 ? 8 : 4;
  const table = width === 4 ? file.view(22, 4).getUint32(0, true) : Number(file.view(22, 8).getBigUint64(0, true));
  const dimensions = readDimensions(file, 22 + width);
  if (valid > total) {
    throw corrupt(file.path, `it holds ${valid} elements of ${total}`, 'at most as many as planned were expected');
  }
  if (table + 2 * width * total > file.size) throw truncated(file.path, table + 2 * width * total, file.size);
  if (valid === 0) return refuseEmpty(file);

  const pointers = readPointers(file, table, valid, width);
  const first = readElementHeader(file, pointers[0]!, isSpectra);
  const bytes = checkedBytes(file.path, first.shape, first.dtype);
  const header = isSpectra ? 26 : 50;
  // elements may not share their bytes: a small file cannot announce a large array
  if (valid * (bytes + header) > file.size) throw truncated(file.path, valid * (bytes + header), file.size);
  const runs: { first: number; step: number; count: number }[] = [];
  for (const run of runsOf(pointers, bytes + header)) {
    for (const at of new Set([run.first, run.first + (run.count - 1) * run.step])) {
      const element = readElementHeader(file, at, isSpectra);
      if (!sameShape(element, first)) {
        throw new EigenscopeError(
          'unsupported-format',
          `${file.name} holds elements of different kinds (${first.shape.join(' × ')} of ${first.dtype} and ${element.shape.join(' × ')} of ${element.dtype}), which make no array. Export them one by one from TIA.`,
          { path: file.path },
        );
      }
      const end = at + header + elementCount(first.shape) * itemSize(first.dtype);
      if (end > file.size) throw truncated(file.path, end, file.size);
    }
    runs.push({ ...run, first: run.first + header });
  }
  const hasPositions = tagKind === 0x4142;
  const tagAt = (element: number): SerTag | null =>
    element < valid ? readTag(file, table + (total + element) * width, width, hasPositions) : null;
  const [fast, slow] = dimensions;
  const wasReordered = dimensions.length === 2 && hasPositions && !isFirstFast([fast!.size, slow!.size], tagAt);
  return {
    version,
    isSpectra,
    hasPositions,
    total,
    valid,
    dimensions: wasReordered ? [slow!, fast!] : dimensions,
    dtype: first.dtype,
    elementShape: first.shape,
    calibrations: first.calibrations,
    runs,
    tags: [...new Set([0, Math.min(1, valid - 1), valid - 1])].map(tagAt).filter((tag) => tag !== null),
    wasReordered,
  };
}

/** The tag whose pointer lies at `at`; null when it lies outside of the file, because nothing depends on it. */
function readTag(file: FileBytes, at: number, width: 4 | 8, hasPositions: boolean): SerTag | null {
  const length = hasPositions ? 24 : 8;
  const [place] = readPointers(file, at, 1, width);
  if (place === undefined || place === 0 || place + length > file.size) return null;
  const bytes = new Uint8Array(length);
  file.readInto(bytes, place);
  const view = new DataView(bytes.buffer);
  const position = (from: number): number | null => (hasPositions ? view.getFloat64(from, true) : null);
  return { time: view.getUint32(4, true), x: position(8), y: position(16) };
}
