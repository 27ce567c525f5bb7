import { createControlBlock, readProgress, requestStop } from '../../workers/control.ts';
import type { InputArray } from '../../workers/job.ts';
import { elementCount, isColour, isComplex, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import { isStoredAsX } from '../../workers/readers/row-source.ts';
import type { Pool } from './pool.ts';

/** Shared memory. @throws EigenscopeError `out-of-memory` also where memory is free but not in one piece */
export function allocateShared(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    throw new EigenscopeError(
      'out-of-memory',
      `The data need ${Math.ceil(bytes / 2 ** 20)} MiB in one piece, which this computer does not have. Crop or bin the data.`,
      { bytes },
      cause,
    );
  }
}

/** Less than this is loaded before a second thread is ready. */
const worthSharing = 8 * 2 ** 20;
/** Every thread that reads an HDF5 file needs the library, which takes it time and memory to load. */
const worthHdf5Thread = 32 * 2 ** 20;

/** Every thread holds a piece of a flat file whose axes are put in order. */
const mostTransposing = 4;
/** A flat file in order costs no work but touching fresh memory, which two threads do faster than one; more would only make a drive seek. */
const mostReading = 2;

/** How many threads load a signal together. */
function threadsFor(signal: SignalHeader, bytes: number, most: number): number {
  const { layout, shape } = signal;
  const useful = Math.min(most, shape[0] ?? 1);
  if (bytes < worthSharing) return 1;
  if (layout.kind === 'hdf5') return Math.max(1, Math.min(useful, Math.floor(bytes / worthHdf5Thread)));
  if (layout.kind === 'raw') {
    return Math.min(useful, isStoredAsX(signal, layout.axisOrder) ? mostReading : mostTransposing);
  }
  if (layout.kind === 'frames') return Math.min(useful, mostReading);
  return layout.kind === 'bytes' ? 1 : useful;
}

export interface Loading {
  done: Promise<void>;
  /** 0 … 1 */
  fraction(): number;
  stop(): void;
}

/**
 * Fills shared memory with X [samples × features] of a signal. What has to be decoded or computed is shared among the
 * threads by the slowest axis.
 */
export function startLoading(pool: Pool, signal: SignalHeader, buffer: SharedArrayBuffer, threads: number): Loading {
  const slow = signal.shape[0] ?? 1;
  const count = threadsFor(signal, buffer.byteLength, threads);
  const controls = Array.from({ length: count }, () => createControlBlock());
  const cut = (i: number): number => Math.floor((slow * i) / count);
  const stop = (): void => controls.forEach((control) => requestStop(control, 'cancel'));
  const parts = controls.map((control, i) =>
    count === 1
      ? pool.run('load', { signal, buffer, control })
      : pool.run('loadPart', { signal, buffer, control, part: [cut(i), cut(i + 1)] }),
  );
  return {
    done: Promise.all(parts).then(
      () => {},
      async (error: unknown) => {
        // no thread may go on writing into memory that nobody holds any more
        stop();
        await Promise.allSettled(parts);
        throw error;
      },
    ),
    fraction() {
      const kibibytes = controls.reduce((sum, control) => sum + readProgress(control).done, 0);
      return Math.min(1, kibibytes / Math.ceil(buffer.byteLength / 1024));
    },
    stop,
  };
}

/** All of X [samples × features] of a signal in shared memory, in the file's dtype. */
export async function loadCubeOf(
  pool: Pool,
  signal: SignalHeader,
  threads = 1,
  onStart: (loading: Loading) => void = () => {},
): Promise<Extract<RowSource, { kind: 'shared' }>> {
  const buffer = allocateShared(elementCount(signal.shape) * itemSize(signal.dtype));
  const loading = startLoading(pool, signal, buffer, threads);
  onStart(loading);
  await loading.done;
  return {
    kind: 'shared',
    buffer,
    dtype: signal.dtype,
    samples: sampleCount(signal.axes),
    features: featureCount(signal.axes),
  };
}

/** Masks and other small arrays that a parameter names: at most this many values. */
const mostValues = 2 ** 28;

/**
 * An array that a parameter names, as float64 in the signal's own shape.
 * @throws EigenscopeError `unsupported-format` for complex and colour data, `out-of-memory` for more than 2²⁸ values.
 */
export async function loadInputArray(pool: Pool, signal: SignalHeader): Promise<InputArray> {
  if (isComplex(signal.dtype) || isColour(signal.dtype)) {
    throw new EigenscopeError(
      'unsupported-format',
      `“${signal.title}” holds ${signal.dtype}; a mask or weight must be real numbers.`,
    );
  }
  const values = elementCount(signal.shape);
  if (values > mostValues) {
    throw new EigenscopeError(
      'out-of-memory',
      `“${signal.title}” holds ${values} values, too many for a mask or weight.`,
    );
  }
  const source = await loadCubeOf(pool, signal);
  const data = await pool.run('values', source);
  return { shape: signal.shape, dtype: signal.dtype, data };
}
