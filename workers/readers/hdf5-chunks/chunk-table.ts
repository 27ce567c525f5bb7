import { elementCount } from '../../model/dtype.ts';
import { contiguousStrides } from '../permute.ts';

/** Where the stored bytes of every chunk of a data set lie. */
export interface ChunkTable {
  /** chunks along every axis */
  grid: readonly number[];
  /** file offset and stored size of a chunk by its number in C order of the grid; null for one that was never written */
  find(chunk: number): { offset: number; bytes: number; skipped: number } | null;
}

/** Tables of more chunks than this are left to the HDF5 library, which reads its index piece by piece. */
export const mostChunks = 2 ** 22;

export interface TableBuilder extends ChunkTable {
  /**
   * Notes one chunk.
   * @param index of the chunk along every axis
   * @param skipped filters that were left out for this chunk, one bit each
   * @returns false when it cannot be: outside of the grid, outside of the file, or a number that no chunk has
   */
  put(index: readonly number[], address: bigint, bytes: number, skipped: number): boolean;
}

/**
 * An empty table; null when there are too many chunks for one.
 * @param base where the HDF5 part of the file begins, `end` where the file ends
 */
export function createTable(
  shape: readonly number[],
  chunk: readonly number[],
  base: number,
  end: number,
): TableBuilder | null {
  const grid = shape.map((size, axis) => Math.ceil(size / chunk[axis]!));
  const chunks = elementCount(grid);
  if (!(chunks <= mostChunks)) return null;
  const strides = contiguousStrides(grid);
  // an offset of 0 is the superblock: no chunk is there
  const offsets = new Float64Array(chunks);
  const sizes = new Uint32Array(chunks);
  const masks = new Map<number, number>();
  return {
    grid,
    put(index, address, bytes, skipped) {
      const offset = base + Number(address);
      if (offset <= base || !(offset + bytes <= end)) return false;
      let number = 0;
      for (let axis = 0; axis < grid.length; axis++) {
        const i = index[axis]!;
        if (!(i >= 0 && i < grid[axis]!)) return false;
        number += i * strides[axis]!;
      }
      offsets[number] = offset;
      sizes[number] = bytes;
      if (skipped !== 0) masks.set(number, skipped);
      return true;
    },
    find(number) {
      const offset = offsets[number]!;
      return offset === 0 ? null : { offset, bytes: sizes[number]!, skipped: masks.get(number) ?? 0 };
    },
  };
}
