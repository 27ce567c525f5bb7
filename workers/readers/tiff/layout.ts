import { elementCount, itemSize } from '../../model/dtype.ts';
import type { DType } from '../../model/dtype.ts';
import type { FileStamp, Metadata, PixelLayout } from '../../model/signal.ts';
import { truncated } from '../file-bytes.ts';
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
  path: string;
  stamp: FileStamp;
  littleEndian: boolean;
  page: Page;
  dtype: DType;
  lead: readonly number[];
  order: readonly number[];
  /** samples are one element (a colour) */
  isColour: boolean;
}

/**
 * Where the pixels of a series are: flat in the file when its pages follow one another uncompressed, as equal frames when
 * there is something between them, else for the decoder of pages.
 */
export function layoutOf(series: Series, notes: readonly PageNote[], place: PixelPlace): PixelLayout {
  const { path, stamp, littleEndian, page, dtype, lead, order, isColour } = place;
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
  if (isPlain && starts.length > 0 && starts.every((start, i) => start === starts[0]! + i * frameBytes && start >= 0)) {
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
  if (isPlain && framesStay) {
    return {
      kind: 'frames',
      files: [{ path, stamp }],
      frameRank: frame.length,
      runs: runsOf(starts).map(([first, step, count]) => ({ file: first < 0 ? -1 : 0, first, step, count })),
      littleEndian,
    };
  }
  const about = {
    pages: runsOf(series.pages.map((number) => (number < 0 ? -1 : notes[number]!.offset))),
    lead: [...lead],
    frame: { width: page.width, height: page.height, samples: page.samples },
    order: [...order],
  };
  return { kind: 'coded', codec: 'tiff', path, stamp, about: about satisfies Metadata };
}
