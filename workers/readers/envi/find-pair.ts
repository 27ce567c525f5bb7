import { statSync } from 'node:fs';
import { basename, extname, parse } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import { beside } from '../companion.ts';
import { latin1, withFile } from '../file-bytes.ts';
import { isEnviText, isEsriText } from './header-text.ts';

/** What data files are called, in the order of asking; '' is no extension. */
const dataExtensions = ['', 'dat', 'raw', 'img', 'bil', 'bip', 'bsq', 'flt', 'sli', 'bin', 'cube'];

const fileSize = (path: string): number | null => {
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isFile() === true ? info.size : null;
};

const isHeaderName = (path: string): boolean => extname(path).toLowerCase() === '.hdr';

/** Whether a file of this name may be the data of a header. */
export const isDataName = (path: string): boolean => {
  const extension = extname(path).slice(1).toLowerCase();
  // a name like "scan 4.5" has an "extension" that is none
  return dataExtensions.includes(extension) || /^\d*$/.test(extension);
};

/** The header beside a data file: x.raw.hdr, then x.hdr; null when there is none that is text of this kind. */
export function headerBeside(data: string): string | null {
  if (isHeaderName(data) || !isDataName(data)) return null;
  for (const name of [`${basename(data)}.hdr`, `${parse(data).name}.hdr`]) {
    const found = beside(data, name);
    if (found === null || fileSize(found) === null) continue;
    const text = withFile(found, (file) => {
      const head = new Uint8Array(Math.min(file.size, 4096));
      file.readInto(head, 0);
      return latin1(head).replace(/^\u00ef\u00bb\u00bf/, '');
    });
    if (isEnviText(text) || isEsriText(text)) return found;
  }
  return null;
}

/**
 * The data of a header: of all files that may be it, the first whose size is exactly right, else the first.
 * @param needed bytes that the header promises
 * @throws EigenscopeError `file-not-found`
 */
export function dataBeside(header: string, needed: number): string {
  const { name, base } = parse(header);
  const candidates = dataExtensions
    .map((extension) => beside(header, extension === '' ? name : `${name}.${extension}`))
    .filter((path) => path !== null)
    .filter((path) => fileSize(path) !== null);
  const best = candidates.find((path) => fileSize(path) === needed) ?? candidates[0];
  if (best !== undefined) return best;
  throw new EigenscopeError(
    'file-not-found',
    `${base} describes data that are not beside it: ${name}, ${name}.dat, ${name}.raw or ${name}.img is missing. Put both files into one folder.`,
    { path: header },
  );
}
