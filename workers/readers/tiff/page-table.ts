import { corrupt } from '../file-bytes.ts';
import type { SetFile } from './file-set.ts';
import { openFileSet } from './file-set.ts';
import type { TiffFile } from './ifd.ts';
import { readDirectory } from './ifd.ts';
import { createCache } from '../longest-unused.ts';
import type { Page } from './page.ts';
import { describePage } from './page.ts';

export interface FrameSize {
  width: number;
  height: number;
  samples: number;
}

/** Runs of directories in a file each, [first, step, count, file]; first −1: pages that are nowhere. */
export type PageRuns = readonly (readonly [first: number, step: number, count: number, file: number])[];

/** A page, and the file that it is in. */
export interface OpenPage {
  tiff: TiffFile;
  page: Page;
}

/** Pages by their number. */
export interface PageTable {
  /**
   * Null for a page that is nowhere.
   * @throws EigenscopeError `file-changed`, `file-not-found`, `not-readable`, `corrupt-file`, `truncated-file`
   */
  open(number: number): OpenPage | null;
  close(): void;
}

/** Offsets of strips and tiles that are kept in mind. */
const mostOffsets = 2 ** 21;

/** Where the directory of a page begins, and in which file; −1 when it is nowhere. */
function directoryAt(runs: PageRuns): (page: number) => { offset: number; file: number } {
  const firsts: number[] = [];
  let total = 0;
  for (const [, , count] of runs) {
    firsts.push(total);
    total += count;
  }
  return (page) => {
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= page) low = middle;
      else high = middle - 1;
    }
    const [first, step, , file] = runs[low]!;
    return { offset: first < 0 ? -1 : first + step * (page - firsts[low]!), file };
  };
}

/** Opens the files; directories are read as their pages are asked for, which all have to be of one size. */
export function openPageTable(files: readonly SetFile[], runs: PageRuns, frame: FrameSize): PageTable {
  const set = openFileSet(files);
  // whether it is still the file whose header was read shows at once
  set.of(0);
  const placeOf = directoryAt(runs);
  const known = createCache<number, Page>(mostOffsets, (page) => page.offsets.length + 64);
  const describe = (number: number, tiff: TiffFile, offset: number): Page => {
    const page = describePage(tiff, readDirectory(tiff, offset));
    const { width, height, samples } = page;
    if (width !== frame.width || height !== frame.height || samples !== frame.samples) {
      throw corrupt(tiff.file.path, `page ${number} has another size`, 'all pages of a stack have the same');
    }
    known.put(number, page);
    return page;
  };
  return {
    open(number) {
      const { offset, file } = placeOf(number);
      if (offset < 0) return null;
      const tiff = set.of(file);
      return { tiff, page: known.get(number) ?? describe(number, tiff, offset) };
    },
    close: () => set.close(),
  };
}
