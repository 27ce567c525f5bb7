import { basename, extname } from 'node:path';
import { EigenscopeError } from '../model/errors.ts';
import { latin1 } from './file-bytes.ts';
import type { Reader } from './reader.ts';

/** Formats that are recognised so that they can be named, but not read. */
const signatures: readonly { at: number; bytes: string; title: string; advice: string }[] = [
  {
    at: 0,
    bytes: '\x89PNG',
    title: 'a PNG picture',
    advice: 'A picture holds no spectra; open the data it was made from.',
  },
  {
    at: 0,
    bytes: '\xff\xd8\xff',
    title: 'a JPEG picture',
    advice: 'A picture holds no spectra; open the data it was made from.',
  },
  { at: 0, bytes: '%PDF', title: 'a PDF', advice: 'Open the data it was made from.' },
  { at: 0, bytes: '\x1f\x8b', title: 'a gzip archive', advice: 'Unpack it first.' },
  { at: 0, bytes: '<', title: 'an XML or HTML text', advice: 'Export the data as .msa or .npy.' },
];

/** The first bytes as text up to the first that is none, or in hexadecimal when there is not much text. */
function printable(bytes: Uint8Array): string {
  const text = /^[\x20-\x7e]{4,}/.exec(latin1(bytes))?.[0];
  return text === undefined ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ') : `“${text}”`;
}

/** The sentence for a file that no reader takes: what it seems to be, how it begins, what can be opened instead. */
export function refuseUnknown(path: string, head: Uint8Array, readers: readonly Reader[]): EigenscopeError {
  const name = basename(path);
  const text = latin1(head.subarray(0, 512));
  const known = signatures.find(({ at, bytes }) => text.startsWith(bytes, at));
  const start = printable(head.subarray(0, 8));
  const details = { path, firstBytes: start, extension: extname(path) };
  if (known) {
    return new EigenscopeError(
      'unsupported-format',
      `${name} is ${known.title}, which cannot be read yet (it begins with ${start}). ${known.advice}`,
      details,
    );
  }
  const extensions = [...new Set(readers.flatMap((reader) => reader.extensions))].map((e) => `.${e}`).join(', ');
  return new EigenscopeError(
    'unsupported-format',
    `${name} is in no format known here: it begins with ${start}. Files that can be opened end in ${extensions}; save it as one of these.`,
    details,
  );
}
