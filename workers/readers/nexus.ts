import { plainAxis, type Axis } from '../model/axes.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { MetadataValue } from '../model/signal.ts';
import { calibrationOf } from './hdf5-axes.ts';
import { elementType } from './hdf5-dtype.ts';
import type { Hdf5File } from './hdf5-open.ts';
import { childNames, childPath, kindOf, type Hdf5Entry } from './hdf5-tree.ts';
import { describeDataset, readAttributes, readDatasetNumbers } from './hdf5-values.ts';

/** A NXdata group: which of its data sets is the signal, and the axes of that. */
export interface NexusData {
  group: string;
  signal: string;
  axes: Axis[];
}

const textOf = (value: MetadataValue | undefined): string | null => {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : null;
};

const listOf = (value: MetadataValue | undefined): string[] => {
  if (typeof value === 'string')
    return value
      .replace(/^\[|\]$/g, '')
      .split(/[:,]/)
      .map((name) => name.trim());
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
};

const numberOf = (value: MetadataValue | undefined): number | null => {
  const first = Array.isArray(value) ? value[0] : value;
  const number = typeof first === 'string' ? Number(first) : first;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
};

/** Whether the file has NeXus' classes on any of the groups found. */
export const isNexus = (file: Hdf5File, entries: readonly Hdf5Entry[]): boolean =>
  entries
    .slice(0, 256)
    .some(({ path, kind }) => kind === 'group' && textOf(readAttributes(file, path, []).get('NX_class')) !== null);

/** Name of the signal: of the group's attribute, of the data set marked with `signal = 1`, `data`, or the only array. */
function signalName(
  file: Hdf5File,
  group: string,
  attributes: Map<string, MetadataValue>,
  arrays: readonly string[],
): string | null {
  const named = textOf(attributes.get('signal'));
  if (named !== null && arrays.includes(named)) return named;
  const marked = arrays.find((name) => numberOf(readAttributes(file, childPath(group, name), []).get('signal')) === 1);
  if (marked !== undefined) return marked;
  if (arrays.includes('data')) return 'data';
  return arrays.length === 1 ? arrays[0]! : null;
}

/** Name of the axis data set of every dimension, null where there is none. */
function axisNames(
  file: Hdf5File,
  group: string,
  attributes: Map<string, MetadataValue>,
  signal: string,
  rank: number,
  children: readonly string[],
): (string | null)[] {
  const names = new Array<string | null>(rank).fill(null);
  const listed = attributes.has('axes')
    ? listOf(attributes.get('axes'))
    : listOf(readAttributes(file, childPath(group, signal), []).get('axes'));
  if (listed.length > 0) {
    for (const [i, name] of listed.entries()) {
      const dimension = numberOf(attributes.get(`${name}_indices`)) ?? i;
      if (name !== '.' && dimension >= 0 && dimension < rank && children.includes(name)) names[dimension] = name;
    }
    return names;
  }
  for (const name of children) {
    if (name === signal || kindOf(file, childPath(group, name)) !== 'dataset') continue;
    // The oldest way: every axis says itself which dimension it is for, counted from 1.
    const dimension = numberOf(readAttributes(file, childPath(group, name), []).get('axis'));
    if (dimension !== null && dimension >= 1 && dimension <= rank) names[dimension - 1] ??= name;
  }
  return names;
}

function readAxis(
  file: Hdf5File,
  path: string,
  name: string,
  size: number,
  navigate: boolean,
  warnings: string[],
): Axis {
  const axis = plainAxis(name, size, navigate);
  try {
    const attributes = readAttributes(file, path, warnings);
    const found = readDatasetNumbers(file, path);
    const calibration = found ? calibrationOf(found.values, size) : null;
    if (!calibration) warnings.push(`${path} does not fit its dimension of ${size}; indices are shown.`);
    return { ...axis, units: textOf(attributes.get('units')), ...calibration };
  } catch (thrown) {
    if (!(thrown instanceof EigenscopeError) || thrown.cause instanceof WebAssembly.RuntimeError) throw thrown;
    warnings.push(thrown.message);
    return axis;
  }
}

/** How many of the last axes are signal axes, from the attribute `interpretation`. */
function signalRank(interpretation: string | null, rank: number): number {
  if (interpretation === 'image' || interpretation === 'rgb-image') return Math.min(2, rank);
  if (interpretation === 'scalar') return 0;
  return Math.min(1, rank);
}

/**
 * Reads what a NXdata group says of its signal and its axes; null when no array of numbers can be its signal.
 * @see https://manual.nexusformat.org/classes/base_classes/NXdata.html
 */
export function readNexusData(file: Hdf5File, group: string, warnings: string[]): NexusData | null {
  const attributes = readAttributes(file, group, warnings);
  const children = childNames(file, group);
  const arrays = children.filter((name) => {
    if (kindOf(file, childPath(group, name)) !== 'dataset') return false;
    const type = describeDataset(file, childPath(group, name));
    return (type.shape?.length ?? 0) >= 1 && elementType(type) !== null;
  });
  const name = signalName(file, group, attributes, arrays);
  if (name === null) return null;
  const signal = childPath(group, name);
  const shape = describeDataset(file, signal).shape ?? [];
  const interpretation =
    textOf(attributes.get('interpretation')) ?? textOf(readAttributes(file, signal, []).get('interpretation'));
  const firstSignalAxis = shape.length - signalRank(interpretation, shape.length);
  const names = axisNames(file, group, attributes, name, shape.length, children);
  const axes = shape.map((size, i) => {
    const axis = names[i];
    const navigate = i < firstSignalAxis;
    return axis
      ? readAxis(file, childPath(group, axis), axis, size, navigate, warnings)
      : plainAxis('', size, navigate);
  });
  return { group, signal, axes };
}

/** Of the class NXdata, or one that names signal and axes as that does: monitors, detectors. */
function isPlot(file: Hdf5File, group: string): boolean {
  const attributes = readAttributes(file, group, []);
  return textOf(attributes.get('NX_class')) === 'NXdata' || (attributes.has('signal') && attributes.has('axes'));
}

/** Groups with a signal and its axes, those that the `default` attributes lead to first. */
export function nexusGroups(file: Hdf5File, entries: readonly Hdf5Entry[]): string[] {
  const groups = entries.filter(({ path, kind }) => kind === 'group' && isPlot(file, path)).map(({ path }) => path);
  let chosen = '/';
  for (let step = 0; step < 16; step++) {
    const next = textOf(readAttributes(file, chosen, []).get('default'));
    const path = next === null ? null : childPath(chosen, next);
    if (path === null || kindOf(file, path) !== 'group') break;
    chosen = path;
  }
  return groups.toSorted((a, b) => Number(b === chosen) - Number(a === chosen));
}
