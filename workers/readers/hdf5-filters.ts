/** Filters of the HDF5 registry that occur in microscopy files. */
const titles: Readonly<Record<number, string>> = {
  1: 'deflate (gzip)',
  2: 'shuffle',
  3: 'Fletcher-32',
  4: 'SZIP',
  5: 'N-bit',
  6: 'scale-offset',
  305: 'LZO',
  307: 'bzip2',
  32000: 'LZF',
  32001: 'Blosc',
  32004: 'LZ4',
  32008: 'bitshuffle',
  32013: 'ZFP',
  32015: 'Zstandard',
  32017: 'SZ',
  32026: 'Blosc 2',
};

/** What the bundled HDF5 library can undo. */
const available: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);

/** Name and number of a filter: 'Blosc (32001)'. */
export const filterTitle = (id: number): string =>
  titles[id] === undefined ? `number ${id}` : `${titles[id]} (${id})`;

/** The first filter of a data set that cannot be undone here, or null. */
export const firstMissingFilter = (ids: readonly number[]): number | null =>
  ids.find((id) => !available.has(id)) ?? null;
