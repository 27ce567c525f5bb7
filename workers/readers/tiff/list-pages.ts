import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import type { TiffFile } from './ifd.ts';
import { numberAt, textOf, walkDirectories } from './ifd.ts';
import type { Page } from './page.ts';
import { describePage } from './page.ts';
import { pageNote } from './page-note.ts';
import type { PageNote } from './series.ts';
import { tags } from './tags.ts';

export interface PageList {
  notes: PageNote[];
  /** the first page of every kind, by the key of its note */
  firsts: Map<string, Page>;
  /** text of the first page */
  description: string;
  /** smaller copies, masks and pages that cannot be read */
  skipped: number;
}

/**
 * Looks through the pages of a file.
 * @param file number of the file in its set
 * @throws EigenscopeError `corrupt-file`, `truncated-file`; `unsupported-format` when no page can be read
 */
export function listPages(tiff: TiffFile, file: number, warnings: string[]): PageList {
  const list: PageList = { notes: [], firsts: new Map(), description: '', skipped: 0 };
  const { notes, firsts } = list;
  let values = 0;
  let refusal: unknown = null;
  for (const directory of walkDirectories(tiff, warnings)) {
    const kind = numberAt(tiff, directory, tags.newSubfileType) ?? 0;
    if (notes.length === 0) list.description ||= textOf(tiff, directory, tags.imageDescription) ?? '';
    // bit 0: a smaller copy, bit 2: a mask
    if ((kind & 5) !== 0 && directory.offset !== tiff.first) {
      list.skipped++;
      continue;
    }
    let page: Page;
    try {
      page = describePage(tiff, directory);
    } catch (error) {
      // pages that cannot be read are left out when others can
      if (!(error instanceof EigenscopeError) || error.code !== 'unsupported-format') throw error;
      refusal ??= error;
      list.skipped++;
      continue;
    }
    values += page.offsets.length;
    if (values > Math.max(tiff.file.size, 2 ** 20)) {
      throw corrupt(tiff.file.path, 'its pages list more strips than the file has bytes', 'each has its own list');
    }
    const note = pageNote(tiff, page, file);
    if (!firsts.has(note.key)) firsts.set(note.key, page);
    notes.push(note);
  }
  if (notes.length === 0)
    throw refusal ?? corrupt(tiff.file.path, 'it has no picture', 'at least one page was expected');
  return list;
}
