import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Seed } from '../seeds.ts';

/**
 * HDF5 files with filters and indexes of chunks that our own writer does not make, written by h5py with its own LZF and
 * hdf5plugin's other filters, `bzip2` by PyTables; the numbers in them are `filterValue` by position.
 */
export const filterFixture = (name: 'bzip2' | 'filters' | 'indexes' | 'paged' | 'tree'): Uint8Array =>
  new Uint8Array(gunzipSync(readFileSync(new URL(`../../fixtures/hdf5-filters/${name}.h5.gz`, import.meta.url))));

/** The value at a flat position of an array of whole numbers in these files; floats hold a quarter of it. */
export const filterValue = (i: number): number => ((i * 73) % 97) + Math.floor(i / 11);

/** Version 1 B-trees, fixed arrays, single chunks, extensible arrays, version 2 B-trees, and all filters. */
export const hdf5FilterSeeds: readonly Seed[] = (['filters', 'indexes', 'tree', 'bzip2'] as const).map((name) => ({
  name: `hdf5-filters, ${name}`,
  files: { 'x.h5': filterFixture(name) },
}));
