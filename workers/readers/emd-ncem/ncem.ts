import { basename } from 'node:path';
import { plainAxis, type Axis } from '../../model/axes.ts';
import { elementCount, type DType } from '../../model/dtype.ts';
import type { FileHeader, Metadata, PixelLayout, SignalHeader } from '../../model/signal.ts';
import { elementType } from '../hdf5-dtype.ts';
import { firstMissingFilter, filterTitle } from '../hdf5-filters.ts';
import { layoutOfDataset } from '../hdf5-layout.ts';
import { readHdf5Metadata } from '../hdf5-metadata.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { pairedLayout } from '../hdf5-pairs.ts';
import { stackedLayout } from '../hdf5-stack.ts';
import type { Hdf5Entry } from '../hdf5-tree.ts';
import { datasetFilters, describeDataset, readAttributes } from '../hdf5-values.ts';
import { arrange, axisOf, readDim, spectraLast, type Dim } from './ncem-axes.ts';
import { firstOf, ncemGroups, textOf, type NcemGroup } from './ncem-signals.ts';
import { signalRank } from './ncem-signal-axes.ts';

/** Slices of a simulation that are shown as one stack: more are listed one by one. */
const mostSlices = 256;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Prismatic writes one group for every depth: `CBED_array_depth0003`. */
const withoutDepth = (path: string): string => path.replace(/_depth\d+$/, '');

/** Groups that belong together, in the order of the file: slices at several depths are one signal. */
function gather(groups: readonly NcemGroup[]): NcemGroup[][] {
  const together = new Map<string, NcemGroup[]>();
  for (const group of groups) {
    const name = withoutDepth(group.path);
    together.set(name, [...(together.get(name) ?? []), group]);
  }
  return [...together.values()].flatMap((members) => {
    const sorted = members.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    return members.length <= mostSlices ? [sorted] : sorted.map((member) => [member]);
  });
}

/** Depth of the slices of a simulation: its attributes give the thickness of a slice (Å) and how many lie between two. */
function depthAxis(file: Hdf5File, name: string, size: number, entries: readonly Hdf5Entry[]): Axis {
  const path = entries.find((entry) => entry.path.endsWith('/original/simulation_parameters'))?.path;
  const parameters = path === undefined ? new Map() : readAttributes(file, path, []);
  const [thickness, between] = [firstOf(parameters.get('s')), firstOf(parameters.get('ns'))];
  const axis = plainAxis(`${name}_depth`, size, true);
  if (typeof thickness !== 'number' || typeof between !== 'number' || !(thickness * between > 0)) return axis;
  return { ...axis, units: 'Å', scale: thickness * between, offset: thickness * between };
}

/** Whether the last dim says that its two values are the real and the imaginary part. */
const isParts = (dim: Dim | undefined, size: number | undefined, dtype: DType): boolean =>
  size === 2 &&
  (dtype === 'float32' || dtype === 'float64') &&
  dim !== undefined &&
  /^\s*\[?(?:real.*imag|complex|re\W*im)/i.test(dim.name);

interface Described {
  title: string;
  shape: number[];
  dtype: DType;
  axes: Axis[];
  layout: PixelLayout;
  signalType: string;
}

async function describe(
  file: Hdf5File,
  members: readonly NcemGroup[],
  entries: readonly Hdf5Entry[],
  isModern: boolean,
  warnings: string[],
): Promise<Described | null> {
  const [group] = members;
  if (group === undefined || group.data === null) return null;
  const type = describeDataset(file, group.data);
  let dtype = elementType(type);
  if (dtype === null || !type.shape || type.shape.length === 0) return null;
  if (elementCount(type.shape) === 0) return null;
  const missing = firstMissingFilter(datasetFilters(file, group.data));
  if (missing !== null) {
    warnings.push(
      `${group.data} is compressed with the HDF5 filter ${filterTitle(missing)}, which is not available: it cannot be read.`,
    );
  }
  const allDims = group.dims.map((path) => readDim(file, path, warnings));
  const paired = isParts(allDims[type.shape.length - 1], type.shape.at(-1), dtype) && type.shape.length > 1;
  const shape = paired ? type.shape.slice(0, -1) : type.shape;
  const dims = allDims.slice(0, shape.length);
  const { attributes } = group;
  const dataName = nameOf(group.data);
  const isHyperspy = /^\/signals\//.test(group.path) || attributes.has('record_by') || attributes.has('signal_origin');
  const written = arrange(shape, dims, { isHyperspy, dataName, isModern });
  const { order, dims: arranged } = isHyperspy ? written : spectraLast(written);
  const rank = signalRank(attributes, arranged, shape.length, isHyperspy);
  const plain = order.map((stored, i) => axisOf(arranged[i], shape[stored]!, i < shape.length - rank, warnings));
  const title = nameOf(withoutDepth(group.path));
  const isStack = members.length > 1;
  const axes = isStack
    ? [
        depthAxis(file, title, members.length, entries),
        ...plain.map((axis, i) => ({ ...axis, navigate: i < Math.max(0, shape.length - rank) })),
      ]
    : plain;
  let layout: PixelLayout;
  if (paired) {
    dtype = dtype === 'float32' ? 'complex64' : 'complex128';
    layout = pairedLayout(file, group.data, type.shape, order);
  } else if (isStack) {
    layout = stackedLayout(
      file,
      members.map(({ data }) => data!),
      shape,
      order,
    );
  } else layout = await layoutOfDataset(file, group.data, type, dtype, order);
  const isDiffraction =
    axes.filter(({ navigate }) => !navigate).length === 2 &&
    arranged.slice(-2).every((dim) => /^[QK]_?[xy]$/i.test(dim?.name ?? ''));
  const told = textOf(attributes.get('signal_type'));
  return {
    title,
    shape: axes.map((axis) => axis.size),
    dtype,
    axes,
    layout,
    signalType: told ?? (isDiffraction ? 'electron_diffraction' : ''),
  };
}

/** Whether all arrays of a stack are alike. */
function areAlike(file: Hdf5File, members: readonly NcemGroup[]): boolean {
  const kinds = members.map(({ data }) => {
    if (data === null) return '';
    const type = describeDataset(file, data);
    return `${elementType(type)} ${(type.shape ?? []).join()}`;
  });
  return kinds.every((kind) => kind === kinds[0]);
}

/**
 * The signals of an EMD file of the National Center for Electron Microscopy (versions 0.x and 1.0, as written by ncempy,
 * HyperSpy, Prismatic and py4DSTEM); null when none of them is an array of numbers.
 */
export async function readNcemHeader(file: Hdf5File, entries: readonly Hdf5Entry[]): Promise<FileHeader | null> {
  const signals: SignalHeader[] = [];
  const groups = ncemGroups(file, entries);
  const shared: string[] = [];
  const original = readHdf5Metadata(file, '/', shared);
  const unread: string[] = [];
  for (const gathered of gather(groups)) {
    const alike = gathered.length === 1 || areAlike(file, gathered);
    for (const members of alike ? [gathered] : gathered.map((member) => [member])) {
      const warnings: string[] = [];
      const isModern = members.every(({ attributes }) => typeof firstOf(attributes.get('emd_group_type')) === 'string');
      const found = await describe(file, members, entries, isModern, warnings);
      if (found === null) {
        unread.push(...members.map(({ path }) => path));
        continue;
      }
      signals.push({
        title: found.title,
        signalType: found.signalType,
        shape: found.shape,
        dtype: found.dtype,
        axes: found.axes,
        quantity: { name: 'Intensity', units: null },
        metadata: ncemMetadata(file.path, found.title, found.signalType, original),
        originalMetadata: original,
        layout: found.layout,
        warnings,
      });
    }
  }
  const [first, ...others] = signals;
  if (first === undefined) return null;
  const lost = unread.length === 0 ? [] : [`No arrays of numbers, and not shown: ${unread.slice(0, 5).join(', ')}.`];
  return {
    format: 'emd-ncem',
    signals: [{ ...first, warnings: [...first.warnings, ...shared, ...lost] }, ...others],
  };
}

const branchOf = (tree: Metadata, name: string): Metadata => {
  const value = Object.hasOwn(tree, name) ? tree[name] : null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
};

const told = (tree: Metadata, name: string): string | null =>
  textOf(Object.hasOwn(tree, name) ? tree[name] : undefined);

/** Metadata under HyperSpy's names: who, what with, at which voltage (kV). */
function ncemMetadata(path: string, title: string, signalType: string, original: Metadata): Metadata {
  const voltage = /^\s*([\d.]+)\s*(k?)V/i.exec(told(branchOf(original, 'microscope'), 'voltage') ?? '');
  const microscope = told(branchOf(original, 'microscope'), 'name');
  const authors = told(branchOf(original, 'user'), 'name');
  const kilovolts = voltage === null ? null : Number(voltage[1]) * (voltage[2] === '' ? 1e-3 : 1);
  const tem = {
    ...(kilovolts !== null && Number.isFinite(kilovolts) ? { beam_energy: kilovolts } : {}),
    ...(microscope === null ? {} : { microscope }),
  };
  return {
    General: { title, original_filename: basename(path), ...(authors === null ? {} : { authors }) },
    Signal: { signal_type: signalType },
    ...(Object.keys(tem).length === 0 ? {} : { Acquisition_instrument: { TEM: tem } }),
  };
}
