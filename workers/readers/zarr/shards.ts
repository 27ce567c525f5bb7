import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import type { ZarrArray } from './array-metadata.ts';
import { decodeBytes } from './codecs.ts';
import type { StoredValue, ZarrStore } from './store.ts';

const mostTables = 16;
const missing = 2n ** 64n - 1n;

/** The chunks of an array where they are stored: each by itself, or as parts of shards. */
export interface ChunkPlaces {
  /** null for a chunk that was never written: it is all fill */
  find(index: readonly number[]): StoredValue | null;
}

const plainPlaces = (store: ZarrStore, array: ZarrArray): ChunkPlaces => ({
  find: (index) => store.open(array.keyOf(index)),
});

/** Part of a value as a value of its own. */
const partOf = (value: StoredValue, first: number, size: number): StoredValue => ({
  size,
  read: (position, length) => value.read(first + position, length),
});

/**
 * Where each chunk of an array is. Tables of shards are kept, a few of them.
 * @see https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html
 */
export function chunkPlaces(store: ZarrStore, array: ZarrArray): ChunkPlaces {
  const { shard, chunk } = array;
  if (shard === null) return plainPlaces(store, array);
  const perShard = shard.shape.map((size, axis) => size / chunk[axis]!);
  const count = perShard.reduce((n, size) => n * size, 1);
  const tables = new Map<string, BigUint64Array>();

  const tableOf = (key: string, value: StoredValue): BigUint64Array => {
    const found = tables.get(key);
    if (found) return found;
    const bytes = 16 * count + 4 * shard.decoders.length;
    if (bytes > value.size)
      throw corrupt(store.path, `the shard “${key}” has ${value.size} bytes`, `its table alone takes ${bytes}`);
    const encoded = value.read(shard.indexFirst ? 0 : value.size - bytes, bytes);
    const decoded = decodeBytes(shard.decoders, encoded, 16 * count);
    if (typeof decoded === 'string')
      throw corrupt(
        store.path,
        `the table of the shard “${key}” is wrong (${decoded})`,
        'what was written was expected',
      );
    const table = new BigUint64Array(new Uint8Array(decoded).buffer);
    tables.set(key, table);
    const [oldest] = tables.keys();
    if (tables.size > mostTables) tables.delete(oldest!);
    return table;
  };

  return {
    find(index) {
      const key = array.keyOf(index.map((i, axis) => Math.floor(i / perShard[axis]!)));
      const value = store.open(key);
      if (value === null) return null;
      const table = tableOf(key, value);
      const at = index.reduce((sum, i, axis) => sum * perShard[axis]! + (i % perShard[axis]!), 0);
      const [offset, size] = [table[2 * at]!, table[2 * at + 1]!];
      if (offset === missing && size === missing) return null;
      if (offset + size > BigInt(value.size)) {
        throw new EigenscopeError(
          'truncated-file',
          `${store.path}: the shard “${key}” has ${value.size} bytes, but its table says that a chunk ends at ${offset + size}. Copy the store anew.`,
          { path: store.path, key },
        );
      }
      return partOf(value, Number(offset), Number(size));
    },
  };
}
