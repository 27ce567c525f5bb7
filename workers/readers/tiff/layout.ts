import { elementCount, itemSize } from '../../model/dtype.ts';
import type { DType } from '../../model/dtype.ts';
import type { Metadata, PixelLayout } from '../../model/signal.ts';
import { truncated } from '../file-bytes.ts';
import type { ListedFile } from './file-set.ts';
import type { Page } from './page.ts';
import type { PageNote, Series } from './series.ts';

/** Numbers as runs [first, step, count]; −1 stays alone. */
export function runsOf(values: readonly number[]): [number, number, number][] {
  const runs: [number, number, number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run !== undefined && run[0] < 0 === value < 0) {
      if (value < 0) {
        run[2]++;
        continue;
      }
      if (run[2] === 1) {
        run[1] = value - run[0];
        run[2] = 2;
        continue;
      }
      if (value === run[0] + run[1] * run[2]) {
        run[2]++;
        continue;
      }
    }
    runs.push([value, 0, 1]);
  }
  return runs;
}

export interface PixelPlace {
  /** those of the notes, by number */
  files: readonly ListedFile[];
  page: Page;
  dtype: DType;
  lead: readonly number[];
  order: readonly number[];
  /** samples are one element (a colour) */
  isColour: boolean;
}

/** Runs of pages in one file each: [first, step, count, file]; what is missing is in file 0. */
function pageRuns(
  series: Series,
  notes: readonly PageNote[],
  of: (note: PageNote) => number,
): [first: number, step: number, count: number, file: number][] {
  const runs: [number, number, number, number][] = [];
  const fileOf = (number: number): number => (number < 0 ? 0 : notes[number]!.file);
  for (let from = 0, to = 1; from < series.pages.length; from = to++) {
    const file = fileOf(series.pages[from]!);
    while (to < series.pages.length && fileOf(series.pages[to]!) === file) to++;
    const values = series.pages.slice(from, to).map((number) => (number < 0 ? -1 : of(notes[number]!)));
    for (const [first, step, count] of runsOf(values)) runs.push([first, step, count, file]);
  }
  return runs;
}

/** Sources of frames hold all their files open at once. */
const mostFrameFiles = 64;

/**
 * Where the pixels of a series are: flat in the file when its pages follow one another uncompressed, as equal frames when
 * there is something between them, else for the decoder of pages.
 */
export function layoutOf(series: Series, notes: readonly PageNote[], place: PixelPlace): PixelLayout {
  const { page, dtype, lead, order, isColour } = place;
  const used = [...new Set(series.pages.map((number) => (number < 0 ? 0 : notes[number]!.file)))];
  const numbers = new Map(used.map((file, i) => [file, i]));
  const isOneFile = series.pages.every((number) => number < 0 || notes[number]!.file === used[0]);
  const { path, stamp, littleEndian } = place.files[used[0] ?? 0]!;
  const size = itemSize(dtype);
  const samples = isColour ? 1 : page.samples;
  const frameBytes = page.width * page.height * samples * size;
  const starts = series.pages.map((number) => (number < 0 ? -1 : notes[number]!.start));
  const isPlain = (isColour ? !page.planar : true) && series.pages.every((n, i) => n < 0 || starts[i]! >= 0);
  // stored order of a frame: rows, columns, samples, or samples first
  const frame =
    samples === 1
      ? [page.height, page.width]
      : page.planar
        ? [samples, page.height, page.width]
        : [page.height, page.width, samples];
  const rank = lead.length;
  const inFile = (stored: number): number => {
    if (samples === 1 || !page.planar || stored < rank) return stored;
    return stored === rank + 2 ? rank : stored + 1;
  };
  const axisOrder = order.map(inFile);
  if (
    isOneFile &&
    isPlain &&
    starts.length > 0 &&
    starts.every((start, i) => start === starts[0]! + i * frameBytes && start >= 0)
  ) {
    const needed = starts[0]! + elementCount(lead) * frameBytes;
    if (needed > stamp.size) throw truncated(path, needed, stamp.size);
    const isIdentity = axisOrder.every((axis, i) => axis === i);
    return {
      kind: 'raw',
      path,
      offset: starts[0]!,
      littleEndian,
      storedShape: [...lead, ...frame],
      ...(isIdentity ? {} : { axisOrder }),
      stamp,
    };
  }
  const framesStay = axisOrder.every((axis, i) => axis === i);
  const areAlike =
    used.length <= mostFrameFiles && used.every((file) => place.files[file]!.littleEndian === littleEndian);
  if (isPlain && framesStay && areAlike) {
    const runs = pageRuns(series, notes, ({ start }) => start);
    return {
      kind: 'frames',
      files: used.map((file) => ({ path: place.files[file]!.path, stamp: place.files[file]!.stamp })),
      frameRank: frame.length,
      runs: runs.map(([first, step, count, file]) => ({
        file: first < 0 ? -1 : numbers.get(file)!,
        first,
        step,
        count,
      })),
      littleEndian,
    };
  }
  const about = {
    files: used.map((file) => ({ path: place.files[file]!.path, stamp: { ...place.files[file]!.stamp } })),
    pages: pageRuns(series, notes, ({ offset }) => offset).map(([first, step, count, file]) => [
      first,
      step,
      count,
      numbers.get(file)!,
    ]),
    lead: [...lead],
    frame: { width: page.width, height: page.height, samples: page.samples },
    order: [...order],
  };
  return { kind: 'coded', codec: 'tiff', path, stamp, about: about satisfies Metadata };
}
