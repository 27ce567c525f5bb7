import type { Metadata as Hdf5Type } from 'h5wasm/node';
import { elementCount, itemSize, type DType } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { PixelLayout } from '../model/signal.ts';
import { contiguousOffset } from './hdf5-contiguous.ts';
import { typeClass } from './hdf5-dtype.ts';
import type { Hdf5File } from './hdf5-open.ts';

/** Whether the elements of a compound stand in memory as ours do: members in order, without gaps. */
export function isPackedAs(type: Hdf5Type, dtype: DType): boolean {
  if (type.type !== typeClass.compound) return type.size === itemSize(dtype);
  let offset = 0;
  for (const member of type.compound_type?.members ?? []) {
    if (member.offset !== offset) return false;
    offset += member.size;
  }
  return offset === type.size && offset === itemSize(dtype);
}

/** Byte order of the elements; of a compound, of its members (they have one type). */
export const isLittleEndian = (type: Hdf5Type): boolean =>
  type.type === typeClass.compound
    ? (type.compound_type?.members[0]?.littleEndian ?? true)
    : type.littleEndian || type.size === 1;

/** Refuses extents that no array can have. */
export function checkExtent(file: Hdf5File, dataset: string, shape: readonly number[], dtype: DType): void {
  const bytes = elementCount(shape) * itemSize(dtype);
  if (!Number.isSafeInteger(bytes) || shape.some((size) => !Number.isSafeInteger(size) || size < 0)) {
    throw new EigenscopeError(
      'corrupt-file',
      `${file.path}: ${dataset} says that its shape is ${shape.join(' × ')}, which is more than any computer can address.`,
      { path: file.path },
    );
  }
}

/**
 * How the pixels of a data set can be reached: as plain bytes of the file where they are one run, otherwise through
 * the HDF5 library. `axisOrder[i]` is the stored axis that becomes axis i of the signal.
 */
export async function layoutOfDataset(
  file: Hdf5File,
  dataset: string,
  type: Hdf5Type,
  dtype: DType,
  axisOrder?: readonly number[],
): Promise<PixelLayout> {
  const storedShape = type.shape ?? [];
  checkExtent(file, dataset, storedShape, dtype);
  const isIdentity =
    !axisOrder || (axisOrder.length === storedShape.length && axisOrder.every((axis, i) => axis === i));
  const order = isIdentity ? {} : { axisOrder };
  const bytes = elementCount(storedShape) * itemSize(dtype);
  if (type.chunks === null && !type.virtual_sources && isPackedAs(type, dtype)) {
    const offset = bytes === 0 ? null : contiguousOffset(file, dataset, bytes);
    if (offset !== null) {
      const stored = withoutUnits(storedShape, axisOrder, isIdentity);
      return { kind: 'raw', path: file.path, offset, littleEndian: isLittleEndian(type), ...stored, stamp: file.stamp };
    }
  }
  return { kind: 'hdf5', path: file.path, dataset, storedShape: [...storedShape], ...order, stamp: file.stamp };
}

/** Raw layouts know no axes that the signal does not have: stored axes of size 1 that were left out are removed. */
function withoutUnits(
  shape: readonly number[],
  axisOrder: readonly number[] | undefined,
  isIdentity: boolean,
): { storedShape: number[]; axisOrder?: number[] } {
  if (isIdentity || !axisOrder) return { storedShape: [...shape] };
  const kept = shape.map((_, axis) => axis).filter((axis) => axisOrder.includes(axis));
  const order = axisOrder.map((axis) => kept.indexOf(axis));
  const storedShape = kept.map((axis) => shape[axis]!);
  return order.every((axis, i) => axis === i) ? { storedShape } : { storedShape, axisOrder: order };
}
