import type { MetadataValue } from '../../model/signal.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { childNames, childPath, kindOf, type Hdf5Entry } from '../hdf5-tree.ts';
import { describeDataset, readAttributes } from '../hdf5-values.ts';

/** Groups of a file whose attributes are looked at: enough for any file that people write. */
const mostGroups = 4096;
const fewGroups = 256;

export const firstOf = (value: MetadataValue | undefined): MetadataValue =>
  Array.isArray(value) ? firstOf(value[0]) : (value ?? null);

/** Text of an attribute: as such, or of a list of one. */
export function textOf(value: MetadataValue | undefined): string | null {
  const first = firstOf(value);
  return typeof first === 'string' && first !== '' ? first : null;
}

/** What the attribute `emd_group_type` says a group is: 1 or "array" hold a signal. */
function isSignalType(value: MetadataValue | undefined): boolean {
  const type = firstOf(value);
  return type === 1 || type === '1' || type === 'array' || type === 'data';
}

/** Whether an open HDF5 file has the layout of the National Center for Electron Microscopy, or of programs that use it. */
export function isNcem(file: Hdf5File, entries: readonly Hdf5Entry[]): boolean {
  const root = readAttributes(file, '/', []);
  if (root.has('version_major') && root.has('version_minor')) return true;
  return entries
    .filter(({ kind }) => kind === 'group')
    .slice(0, fewGroups)
    .some(({ path }) => readAttributes(file, path, []).has('emd_group_type'));
}

/** An array with axes of its own: the group, its data set and its `dimN`, in the order of their numbers. */
export interface NcemGroup {
  path: string;
  /** path of the data set; null when it holds no array */
  data: string | null;
  dims: string[];
  attributes: Map<string, MetadataValue>;
}

/** The data set of a group: `data`, else the one that is no `dimN` and has most axes (realslice, datacube, counts …). */
function dataOf(file: Hdf5File, path: string, names: readonly string[]): string | null {
  if (names.includes('data') && kindOf(file, childPath(path, 'data')) === 'dataset') return childPath(path, 'data');
  const arrays = names
    .filter((name) => !/^dim\d+$/.test(name) && kindOf(file, childPath(path, name)) === 'dataset')
    .map((name) => ({
      path: childPath(path, name),
      rank: describeDataset(file, childPath(path, name)).shape?.length ?? 0,
    }))
    .filter(({ rank }) => rank >= 1);
  return arrays.toSorted((a, b) => b.rank - a.rank)[0]?.path ?? null;
}

/** All groups that hold a signal, in the order of the file. */
export function ncemGroups(file: Hdf5File, entries: readonly Hdf5Entry[]): NcemGroup[] {
  const groups: NcemGroup[] = [];
  for (const { path } of entries.filter(({ kind }) => kind === 'group').slice(0, mostGroups)) {
    const attributes = readAttributes(file, path, []);
    if (!isSignalType(attributes.get('emd_group_type'))) continue;
    const names = childNames(file, path);
    const data = dataOf(file, path, names);
    // a group of signals may carry the mark as well: it has no array of its own
    if (data === null && names.every((name) => kindOf(file, childPath(path, name)) === 'group')) continue;
    const dims = names
      .filter((name) => /^dim\d+$/.test(name))
      .toSorted((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
      .map((name) => childPath(path, name));
    groups.push({ path, data, dims, attributes });
  }
  return groups;
}
