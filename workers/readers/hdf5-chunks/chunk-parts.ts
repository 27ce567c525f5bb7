import { elementCount } from '../../model/dtype.ts';
import { chunkBoxes } from '../chunk-boxes.ts';
import type { TileCache, TilePart } from '../hdf5-tiles.ts';
import { contiguousStrides } from '../permute.ts';
import { releaseBytes } from './memory.ts';
import type { Chunks } from './open-chunks.ts';

/**
 * Blocks of an array from its unpacked chunks. Chunks of which a part is wanted are kept until others need the room
 * (least recently used first); those that are wanted whole are not kept.
 * @param limit bytes of chunks that are kept; at least one always is
 * @param readFill one element as it is where nothing was written, at a place in the array
 */
export function createChunkCache(
  stored: readonly number[],
  chunks: Chunks,
  size: number,
  limit: number,
  readFill: (at: readonly number[]) => Uint8Array,
): TileCache {
  const { chunk } = chunks;
  const strides = contiguousStrides(chunk);
  const chunkBytes = elementCount(chunk) * size;
  const numbers = contiguousStrides(stored.map((extent, axis) => Math.ceil(extent / chunk[axis]!)));
  const kept = new Map<number, Uint8Array>();
  let unwritten: Uint8Array | null = null;

  const fill = (origin: readonly number[]): Uint8Array => {
    if (unwritten !== null) return unwritten;
    const element = readFill(origin);
    const bytes = new Uint8Array(chunkBytes);
    if (element.some((byte) => byte !== 0)) {
      bytes.set(element);
      for (let done = size; done < chunkBytes; done *= 2) bytes.copyWithin(done, 0, Math.min(done, chunkBytes - done));
    }
    return (unwritten = bytes);
  };

  const keep = (number: number, bytes: Uint8Array): void => {
    kept.set(number, bytes);
    for (const [old, bytesOfOld] of kept) {
      if (kept.size * chunkBytes <= limit || old === number) break;
      kept.delete(old);
      releaseBytes(bytesOfOld);
    }
  };

  function* parts(start: readonly number[], count: readonly number[]): Generator<TilePart> {
    for (const { index, start: from, count: extent } of chunkBoxes(chunk, start, count)) {
      const number = index.reduce((sum, i, axis) => sum + i * numbers[axis]!, 0);
      const origin = index.map((i, axis) => i * chunk[axis]!);
      const isWhole = extent.every((n, axis) => n === Math.min(chunk[axis]!, stored[axis]! - origin[axis]!));
      const known = kept.get(number);
      const read = known ?? chunks.read(index);
      if (known) kept.delete(number);
      if (read && !(isWhole && known === undefined)) keep(number, read);
      yield {
        start: from,
        count: extent,
        bytes: read ?? fill(origin),
        strides,
        offset: from.reduce((sum, at, axis) => sum + (at - origin[axis]!) * strides[axis]!, 0),
      };
      if (read && !kept.has(number)) releaseBytes(read);
    }
  }

  return {
    parts,
    clear() {
      kept.forEach(releaseBytes);
      kept.clear();
      unwritten = null;
    },
  };
}
