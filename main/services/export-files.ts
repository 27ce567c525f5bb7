import { basename, extname } from 'node:path';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { boxesOfRun } from '../../workers/readers/runs-of-boxes.ts';
import type { ArrayData } from '../io/npy-writer.ts';
import { writeNpy } from '../io/npy-writer.ts';
import { writeNpz, type NamedArray } from '../io/npz-writer.ts';
import { writeHspy, type HspySignal } from '../io/hspy-writer.ts';
import { rowFileBlocks } from '../io/row-files.ts';
import type { ExportableResult } from './exporter.ts';
import { fieldsOfLineage, hasLearningFields, provenanceOf, type Generation } from './learning-fields.ts';

const unwritable = (path: string, known: string): EigenscopeError =>
  new EigenscopeError('bad-request', `${basename(path)}: files are written here as ${known}.`, { path });

const blockBytes = 8 * 2 ** 20;
const largestBand = 64 * 2 ** 20;

/** The pixels of a signal block by block, so that its size is bounded by the disk alone. */
async function* pixelBlocks(signal: SignalHeader): AsyncGenerator<ArrayBufferView> {
  const pixels = await openPixels(signal);
  try {
    if (signal.shape.length === 0) {
      yield pixels.read([], []);
      return;
    }
    const all = elementCount(signal.shape);
    const perBand = (all / Math.max(1, signal.shape[0]!)) * (pixels.band ?? 1) * itemSize(signal.dtype);
    // Whole chunks where a band of them is not too much; else runs of elements, whatever the shape.
    const bytes = pixels.band !== undefined && perBand <= largestBand ? Math.max(perBand, 1) : blockBytes;
    const step = Math.max(1, Math.floor(bytes / itemSize(signal.dtype)));
    for (let first = 0; first < all; first += step) {
      for (const { start, count } of boxesOfRun(signal.shape, first, Math.min(all, first + step)))
        yield pixels.read(start, count);
    }
  } finally {
    pixels.close();
  }
}

/** Shape, axes and pixels in the order they are written: as unfolded when they are in memory, else as in the file. */
function writable(signal: SignalHeader, source: RowSource | null): Pick<HspySignal, 'shape' | 'axes' | 'data'> {
  if (source?.kind !== 'shared') return { shape: signal.shape, axes: signal.axes, data: pixelBlocks(signal) };
  const axes = [...navigationAxes(signal.axes), ...signalAxes(signal.axes)];
  return { shape: axes.map((axis) => axis.size), axes, data: blocksOfBuffer(source.buffer) };
}

function* blocksOfBuffer(buffer: SharedArrayBuffer): Generator<ArrayBufferView> {
  for (let at = 0; at < buffer.byteLength; at += blockBytes) {
    yield new Uint8Array(buffer, at, Math.min(blockBytes, buffer.byteLength - at));
  }
}

/** A model or residual as a signal of its own, with the calibration of the data it was made from. */
function modelSignal({ record, output, signal }: ExportableResult): HspySignal | null {
  const file = output.files?.['model'] ?? output.files?.['residual'];
  const array = output.arrays['model'] ?? output.arrays['residual'] ?? file;
  if (array === undefined) return null;
  const axes = [...navigationAxes(record.axes), ...signalAxes(record.axes)];
  return {
    title: record.name,
    signalType: signal?.signalType ?? '',
    shape: array.shape,
    dtype: array.dtype,
    axes,
    ...(signal === null ? {} : { quantity: signal.quantity }),
    metadata: signal?.metadata ?? {},
    originalMetadata: {},
    data: 'data' in array ? (array.data as ArrayData) : rowFileBlocks(array),
    provenance: provenanceOf(record),
  };
}

/** Arrays in files, as they are written into another one. */
const filesAsArrays = ({ files = {} }: ExportableResult['output']): Record<string, NamedArray> =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      const { dtype, shape } = file;
      return [name, { dtype, shape, data: rowFileBlocks(file) }];
    }),
  );

/** The result, then what it was computed from. */
const lineageOf = ({ record, output, masks, parents = [] }: ExportableResult): Generation[] => [
  { record, arrays: output.arrays, masks },
  ...parents,
];

/** The data with the result in HyperSpy's fields: what `hs.load` needs to go on where we stopped. */
function learnedSignal(path: string, item: ExportableResult): HspySignal {
  const { record, signal, source } = item;
  if (signal === null) {
    throw new EigenscopeError(
      'file-changed',
      `The data of “${record.name}” are not there any more, and a .hspy file holds data and result together. Save the result as .npz.`,
      { path },
    );
  }
  const { title, signalType, dtype, quantity, metadata, originalMetadata } = signal;
  return {
    title,
    signalType,
    dtype,
    quantity,
    metadata,
    originalMetadata,
    ...writable(signal, source),
    learning: fieldsOfLineage(lineageOf(item)),
    provenance: provenanceOf(record),
  };
}

/** Writes one result: .npz and .hspy with HyperSpy's fields, .npy for the one array of a model. */
export async function writeResultFile(path: string, item: ExportableResult, overwrite: boolean): Promise<void> {
  const { record, output } = item;
  const model = modelSignal(item);
  const hasFields = hasLearningFields(record);
  switch (extname(path).toLowerCase()) {
    case '.npy':
      if (model === null) throw unwritable(path, '.npz, .hspy and .csv (.npy holds one array, for models)');
      return writeNpy(path, model.dtype, model.shape, model.data, { overwrite });
    case '.npz': {
      const fields = hasFields
        ? fieldsOfLineage(lineageOf(item))
        : { arrays: { ...output.arrays, ...filesAsArrays(output) }, scalars: output.scalars };
      const scalars = { ...fields.scalars, eigenscope_provenance: provenanceOf(record) };
      return writeNpz(path, fields.arrays, scalars, { overwrite });
    }
    case '.hspy': {
      if (model !== null) return writeHspy(path, { signals: [model] }, { overwrite });
      if (!hasFields) throw unwritable(path, '.npz');
      const results = lineageOf(item).map((one) => ({ record: one.record, arrays: one.arrays }));
      return writeHspy(path, { signals: [learnedSignal(path, item)], results }, { overwrite });
    }
    default:
      throw unwritable(path, '.npz, .hspy, .csv and .npy');
  }
}

/** @throws EigenscopeError `bad-request` when data cannot be written in the format of this extension */
export function requireSignalFormat(path: string): void {
  if (!['.hspy', '.npy'].includes(extname(path).toLowerCase())) throw unwritable(path, '.hspy and .npy');
}

/** Writes the data themselves, with axes and metadata (.hspy) or as the bare array (.npy). */
export async function writeSignalFile(
  path: string,
  signal: SignalHeader,
  source: RowSource | null,
  overwrite: boolean,
): Promise<void> {
  const { title, signalType, dtype, quantity, metadata, originalMetadata } = signal;
  const { shape, axes, data } = writable(signal, source);
  switch (extname(path).toLowerCase()) {
    case '.npy':
      return writeNpy(path, dtype, shape, data, { overwrite });
    case '.hspy': {
      const whole = { title, signalType, dtype, quantity, metadata, originalMetadata, shape, axes, data };
      return writeHspy(path, { signals: [whole] }, { overwrite });
    }
    default:
      throw unwritable(path, '.hspy and .npy');
  }
}
