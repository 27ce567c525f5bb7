import { elementCount } from '../model/dtype.ts';
import { chunkBoxes } from './chunk-boxes.ts';
import { freeBytes } from './free-bytes.ts';
import { contiguousStrides } from './permute.ts';

/** Tiles grow to about this size by whole chunks: one call into the library per tile. */
const tileBytes = 4 * 2 ** 20;
const leastCache = 16 * 2 ** 20;
const mostCache = 160 * 2 ** 20;
/** Chunks beyond this are read in parts, at the price of unpacking them again: memory stays bounded. */
const largestTile = 256 * 2 ** 20;

/**
 * Shape of the chunks of an array, and of the tiles it is read in: whole chunks, or for an array without chunks runs of rows.
 * @param grownBytes size up to which small chunks are read together
 */
export function tileShape(
  stored: readonly number[],
  chunks: readonly number[] | null,
  size: number,
  grownBytes = tileBytes,
): { chunk: number[]; tile: number[] } {
  const chunk = stored.map((extent, axis) => Math.max(1, Math.min(chunks?.[axis] ?? 1, Math.max(1, extent))));
  const tile = [...chunk];
  // A chunk that is too large is cut along its slowest axes.
  for (let axis = 0; axis < tile.length && elementCount(tile) * size > largestTile; axis++) {
    tile[axis] = Math.max(1, Math.floor((tile[axis]! * largestTile) / (elementCount(tile) * size)));
  }
  // Small chunks are read several at a time, along the fastest axes first.
  for (let axis = tile.length - 1; axis >= 0; axis--) {
    const extent = Math.max(1, stored[axis]!);
    const room = Math.floor(grownBytes / (elementCount(tile) * size));
    if (room < 2) break;
    tile[axis] = Math.min(extent, tile[axis]! * room);
    if (tile[axis]! < extent) break;
  }
  return { chunk, tile };
}

/** The part of a block that lies in one tile: where it begins in the array, its extent, and where it is in `bytes`. */
export interface TilePart {
  start: readonly number[];
  count: readonly number[];
  bytes: Uint8Array;
  /** in elements, of the tile */
  strides: readonly number[];
  offset: number;
}

export interface TileCache {
  /** A part's bytes are valid until the next one is asked for. */
  parts(start: readonly number[], count: readonly number[]): Generator<TilePart>;
  /** Gives all memory back. */
  clear(): void;
}

/** Room for what is read together, within bounds. */
export const cacheFor = (bandBytes: number): number => Math.min(mostCache, Math.max(leastCache, 1.1 * bandBytes));

/**
 * Tiles of an array, read when they are first needed and kept until others need the room (least recently used first).
 * @param bandBytes size of all tiles of one chunk-high band along the slowest axis of the signal, which are kept together
 *   if at all possible
 * @param limit bytes of tiles that are kept; at least one tile always is
 */
export function createTileCache(
  stored: readonly number[],
  tile: readonly number[],
  bandBytes: number,
  read: (start: readonly number[], count: readonly number[]) => Uint8Array,
  limit = cacheFor(bandBytes),
): TileCache {
  const kept = new Map<string, Uint8Array>();
  let held = 0;

  const load = (index: readonly number[], start: readonly number[], count: readonly number[]): Uint8Array => {
    const key = index.join();
    const found = kept.get(key);
    if (found) {
      kept.delete(key);
      kept.set(key, found);
      return found;
    }
    const bytes = read(start, count);
    kept.set(key, bytes);
    held += bytes.length;
    for (const [old, bytesOfOld] of kept) {
      if (held <= limit || old === key) break;
      kept.delete(old);
      held -= bytesOfOld.length;
      freeBytes(bytesOfOld);
    }
    return bytes;
  };

  function* parts(start: readonly number[], count: readonly number[]): Generator<TilePart> {
    for (const { index, start: from, count: within } of chunkBoxes(tile, start, count)) {
      const origin = index.map((i, axis) => i * tile[axis]!);
      const extent = origin.map((at, axis) => Math.min(tile[axis]!, stored[axis]! - at));
      const bytes = load(index, origin, extent);
      const strides = contiguousStrides(extent);
      yield {
        start: from,
        count: within,
        bytes,
        strides,
        offset: from.reduce((sum, at, axis) => sum + (at - origin[axis]!) * strides[axis]!, 0),
      };
    }
  }

  return {
    parts,
    clear() {
      kept.forEach(freeBytes);
      kept.clear();
      held = 0;
    },
  };
}
