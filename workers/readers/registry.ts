import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader } from '../model/signal.ts';
import { bcfReader } from './bruker/bcf.ts';
import { spxReader } from './bruker/spx.ts';
import { digitalSurfReader } from './digital-surf/digital-surf.ts';
import { edaxIprReader } from './edax/ipr.ts';
import { edaxSpcReader } from './edax/spc.ts';
import { edaxSpdReader } from './edax/spd.ts';
import { densReader } from './dens/reader.ts';
import { enviReader } from './envi/envi.ts';
import { blockfileReader } from './blockfile/blockfile.ts';
import { feiTiaReader } from './fei-tia/fei-tia.ts';
import { withFile } from './file-bytes.ts';
import { gatanDm3Reader, gatanDm4Reader } from './gatan.ts';
import { hamamatsuReader } from './hamamatsu/hamamatsu.ts';
import { hdf5Reader } from './hdf5.ts';
import { hspyReader } from './hspy.ts';
import { jobinYvonReader } from './jobinyvon/labspec.ts';
import { jeolSpectrumReader } from './jeol/eds.ts';
import { jeolImageReader } from './jeol/image.ts';
import { jeolProjectReader } from './jeol/project.ts';
import { jeolEventReader } from './jeol/pts.ts';
import { matlabReader } from './matlab/reader.ts';
import { mibReader } from './mib/mib.ts';
import { mrcReader } from './mrc/mrc.ts';
import { msaReader } from './msa.ts';
import { npyReader } from './npy.ts';
import { npzReader } from './npz.ts';
import { protochipsReader } from './protochips/reader.ts';
import { phenomReader } from './phenom/elid.ts';
import { rawArrayReader } from './raw-array.ts';
import { rippleReader } from './ripple.ts';
import { semperReader } from './semper/reader.ts';
import type { Reader, ReadHints } from './reader.ts';
import { renishawReader } from './renishaw/wdf.ts';
import { tiffReader } from './tiff/tiff.ts';
import { tvipsReader } from './tvips/tvips.ts';
import { triVistaReader } from './trivista/tvf.ts';
import { tableReader } from './table/reader.ts';
import { refuseUnknown } from './unknown-format.ts';
import { zspyReader } from './zarr/reader.ts';

/** Every format that can be opened, in the order of asking. */
export const allReaders: readonly Reader[] = [
  hspyReader,
  zspyReader,
  gatanDm3Reader,
  gatanDm4Reader,
  hdf5Reader,
  npyReader,
  npzReader,
  rippleReader,
  enviReader,
  msaReader,
  renishawReader,
  digitalSurfReader,
  jobinYvonReader,
  triVistaReader,
  hamamatsuReader,
  phenomReader,
  edaxSpdReader,
  edaxSpcReader,
  edaxIprReader,
  bcfReader,
  spxReader,
  jeolProjectReader,
  jeolImageReader,
  jeolEventReader,
  jeolSpectrumReader,
  matlabReader,
  semperReader,
  densReader,
  protochipsReader,
  tableReader,
  feiTiaReader,
  mrcReader,
  blockfileReader,
  mibReader,
  tvipsReader,
  tiffReader,
];

const headBytes = 4096;

/** The surest reader for these bytes, else (`byName`) the first for this extension, else none. */
function choose(head: Uint8Array, path: string, isFolder: boolean): { reader: Reader; byName: boolean } | null {
  const readers = isFolder ? allReaders.filter(({ folders }) => folders) : allReaders;
  let best: Reader | null = null;
  let surest = 0;
  for (const reader of readers) {
    const sure = reader.probe(head, path);
    if (sure > surest) [best, surest] = [reader, sure];
  }
  if (best !== null) return { reader: best, byName: false };
  const extension = extname(path).slice(1).toLowerCase();
  const reader = readers.find(({ extensions }) => extensions.includes(extension));
  return reader === undefined ? null : { reader, byName: true };
}

function readHead(path: string): Uint8Array {
  return withFile(path, (file) => {
    if (file.size === 0) {
      throw new EigenscopeError(
        'corrupt-file',
        `${file.name} is empty (0 bytes). Saving or copying it did not work; get it anew from where it was recorded.`,
        { path },
      );
    }
    const bytes = new Uint8Array(Math.min(file.size, headBytes));
    file.readInto(bytes, 0);
    return bytes;
  });
}

/**
 * Opens a file of any known format and describes everything in it but the pixels. The bytes decide, the name helps; the
 * refusal of a file whose name alone spoke for its format carries the detail `byName`.
 * @throws EigenscopeError `file-not-found`, `not-readable`, `unsupported-format`, `truncated-file`, `corrupt-file`,
 * `newer-version`, and `shape-mismatch`, `not-found` when the hints do not fit the file
 */
export async function openHeader(path: string, hints: ReadHints = {}): Promise<FileHeader> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  // opening a folder that no reader takes is refused in words
  const head = isFolder && choose(new Uint8Array(0), path, true) !== null ? new Uint8Array(0) : readHead(path);
  const chosen = hints.raw === undefined ? choose(head, path, isFolder) : { reader: rawArrayReader, byName: false };
  if (chosen === null) throw refuseUnknown(path, head, allReaders);
  const { reader, byName } = chosen;
  try {
    return await reader.header(path, hints);
  } catch (error) {
    if (byName && error instanceof EigenscopeError) {
      throw new EigenscopeError(error.code, error.message, { ...error.details, byName }, error);
    }
    // arithmetic on hostile sizes that no check foresaw: still the file's fault, never a crash
    if (!(error instanceof RangeError)) throw error;
    throw new EigenscopeError(
      'corrupt-file',
      `${path.split(/[\\/]/).at(-1)} says impossible things about its own size (read as ${reader.title}). Copy it anew from where it was recorded.`,
      { path, reader: reader.id },
      error,
    );
  }
}
