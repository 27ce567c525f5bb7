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
  { at: 0, bytes: 'BZh', title: 'a bzip2 archive', advice: 'Unpack it first.' },
  { at: 0, bytes: '\xfd7zXZ\0', title: 'an xz archive', advice: 'Unpack it first.' },
  { at: 0, bytes: '7z\xbc\xaf', title: 'a 7-Zip archive', advice: 'Unpack it first.' },
  { at: 0, bytes: 'Rar!', title: 'a RAR archive', advice: 'Unpack it first.' },
  { at: 0, bytes: 'Andor Technology', title: 'a file of Andor cameras (SIF)', advice: 'Export it as TIFF or text.' },
  { at: 0, bytes: '\n\n\xfe\xfe', title: 'a spectrum of Bruker OPUS', advice: 'Export it as text.' },
  { at: 0, bytes: 'PEPE', title: 'a file of PerkinElmer Spectrum', advice: 'Export it as text.' },
  { at: 0, bytes: 'CDF\x01', title: 'a netCDF 3 file', advice: 'Save it as netCDF 4 (HDF5) with the extension .h5.' },
  { at: 0, bytes: 'CDF\x02', title: 'a netCDF 3 file', advice: 'Save it as netCDF 4 (HDF5) with the extension .h5.' },
  { at: 0, bytes: 'SIMPLE  =', title: 'a FITS file', advice: 'Save it as TIFF or .npy.' },
  { at: 0, bytes: 'NRRD', title: 'an NRRD file', advice: 'Save it as TIFF or .npy.' },
  { at: 0, bytes: 'ZISRAWFILE', title: 'a Zeiss CZI file', advice: 'Export it as OME-TIFF.' },
  { at: 0, bytes: '\xda\xce\xbe\n', title: 'a Nikon ND2 file', advice: 'Export it as OME-TIFF.' },
  {
    at: 4,
    bytes: 'APBD',
    title: 'a file of JEOL that goes with a map (APB)',
    advice: 'Open the .asw or .pts beside it.',
  },
  { at: 128, bytes: 'DICM', title: 'a DICOM file', advice: 'Export it as TIFF.' },
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
