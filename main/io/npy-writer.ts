import type { FileHandle } from 'node:fs/promises';
import { elementCount, itemSize, type DType } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { writeAtomically, type WriteOptions } from './atomic-write.ts';
import { npyHeader } from './npy-format.ts';
import { writeFully } from './write-fully.ts';

/** Elements in C order, little-endian: all at once, or block by block. Complex and colour elements are interleaved. */
export type ArrayData = ArrayBufferView | AsyncIterable<ArrayBufferView> | Iterable<ArrayBufferView>;

/** The blocks of the data, one after the other; their bytes must be those of `shape`. */
export async function* blocksOf(data: ArrayData): AsyncGenerator<ArrayBufferView> {
  if (ArrayBuffer.isView(data)) yield data;
  else yield* data;
}

/** Refuses data that are not as long as their shape says: the file would be damaged. */
export function checkLength(path: string, written: number, dtype: DType, shape: readonly number[]): void {
  const expected = elementCount(shape) * itemSize(dtype);
  if (written !== expected) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${path}: ${shape.join(' × ')} elements of ${dtype} are ${expected} bytes, but ${written} came.`,
      { path, expected, found: written },
    );
  }
}

/** Writes one array behind what the file holds already. */
export async function appendNpy(
  file: FileHandle,
  path: string,
  dtype: DType,
  shape: readonly number[],
  data: ArrayData,
): Promise<void> {
  await writeFully(file, npyHeader(dtype, shape));
  let written = 0;
  for await (const block of blocksOf(data)) {
    written += block.byteLength;
    await writeFully(file, block);
  }
  checkLength(path, written, dtype, shape);
}

/**
 * Writes one array as a .npy file (C order, little-endian), whole or not at all.
 * @param data elements of `dtype`, also in shared memory; bool is one byte per element, float16 its bit pattern
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`, `shape-mismatch`
 */
export async function writeNpy(
  path: string,
  dtype: DType,
  shape: readonly number[],
  data: ArrayData,
  options: WriteOptions,
): Promise<void> {
  await writeAtomically(path, options, (file) => appendNpy(file, path, dtype, shape, data));
}
