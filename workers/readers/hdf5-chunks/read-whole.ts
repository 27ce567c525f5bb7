import type { Metadata as Hdf5Type } from 'h5wasm/node';
import { elementCount, itemSize, type DType } from '../../model/dtype.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import { createChunkCache } from './chunk-parts.ts';
import { openChunks } from './open-chunks.ts';

/**
 * All elements of a small data set in native byte order, without the library's filters; chunks that were never written
 * are zero.
 * @returns null when it cannot be read without the library
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function readWholeDataset(file: Hdf5File, dataset: string, type: Hdf5Type, dtype: DType): Uint8Array | null {
  const chunks = openChunks(file, dataset, type, dtype);
  if (chunks === null) return null;
  const shape = type.shape ?? [];
  const size = itemSize(dtype);
  const bytes = new Uint8Array(elementCount(shape) * size);
  const cache = createChunkCache(shape, chunks, size, 0, () => new Uint8Array(size));
  try {
    const strides = contiguousStrides(shape);
    const origin = shape.map(() => 0);
    for (const part of cache.parts(origin, shape)) {
      const offset = part.start.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
      copyStrided(size, part.count, part, { bytes, strides, offset });
    }
    return bytes;
  } finally {
    cache.clear();
    chunks.close();
  }
}
