import { dirname as parentOf } from 'node:path/posix';
import type { Axis } from '../model/axes.ts';
import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../model/signal.ts';
import { arrangeByHints } from './hints.ts';
import { datasetSignal } from './dataset-signal.ts';
import { applyHints } from './hdf5-axes.ts';
import { delmicAcquisitions, readDelmicAcquisition } from './hdf5-delmic.ts';
import { elementType } from './hdf5-dtype.ts';
import { filterTitle, firstMissingFilter } from './hdf5-filters.ts';
import { layoutOfDataset } from './hdf5-layout.ts';
import { readHdf5Metadata } from './hdf5-metadata.ts';
import { findHdf5Signature, withHdf5, type Hdf5File } from './hdf5-open.ts';
import { missingSources } from './hdf5-pixels.ts';
import { kindOf, walkHdf5, type Hdf5Entry } from './hdf5-tree.ts';
import { datasetFilters, describeDataset, readAttributes } from './hdf5-values.ts';
import { isVelox, readVeloxHeader } from './emd-velox/velox.ts';
import { isNcem } from './emd-ncem/ncem-signals.ts';
import { readNcemHeader } from './emd-ncem/ncem.ts';
import { isHspy, readHspyHeader } from './hspy.ts';
import { isMatlab, readMatlabHdf5 } from './matlab-hdf5/matlab-hdf5.ts';
import { isNexus, nexusGroups, readNexusData } from './nexus.ts';
import type { Reader, ReadHints } from './reader.ts';

interface Candidate {
  dataset: string;
  title: string;
  axes: Axis[] | null;
  note?: string;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Arrays of numbers among the objects of a file, without reading any. Single values are metadata. */
function arraysOf(file: Hdf5File, entries: readonly Hdf5Entry[]): string[] {
  return entries
    .filter(({ path, kind }) => {
      if (kind !== 'dataset') return false;
      const type = describeDataset(file, path);
      return (type.shape?.length ?? 0) >= 1 && elementCount(type.shape ?? []) > 1 && elementType(type) !== null;
    })
    .map(({ path }) => path);
}

/**
 * Axes of an array that is not the signal of its NXdata group: the group's axes are for all of its arrays, dimension by
 * dimension. An evenly spaced axis is for shorter arrays as well, from its beginning on. Null when they do not fit.
 */
function sharedAxes(shape: readonly number[] | null, axes: readonly Axis[]): Axis[] | null {
  if (shape === null || axes.length < shape.length) return null;
  const shared = shape.map((size, i) => ({ ...axes[i]!, size }));
  const fits = shape.every(
    (size, i) => size === axes[i]!.size || (size < axes[i]!.size && axes[i]!.values === undefined),
  );
  return fits ? shared : null;
}

/** Signals of NXdata groups with their axes; other data sets of a group share its axes. */
function nexusCandidates(file: Hdf5File, entries: readonly Hdf5Entry[], warnings: string[]): Candidate[] {
  const groups = nexusGroups(file, entries)
    .map((group) => readNexusData(file, group, warnings))
    .filter((data) => data !== null);
  const signals = groups.map(({ group, signal, axes }) => ({ dataset: signal, title: nameOf(group), axes }));
  const others = arraysOf(file, entries)
    .filter((path) => !signals.some((signal) => signal.dataset === path))
    .map((dataset) => {
      const { shape } = describeDataset(file, dataset);
      const ofGroup = groups.find(({ group }) => group === parentOf(dataset))?.axes ?? [];
      const axes = sharedAxes(shape, ofGroup);
      const longer = axes?.find((axis, i) => axis.size < ofGroup[i]!.size)?.name;
      const note = `${dataset} has fewer values than the axis ${longer ?? ''} of its group: the first positions of that are shown.`;
      return { dataset, title: dataset.slice(1), axes, ...(longer === undefined ? {} : { note }) };
    });
  return [...signals, ...others];
}

/** What is linked but not there, so that nobody wonders where it is. */
function linkWarnings(entries: readonly Hdf5Entry[]): string[] {
  const lost = entries.filter(({ kind }) => kind === 'external-link' || kind === 'broken-link');
  return lost.length === 0
    ? []
    : [
        `${lost.length} linked object(s) are missing, among them ${lost
          .slice(0, 3)
          .map(({ path }) => path)
          .join(', ')}: copy the files they are in beside this one.`,
      ];
}

/** Shape and axes of the first signal as a person asked for them: every signal may have a shape of its own. */
function hintedHeader(header: FileHeader, hints: ReadHints): FileHeader {
  const [first, ...others] = header.signals;
  if (first === undefined) return header;
  const { axes, layout } = applyHints(first.title, first.axes, first.layout, hints);
  return { ...header, signals: [{ ...first, shape: axes.map((axis) => axis.size), axes, layout }, ...others] };
}

async function readCandidate(
  file: Hdf5File,
  { dataset, title, axes, note }: Candidate,
  original: Metadata,
  hints: ReadHints,
  shared: readonly string[],
): Promise<SignalHeader> {
  const warnings = [...shared, ...(note === undefined ? [] : [note])];
  const type = describeDataset(file, dataset);
  const dtype = elementType(type);
  const shape = type.shape;
  if (!dtype || !shape) {
    throw new EigenscopeError(
      'unsupported-format',
      `${file.path}: the data set ${dataset} does not hold an array of numbers.`,
      {
        path: file.path,
      },
    );
  }
  const attributes = readAttributes(file, dataset, warnings);
  const missing = firstMissingFilter(datasetFilters(file, dataset));
  if (missing !== null) {
    warnings.push(
      `${dataset} is compressed with the HDF5 filter ${filterTitle(missing)}, which is not available: it cannot be read.`,
    );
  }
  const absent = missingSources(file, type);
  if (absent.length > 0)
    warnings.push(`${dataset} takes its values from files that are missing: ${absent.slice(0, 3).join(', ')}.`);
  const layout = await layoutOfDataset(file, dataset, type, dtype);
  const hinted = applyHints(title, axes ?? arrangeByHints(title, shape, {}).axes, layout, hints);
  const said = { units: attributes.get('units'), longName: attributes.get('long_name') };
  return datasetSignal(title, dtype, hinted, said, original, warnings);
}

/** The data sets of any HDF5 file as signals, with the axes that NeXus declares; HyperSpy's files as they are meant. */
async function readHdf5Header(file: Hdf5File, hints: ReadHints): Promise<FileHeader> {
  if (isHspy(file) && hints.dataset === undefined) return readHspyHeader(file);
  if (hints.dataset === undefined) {
    if (isVelox(file)) return hintedHeader(await readVeloxHeader(file, hints), hints);
    const acquisitions = await Promise.all(delmicAcquisitions(file).map((group) => readDelmicAcquisition(file, group)));
    const signals = acquisitions.filter((signal) => signal !== null);
    // Spectra first: they are what the file was recorded for.
    if (signals.length > 0) {
      return { format: 'delmic', signals: signals.toSorted((a, b) => b.shape.length - a.shape.length) };
    }
  }
  const entries = walkHdf5(file);
  const warnings = linkWarnings(entries);
  if (
    hints.dataset === undefined &&
    isMatlab(
      file,
      entries.map(({ path }) => path),
    )
  ) {
    return hintedHeader(await readMatlabHdf5(file), hints);
  }
  if (hints.dataset === undefined && isNcem(file, entries)) {
    const header = await readNcemHeader(file, entries);
    if (header !== null) return hintedHeader(header, hints);
    warnings.push('None of the signals of this EMD file is an array of numbers; what else is in it is listed.');
  }
  const nexus = isNexus(file, entries);
  const all: Candidate[] = nexus
    ? nexusCandidates(file, entries, warnings)
    : arraysOf(file, entries).map((dataset) => ({ dataset, title: dataset.slice(1), axes: null }));
  const original = readHdf5Metadata(file, '/', warnings);
  const wanted = hints.dataset === undefined ? null : `/${hints.dataset.replace(/^\/+|\/+$/g, '')}`;
  if (wanted !== null && kindOf(file, wanted) !== 'dataset') {
    const offered = all.slice(0, 8).map(({ dataset }) => dataset);
    throw new EigenscopeError(
      'not-found',
      `${file.path} has no data set ${wanted}. It has ${offered.length > 0 ? offered.join(', ') : 'no arrays at all'}.`,
      { path: file.path, dataset: wanted },
    );
  }
  const candidates =
    wanted === null
      ? all
      : [all.find(({ dataset }) => dataset === wanted) ?? { dataset: wanted, title: nameOf(wanted), axes: null }];
  if (candidates.length === 0) {
    throw new EigenscopeError('unsupported-format', `${file.path} holds no array of numbers.`, { path: file.path });
  }
  const signals: SignalHeader[] = [];
  // Every signal may have a shape of its own: hints are for the one that was asked for, or the first.
  for (const [i, candidate] of candidates.entries()) {
    signals.push(await readCandidate(file, candidate, original, i === 0 ? hints : {}, i === 0 ? warnings : []));
  }
  return { format: nexus ? 'nexus' : 'hdf5', signals };
}

/** Any HDF5 file: HyperSpy's, Delmic's and NeXus' by their structure, otherwise its data sets of rank ≥ 1, or the one asked for. */
export const hdf5Reader: Reader = {
  id: 'hdf5',
  title: 'HDF5 and NeXus',
  extensions: ['h5', 'hdf5', 'nxs', 'nx', 'nexus', 'emd'],
  probe: (head) => (findHdf5Signature(head) ? 0.5 : 0),
  header: (path, hints) => withHdf5(path, (file) => readHdf5Header(file, hints)),
};
