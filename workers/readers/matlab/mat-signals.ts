import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import type { DType } from '../../model/dtype.ts';
import { itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { Metadata, MetadataValue, PixelLayout, SignalHeader } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { arrangeByHints, calibrateByHints } from '../hints.ts';
import { arrangeFortran } from '../numpy-signal.ts';
import type { ReadHints } from '../reader.ts';
import type { MatFile, MatNumeric, MatSparse, MatTriplets, MatValue, MatVariable } from './mat-node.ts';
import { countOf } from './mat-node.ts';

type MatArray = MatNumeric | MatSparse | MatTriplets;

/** One array and its path in the file: `data`, `sample.spectra`, `list{3}`. */
export interface FoundArray {
  path: string;
  value: MatArray;
  variable: MatVariable;
}

const mostSignals = 1000;
/** A sparse matrix is unfolded; larger ones would take more memory than they are worth. */
const largestDense = 2 ** 28;

/** Every array of two or more numbers, with its path, in the order of the file. */
export function findArrays(file: MatFile): FoundArray[] {
  const found: FoundArray[] = [];
  const visit = (path: string, value: MatValue, variable: MatVariable): void => {
    if (found.length >= mostSignals) return;
    if (value.kind === 'group') for (const child of value.children) visit(path + child.name, child.value, variable);
    else if (value.kind !== 'text' && value.kind !== 'other' && countOf(value.size) > 1) {
      found.push({ path, value, variable });
    }
  };
  for (const variable of file.variables) visit(variable.name, variable.value, variable);
  return found;
}

/** Type of the elements: as they are stored, which may be smaller than MATLAB's class. */
export function arrayType(value: MatArray): DType {
  if (value.kind === 'triplets') return value.complex ? 'complex128' : 'float64';
  if (value.kind === 'sparse') {
    if (value.imaginary !== null) return 'complex128';
    return value.logical ? 'bool' : 'float64';
  }
  if (value.imaginary !== null) {
    return value.real.dtype === 'float32' && value.imaginary.dtype === 'float32' ? 'complex64' : 'complex128';
  }
  return value.logical && itemSize(value.real.dtype) === 1 ? 'bool' : value.real.dtype;
}

export function describeValue(value: MatValue): MetadataValue {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'group': {
      const children = value.children.map(({ name, value: child }): [string, MetadataValue] => [
        name.replace(/^\./, ''),
        describeValue(child),
      ]);
      return { ...Object.fromEntries(children), ...(value.more > 0 ? { 'not listed': value.more } : {}) };
    }
    case 'numeric':
      if (value.few !== null) {
        const plain = value.few.map((n) => (Number.isFinite(n) ? n : String(n)));
        return plain.length === 1 ? plain[0]! : plain;
      }
      return { class: value.logical ? 'logical' : value.className, size: [...value.size] };
    case 'other':
      return { class: value.className, size: [...value.size] };
    default:
      return { class: 'sparse', size: [...value.size] };
  }
}

/** A vector is one spectrum whichever way it lies; small whole numbers in rows and columns are a map of labels. */
function ownAxes(size: readonly number[], labels: boolean): Axis[] | null {
  const [rows = 1, columns = 1] = size;
  if (size.length !== 2) return null;
  if (columns === 1 && rows > 1) return [plainAxis('channel', rows, false), plainAxis('x', 1, true)];
  if (labels && rows > 1) return [plainAxis('y', rows, false), plainAxis('x', columns, false)];
  return null;
}

/**
 * Bytes of a signal that must be made in memory.
 * @throws EigenscopeError `unsupported-format` for a sparse matrix that is too large when it is unfolded
 */
function checkDense(name: string, path: string, value: MatArray): void {
  const dense = countOf(value.size) * itemSize(arrayType(value));
  if (value.kind === 'numeric' || dense <= largestDense) return;
  throw new EigenscopeError(
    'unsupported-format',
    `“${path}” in ${name} is a sparse matrix of ${value.size.join(' × ')}; as an array it would take ${dense} bytes. Save a part of it with full().`,
    { bytes: dense },
  );
}

/**
 * One array as a signal: the shape is MATLAB's size, the last size is the signal unless the hints say otherwise.
 * @throws EigenscopeError `shape-mismatch` when the hints do not fit; `unsupported-format` when the array cannot be seen so
 */
export function matSignal(
  file: FileBytes,
  { path, value, variable }: FoundArray,
  labels: boolean,
  original: Metadata,
  hints: ReadHints,
): SignalHeader {
  checkDense(file.name, path, value);
  const told = hints.navigationShape !== undefined || hints.signalShape !== undefined;
  const own = told ? null : ownAxes(value.size, labels);
  const { shape, axes } =
    own === null ? arrangeByHints(file.name, value.size, hints) : { shape: value.size, axes: own };
  const reversed = {
    storedShape: [...value.size].reverse(),
    axisOrder: value.size.map((_, i) => value.size.length - 1 - i),
  };
  const order = told ? arrangeFortran(value.size, shape) : reversed;
  if (order === null) {
    throw new EigenscopeError(
      'shape-mismatch',
      `“${path}” in ${file.name} has the size ${value.size.join(' × ')}, column by column, and cannot be seen as ${shape.join(' × ')}. Give sizes that split its own.`,
      { path: file.path },
    );
  }
  const dtype = arrayType(value);
  const plain = value.kind === 'numeric' && value.imaginary === null && variable.packed === null;
  const layout: PixelLayout = plain
    ? {
        kind: 'raw',
        path: file.path,
        offset: value.real.offset,
        littleEndian: variable.littleEndian || itemSize(dtype) === 1,
        ...order,
        stamp: file.stamp(),
      }
    : {
        kind: 'coded',
        codec: 'matlab',
        path: file.path,
        stamp: file.stamp(),
        about: {
          packed: variable.packed,
          littleEndian: variable.littleEndian,
          array: stored(value),
          ...order,
        },
      };
  return {
    title: path,
    signalType: '',
    shape: [...shape],
    dtype,
    axes: calibrateByHints(file.name, axes, hints),
    quantity: { name: 'Intensity', units: null },
    metadata: { General: { title: path, original_filename: file.name }, Signal: { signal_type: '' } },
    originalMetadata: original,
    layout,
    warnings: [],
  };
}

/** What the decoder needs to know of an array. */
function stored(value: MatArray): Metadata {
  if (value.kind === 'triplets') return { ...value, size: [...value.size] };
  if (value.kind === 'sparse') return { ...value, size: [...value.size] };
  const { kind, size, real, imaginary, logical } = value;
  return { kind, size: [...size], real, imaginary, logical };
}
