import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';
import { decodeXml } from '../xml.ts';
import type { BcfHeader } from './bcf-header.ts';
import { readBcfHeader } from './bcf-header.ts';
import type { SfsContainer } from './sfs.ts';
import { findItem, readSfs } from './sfs.ts';
import { openStream, readWhole } from './sfs-stream.ts';

/** The header is a page of settings, and pictures as text. */
const longestHeader = 400 * 2 ** 20;

/**
 * Container and header of a BCF.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function readHeaderOf(file: FileBytes): { container: SfsContainer; header: BcfHeader } {
  const container = readSfs(file);
  const item = findItem(container, 'EDSDatabase', 'HeaderData');
  if (item === undefined) {
    const folders = container.items.filter(({ isFolder }) => isFolder).map(({ name }) => name);
    throw corrupt(
      file.path,
      `there is no EDSDatabase/HeaderData in it (folders: ${folders.slice(0, 4).join(', ') || 'none'})`,
      'a map of X-ray spectra was expected',
    );
  }
  const text = decodeXml(readWhole(file, openStream(file, container, item), longestHeader));
  return { container, header: readBcfHeader(file.path, text) };
}
