import { basename, extname } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import type { ArrayData } from '../io/npy-writer.ts';
import { writeNpz, type NamedArray } from '../io/npz-writer.ts';
import type { WriteOptions } from '../io/atomic-write.ts';
import { writeHspy, type HspyFile, type HspySignal } from '../io/hspy-writer.ts';
import { rowFileBlocks } from '../io/row-files.ts';
import type { SignalToWrite, WrittenSignal } from '../io/signal-files/signal-to-write.ts';
import { writeSignal } from '../io/signal-writers.ts';
import { writeZspy } from '../io/zspy-writer/write-zspy.ts';
import { writeMaps } from './export-maps.ts';
import type { ExportableResult } from './exporter.ts';
import { fieldsOfLineage, hasLearningFields, provenanceOf, type Generation } from './learning-fields.ts';
import { pixelBlocks } from './pixel-stream.ts';
import type { Pool } from './pool.ts';

const unwritable = (path: string, known: string): EigenscopeError =>
  new EigenscopeError('bad-request', `${basename(path)}: files are written here as ${known}.`, { path });

const blockBytes = 8 * 2 ** 20;

/** Shape, axes and pixels in the order they are written: as unfolded when they are in memory, else as in the file. */
function writable(
  pool: Pool,
  signal: SignalHeader,
  source: RowSource | null,
): Pick<SignalToWrite, 'shape' | 'axes' | 'blocks'> {
  if (source?.kind !== 'shared') {
    return { shape: signal.shape, axes: signal.axes, blocks: () => pixelBlocks(pool, signal) };
  }
  const axes = [...navigationAxes(signal.axes), ...signalAxes(signal.axes)];
  return { shape: axes.map((axis) => axis.size), axes, blocks: () => blocksOfBuffer(source.buffer) };
}

function* blocksOfBuffer(buffer: SharedArrayBuffer): Generator<ArrayBufferView> {
  for (let at = 0; at < buffer.byteLength; at += blockBytes) {
    yield new Uint8Array(buffer, at, Math.min(blockBytes, buffer.byteLength - at));
  }
}

/** A model or residual as a signal of its own, with the calibration of the data it was made from. */
function modelSignal({ record, output, signal }: ExportableResult): SignalToWrite | null {
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
    quantity: signal?.quantity ?? { name: 'Intensity', units: null },
    metadata: signal?.metadata ?? {},
    originalMetadata: {},
    blocks: () => ('data' in array ? (array.data as ArrayData) : rowFileBlocks(array)),
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
function learnedSignal(pool: Pool, path: string, item: ExportableResult): HspySignal {
  const { record, signal, source } = item;
  if (signal === null) {
    throw new EigenscopeError(
      'file-changed',
      `The data of “${record.name}” are not there any more, and a .hspy file holds data and result together. Save the result as .npz.`,
      { path },
    );
  }
  const { title, signalType, dtype, quantity, metadata, originalMetadata } = signal;
  const { shape, axes, blocks } = writable(pool, signal, source);
  return {
    title,
    signalType,
    dtype,
    quantity,
    metadata,
    originalMetadata,
    shape,
    axes,
    data: blocks(),
    learning: fieldsOfLineage(lineageOf(item)),
    provenance: provenanceOf(record),
  };
}

const isHyperSpy = (path: string): boolean => ['.hspy', '.zspy'].includes(extname(path).toLowerCase());

/** HyperSpy's own format, in HDF5 or in Zarr, by the extension. */
const writeHyperSpy = (path: string, file: HspyFile, options: WriteOptions): Promise<void> =>
  (extname(path).toLowerCase() === '.zspy' ? writeZspy : writeHspy)(path, file, options);

/** A result that is a signal, in any format of signals; in .hspy and .zspy with how it came about. */
async function writeModel(path: string, model: SignalToWrite, item: ExportableResult, options: WriteOptions) {
  if (!isHyperSpy(path)) return writeSignal(path, model, options);
  const { blocks, ...signal } = model;
  await writeHyperSpy(
    path,
    { signals: [{ ...signal, data: blocks(), provenance: provenanceOf(item.record) }] },
    options,
  );
  return { files: [path], notes: [] };
}

/**
 * Writes one result: .npz, .hspy and .zspy with HyperSpy's fields; maps as .tif and .png; a model or residual in any format
 * that data are written in.
 */
export async function writeResultFile(
  pool: Pool,
  path: string,
  item: ExportableResult,
  overwrite: boolean,
): Promise<WrittenSignal> {
  const { record, output } = item;
  const options = { overwrite };
  const model = modelSignal(item);
  const hasFields = hasLearningFields(record);
  const extension = extname(path).toLowerCase();
  if (model !== null && extension !== '.npz') return writeModel(path, model, item, options);
  switch (extension) {
    case '.npz': {
      const fields = hasFields
        ? fieldsOfLineage(lineageOf(item))
        : { arrays: { ...output.arrays, ...filesAsArrays(output) }, scalars: output.scalars };
      const scalars = { ...fields.scalars, eigenscope_provenance: provenanceOf(record) };
      await writeNpz(path, fields.arrays, scalars, options);
      return { files: [path], notes: [] };
    }
    case '.hspy':
    case '.zspy': {
      if (!hasFields) throw unwritable(path, '.npz');
      const results = lineageOf(item).map((one) => ({ record: one.record, arrays: one.arrays }));
      await writeHyperSpy(path, { signals: [learnedSignal(pool, path, item)], results }, options);
      return { files: [path], notes: [] };
    }
    case '.tif':
    case '.tiff':
    case '.png':
      return writeMaps(path, record, output.arrays, options);
    default:
      throw unwritable(path, '.npz, .hspy, .zspy, .csv, .tif and .png');
  }
}

/**
 * Writes the data themselves in the format of the path's extension.
 * @throws EigenscopeError `bad-request` when the format cannot hold them: why, and what can
 */
export async function writeSignalFile(
  pool: Pool,
  path: string,
  signal: SignalHeader,
  source: RowSource | null,
  overwrite: boolean,
): Promise<WrittenSignal> {
  const { title, signalType, dtype, quantity, metadata, originalMetadata } = signal;
  const parts = writable(pool, signal, source);
  return writeSignal(path, { title, signalType, dtype, quantity, metadata, originalMetadata, ...parts }, { overwrite });
}
