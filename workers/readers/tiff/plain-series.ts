import { elementCount } from '../../model/dtype.ts';
import type { TiffFile } from './ifd.ts';
import type { Page } from './page.ts';
import { pageBytes } from './page.ts';
import type { FirstPage, PageNote, Series } from './series.ts';
import { leadAxis } from './series.ts';
import { readShape } from './shaped.ts';

/** The end of the pages of one kind from this one on that have no description of their own. */
function followsUntil(notes: readonly PageNote[], first: number): number {
  let end = first + 1;
  while (end < notes.length && notes[end]!.key === notes[first]!.key && notes[end]!.shape === null) end++;
  return end;
}

/** Series of files that describe no dimensions: pages of the same kind make a stack. */
export function plainSeries(tiff: TiffFile, notes: readonly PageNote[], pageAt: (number: number) => Page): Series[] {
  const series: Series[] = [];
  const used = new Set<number>();
  const one = (pages: readonly number[], lead: Series['lead'], more: Partial<Series> = {}): Series => ({
    title: '',
    pages,
    lead,
    original: {},
    warnings: [],
    ...more,
  });
  for (const [number, note] of notes.entries()) {
    if (note.shape === null) continue;
    const page = pageAt(number);
    const lead = readShape(note.shape, firstPage(tiff, page, note));
    if (lead === null) continue;
    const count = elementCount(lead.map(({ size }) => size));
    // pages with a description each are a stack like others
    if (count === 1) continue;
    const isStack = followsUntil(notes, number) - number >= count;
    const isContiguous = !isStack && firstPage(tiff, page, note).planesThatFit >= count;
    if (!isStack && !isContiguous) continue;
    const follow = Array.from({ length: isStack ? count : 1 }, (_, i) => number + i);
    series.push(one(follow, lead, isContiguous ? { isContiguous: true } : {}));
    follow.forEach((n) => used.add(n));
  }
  const groups = new Map<string, number[]>();
  notes.forEach(({ key }, number) => {
    if (used.has(number)) return;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [number]);
    else group.push(number);
  });
  for (const pages of groups.values()) {
    series.push(one(pages, pages.length > 1 ? [leadAxis('image series', pages.length)] : []));
  }
  return series.sort((a, b) => a.pages[0]! - b.pages[0]!);
}

/** What descriptions are checked against, of the first page of a series. */
export function firstPage(tiff: TiffFile, page: Page, note: PageNote): FirstPage {
  const { width, height, samples, planar } = page;
  const room = note.start < 0 ? 0 : Math.floor((tiff.file.size - note.start) / pageBytes(page));
  return { width, height, samples, planar, planesThatFit: room };
}
