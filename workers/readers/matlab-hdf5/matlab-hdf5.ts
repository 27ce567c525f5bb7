import { basename } from 'node:path';
import { elementCount, isComplex } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, MetadataValue, SignalHeader } from '../../model/signal.ts';
import { arrangeByHints } from '../hints.ts';
import { elementType } from '../hdf5-dtype.ts';
import { layoutOfDataset } from '../hdf5-layout.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { walkHdf5 } from '../hdf5-tree.ts';
import { describeDataset, readAttributes, readDatasetNumbers } from '../hdf5-values.ts';

/** Values of variables as short as this, and texts, stand in the metadata. */
const longestText = 65_536;

const textOf = (value: MetadataValue | undefined): string | null => {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : null;
};

const numeric = new Set([
  'double',
  'single',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'logical',
]);

/** Whether an open HDF5 file was written by MATLAB: its variables carry their class, behind a header of text. */
export function isMatlab(file: Hdf5File, paths: readonly string[]): boolean {
  if (file.base !== 512) return false;
  return paths.slice(0, 64).some((path) => path !== '/' && readAttributes(file, path, []).has('MATLAB_class'));
}

/**
 * Order of the axes as MATLAB shows them: it counts columns first, so that the stored axes are those of the array back
 * to front. A row or a column of values is a vector either way and stays as it is stored.
 */
function matlabOrder(shape: readonly number[]): number[] {
  const axes = [...shape.keys()];
  return shape.filter((size) => size !== 1).length <= 1 ? axes : axes.toReversed();
}

/** A text variable: one UTF-16 unit for each character. */
function readText(file: Hdf5File, path: string): string | null {
  const { shape } = describeDataset(file, path);
  if (!shape || elementCount(shape) > longestText) return null;
  const values = readDatasetNumbers(file, path)?.values;
  return values === undefined ? null : Array.from(values, (unit) => String.fromCharCode(unit)).join('');
}

function put(tree: Metadata, path: string, value: MetadataValue): void {
  Object.defineProperty(tree, path, { value, enumerable: true, configurable: true, writable: true });
}

/** The variables of a MATLAB 7.3 file that are full arrays of numbers, those in structures included. */
export async function readMatlabHdf5(file: Hdf5File): Promise<FileHeader> {
  const signals: SignalHeader[] = [];
  const original: Metadata = {};
  const left: string[] = [];
  const sparse = new Set<string>();
  for (const { path, kind } of walkHdf5(file)) {
    // what cells and objects refer to
    if (/^\/#/.test(path) || path === '/') continue;
    if (kind === 'group') {
      if (readAttributes(file, path, []).has('MATLAB_sparse')) {
        sparse.add(path);
        left.push(`${path.slice(1)} (sparse)`);
      }
      continue;
    }
    if (kind !== 'dataset' || sparse.has(path.slice(0, path.lastIndexOf('/')))) continue;
    const attributes = readAttributes(file, path, []);
    const kindOfVariable = textOf(attributes.get('MATLAB_class'));
    const name = path.slice(1).replaceAll('/', '.');
    const type = describeDataset(file, path);
    const dtype = elementType(type);
    const isEmpty = attributes.get('MATLAB_empty') !== undefined && attributes.get('MATLAB_empty') !== 0;
    if (kindOfVariable === 'char' && !isEmpty) put(original, name, readText(file, path));
    if (kindOfVariable === null || !numeric.has(kindOfVariable) || isEmpty || dtype === null || !type.shape) {
      if (kindOfVariable !== 'char' && !isEmpty) left.push(`${name} (${kindOfVariable ?? 'no class'})`);
      continue;
    }
    const count = elementCount(type.shape);
    if (count === 0) continue;
    if (count === 1 && !isComplex(dtype)) {
      put(original, name, readDatasetNumbers(file, path)?.values[0] ?? null);
      continue;
    }
    const order = matlabOrder(type.shape);
    const shape = order.map((axis) => type.shape![axis]!);
    signals.push({
      title: name,
      signalType: '',
      shape,
      dtype,
      axes: arrangeByHints(name, shape, {}).axes,
      quantity: { name: 'Intensity', units: null },
      metadata: { General: { title: name, original_filename: basename(file.path) }, Signal: { signal_type: '' } },
      originalMetadata: original,
      layout: await layoutOfDataset(file, path, type, dtype, order),
      warnings: [],
    });
  }
  const [first, ...others] = signals;
  if (first === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `${file.path} holds no full array of numbers${left.length > 0 ? `, only ${left.slice(0, 4).join(', ')}` : ''}. Save the array as a variable of its own (save -v7.3).`,
      { path: file.path },
    );
  }
  const warnings =
    left.length === 0 ? [] : [`Not shown, because they are no full arrays of numbers: ${left.slice(0, 6).join(', ')}.`];
  return { format: 'matlab', signals: [{ ...first, warnings }, ...others] };
}
