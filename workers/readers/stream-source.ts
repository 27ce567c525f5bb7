import { elementCount, isColour, isComplex, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { RowSource } from '../model/rows.ts';
import type { SignalHeader } from '../model/signal.ts';
import { featureCount, sampleCount } from '../model/signal.ts';
import { inRowOrder, rowSourceOf } from './row-source.ts';

/** Where the rows of a signal can be streamed from, and what a thread must keep for it. */
export interface StreamPlan {
  /** null when they have to be put in order first */
  source: RowSource | null;
  /** unpacked bytes that must be kept so that no chunk is unpacked twice when rows are read in order; 0 for plain rows */
  workingBytes: number;
}

/** Bytes of all chunks that a run of neighbouring rows touches: from the first axis that chunks extend along. */
function workingSet(shape: readonly number[], chunk: readonly number[], size: number): number {
  const extended = chunk.findIndex((n) => n > 1);
  const axis = extended < 0 ? shape.length - 1 : extended;
  return chunk[axis]! * elementCount(shape.slice(axis + 1)) * size;
}

/**
 * How X [samples × features] of a signal can be read row by row from its file.
 * @throws EigenscopeError file errors of the HDF5 reader
 */
export async function planStream(signal: SignalHeader): Promise<StreamPlan> {
  if (isComplex(signal.dtype) || isColour(signal.dtype)) return { source: null, workingBytes: 0 };
  const raw = rowSourceOf(signal);
  if (raw !== null) return { source: raw, workingBytes: 0 };
  const { shape, layout, dtype } = inRowOrder(signal);
  if (layout.kind !== 'hdf5') return { source: null, workingBytes: 0 };
  // the HDF5 library takes long to load and most files do not need it
  const { withHdf5 } = await import('./hdf5-open.ts');
  const { describeDataset } = await import('./hdf5-values.ts');
  const chunks = await withHdf5(layout.path, (file) => describeDataset(file, layout.dataset).chunks);
  const order = layout.axisOrder ?? shape.map((_, axis) => axis);
  const chunk = order.map((stored, axis) => Math.max(1, Math.min(chunks?.[stored] ?? 1, shape[axis]!)));
  const workingBytes = workingSet(shape, chunk, itemSize(dtype));
  if (!Number.isSafeInteger(workingBytes)) {
    throw new EigenscopeError(
      'corrupt-file',
      `${layout.path}: the chunks of ${layout.dataset} have no possible size.`,
      {
        path: layout.path,
      },
    );
  }
  return {
    source: {
      kind: 'hdf5',
      path: layout.path,
      dataset: layout.dataset,
      storedShape: layout.storedShape,
      ...(layout.axisOrder ? { axisOrder: layout.axisOrder } : {}),
      shape,
      dtype,
      samples: sampleCount(signal.axes),
      features: featureCount(signal.axes),
      cacheBytes: workingBytes,
      ...(layout.stamp ? { stamp: layout.stamp } : {}),
    },
    workingBytes,
  };
}
