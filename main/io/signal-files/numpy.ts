import { axisValues } from '../../../workers/model/axes.ts';
import { elementCount, itemSize } from '../../../workers/model/dtype.ts';
import { requireSpace } from '../free-space.ts';
import { writeNpy } from '../npy-writer.ts';
import { writeNpz, type NamedArray } from '../npz-writer.ts';
import type { WriteSignal } from './signal-to-write.ts';

/** Writes the bare array. @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw */
export const writeSignalNpy: WriteSignal = async (path, signal, options) => {
  await requireSpace(path, elementCount(signal.shape) * itemSize(signal.dtype));
  await writeNpy(path, signal.dtype, signal.shape, signal.blocks(), options);
  return { files: [path], notes: [] };
};

/**
 * Writes the array as `data` and the coordinates of every axis as `axis_0_y` … in the order of the array.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeSignalNpz: WriteSignal = async (path, signal, options) => {
  await requireSpace(path, elementCount(signal.shape) * itemSize(signal.dtype));
  const arrays: Record<string, NamedArray> = {
    data: { dtype: signal.dtype, shape: signal.shape, data: signal.blocks() },
  };
  signal.axes.forEach((axis, i) => {
    arrays[`axis_${i}_${axis.name || 'axis'}`] = { dtype: 'float64', shape: [axis.size], data: axisValues(axis) };
  });
  await writeNpz(path, arrays, { title: signal.title, signal_type: signal.signalType }, options);
  return { files: [path], notes: [] };
};
