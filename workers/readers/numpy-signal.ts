import { itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import { arrangeByHints, calibrateByHints } from './hints.ts';
import type { NpyHeader } from './numpy-format.ts';
import { contiguousStrides } from './permute.ts';
import type { ReadHints } from './reader.ts';

/**
 * Stored shape and axis order of an array that was saved with its first axis fastest and is then seen in another shape
 * (NumPy's reshape). Splitting axes is a matter of strides; joining axes that do not lie behind one another is not.
 * @returns null when the new shape would need the elements to be moved
 */
export function arrangeFortran(
  shape: readonly number[],
  reshaped: readonly number[],
): { storedShape: number[]; axisOrder: number[] } | null {
  const fast = contiguousStrides([...shape].reverse()).reverse();
  const strides: number[] = [];
  let axis = 0;
  for (let i = 0; i < reshaped.length;) {
    // gather new axes until they fill one old axis exactly
    let product = 1;
    const first = i;
    while (axis < shape.length - 1 && shape[axis] === 1) axis++;
    while (i < reshaped.length && product < shape[axis]!) product *= reshaped[i++]!;
    while (i < reshaped.length && reshaped[i] === 1) i++;
    if (product !== shape[axis]) return null;
    const group = reshaped.slice(first, i);
    strides.push(...contiguousStrides(group).map((step) => step * fast[axis]!));
    axis++;
  }
  const slowFirst = strides.map((_, i) => i).sort((a, b) => strides[b]! - strides[a]! || a - b);
  const axisOrder = new Array<number>(strides.length).fill(0);
  slowFirst.forEach((i, place) => (axisOrder[i] = place));
  return { storedShape: slowFirst.map((i) => reshaped[i]!), axisOrder };
}

/** Where the elements of one array are: in the file, or unpacked in memory. */
export type NpyData = { path: string; offset: number; size: number; mtimeMs: number } | { bytes: Uint8Array };

/**
 * One array as a signal: the last axis is the signal unless the hints say otherwise.
 * @throws EigenscopeError `shape-mismatch` when the hints do not fit; `unsupported-format` when a Fortran-order array
 * cannot be seen in the asked-for shape
 */
export function npySignal(
  name: string,
  title: string,
  header: NpyHeader,
  data: NpyData,
  hints: ReadHints,
): SignalHeader {
  const { shape, axes } = arrangeByHints(name, header.shape, hints);
  const order = header.fortranOrder
    ? arrangeFortran(header.shape, shape)
    : { storedShape: shape, axisOrder: shape.map((_, i) => i) };
  if (order === null) {
    throw new EigenscopeError(
      'unsupported-format',
      `${name} is stored in Fortran order [${header.shape.join(', ')}] and cannot be seen as [${shape.join(', ')}] in place. Save it with np.ascontiguousarray first, or leave its shape as it is.`,
    );
  }
  const identity = order.axisOrder.every((stored, i) => stored === i);
  const layout = (): PixelLayout => {
    if ('bytes' in data) return { kind: 'bytes', bytes: data.bytes };
    return {
      kind: 'raw',
      path: data.path,
      offset: data.offset,
      littleEndian: header.littleEndian || itemSize(header.dtype) === 1,
      storedShape: order.storedShape,
      ...(identity ? {} : { axisOrder: order.axisOrder }),
      stamp: { size: data.size, mtimeMs: data.mtimeMs },
    };
  };
  return {
    title,
    signalType: '',
    shape,
    dtype: header.dtype,
    axes: calibrateByHints(name, axes, hints),
    quantity: { name: 'Intensity', units: null },
    metadata: { General: { title, original_filename: name }, Signal: { signal_type: '' } },
    originalMetadata: {},
    layout: layout(),
    warnings: [],
  };
}
