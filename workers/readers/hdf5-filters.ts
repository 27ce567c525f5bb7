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
const ofLibrary: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);

/** What is undone here, chunk by chunk. */
const ofOurs: ReadonlySet<number> = new Set([1, 2, 3, 307, 32000, 32001, 32004, 32008, 32015]);

/** Name and number of a filter: 'Blosc (32001)'. */
export const filterTitle = (id: number): string =>
  titles[id] === undefined ? `number ${id}` : `${titles[id]} (${id})`;

/** The first filter of a data set that the bundled HDF5 library cannot undo, or null. */
export const firstOutsideLibrary = (ids: readonly number[]): number | null =>
  ids.find((id) => !ofLibrary.has(id)) ?? null;

/** The first filter of a data set that cannot be undone here, or null: all are undone by the library, or all by ourselves. */
export function firstMissingFilter(ids: readonly number[]): number | null {
  const outside = firstOutsideLibrary(ids);
  if (outside === null) return null;
  return ids.find((id) => !ofOurs.has(id) && !ofLibrary.has(id)) ?? ids.find((id) => !ofOurs.has(id)) ?? null;
}
