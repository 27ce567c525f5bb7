import type { TiffFile } from './ifd.ts';
import { textOf } from './ifd.ts';
import { readsByRow } from './chunk.ts';
import type { Page } from './page.ts';
import { isTiledPage } from './page.ts';
import type { PageNote } from './series.ts';
import { tags } from './tags.ts';

/** First byte of the picture when all of it lies uncompressed in one piece, rows of all strips one after another; else −1. */
function startOf(page: Page): number {
  if (!readsByRow(page) || (isTiledPage(page) && (page.across > 1 || page.chunkWidth !== page.width))) return -1;
  // whole tiles have rows below the picture: only the last one may
  if (isTiledPage(page) && page.planar) return -1;
  const [first = 0] = page.offsets;
  let expected = first;
  for (let i = 0; i < page.offsets.length; i++) {
    const length = page.lengths[i]!;
    if (length === 0 || page.offsets[i] !== expected) return -1;
    expected += length;
  }
  return first;
}

/** What is kept of a page while a file is looked through. */
export function pageNote(tiff: TiffFile, page: Page, file: number): PageNote {
  const { width, height, samples, dtype, planar, bits } = page;
  const entry = page.directory.entries.get(tags.imageDescription);
  const text =
    entry === undefined || entry.count > 4096 ? '' : (textOf(tiff, page.directory, tags.imageDescription, 4096) ?? '');
  return {
    file,
    offset: page.directory.offset,
    key: `${width} ${height} ${samples} ${dtype} ${bits} ${planar ? 'planar' : ''} ${page.photometric}`,
    start: startOf(page),
    shape: /^(\{[^{}]{0,2000}"shape"\s*:|shape=\()/.test(text) ? text : null,
  };
}
