import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { writeAtomically, type WriteOptions } from './atomic-write.ts';
import { alreadyThere, explainWriteFailure } from './write-errors.ts';
import { createZipWriter } from './zip-writer.ts';

/** Paths of all regular files below a folder, relative, with forward slashes, in order of name; links are left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

/**
 * Packs the files of a folder into one ZIP archive, uncompressed (numpy.load opens the arrays in it), whole or not at all.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`, `file-changed` when a file grows or shrinks meanwhile
 */
export async function writeZipOfFolder(path: string, folder: string, options: WriteOptions): Promise<void> {
  await writeAtomically(path, options, async (file) => {
    const zip = createZipWriter(file);
    for (const name of await filesBelow(folder)) {
      const source = join(folder, ...name.split('/'));
      const { size } = await stat(source);
      await zip.add(name, size, createReadStream(source)).catch((thrown: unknown) => {
        if (!(thrown instanceof EigenscopeError) || thrown.code !== 'shape-mismatch') throw thrown;
        throw new EigenscopeError(
          'file-changed',
          `${source} changed while it was packed. Try again.`,
          { path: source },
          thrown,
        );
      });
    }
    await zip.end();
  });
}

const damaged = (path: string, what: string, cause?: unknown): EigenscopeError =>
  new EigenscopeError(
    'corrupt-file',
    `${path} is not a sound archive: ${what}. Copy it again from its source.`,
    { path },
    cause,
  );

const mostMembers = 1_000_000;
/** Deflate reaches 1032 : 1; what claims more is a bomb, not a file. */
const largestExpansion = 1100;
/** Sessions hold arrays of floats, which hardly pack: all members together may grow by so much, */
const largestGrowth = 100;
/** and by so many bytes in any case. */
const harmlessBytes = 256 * 2 ** 20;

/** The place of a member inside the folder; names that would leave it are refused. */
function placeOf(path: string, folder: string, entry: Entry): string {
  const name = entry.fileName;
  const parts = name.split('/');
  const isBad =
    name.includes('\\') ||
    name.includes('\0') ||
    /^[A-Za-z]:/.test(name) ||
    parts.some((part, i) => part === '..' || part === '.' || (part === '' && !(i === parts.length - 1 && i > 0)));
  const place = resolve(folder, ...parts);
  if (isBad || !place.startsWith(resolve(folder) + sep))
    throw damaged(path, `it has a member with the name ${JSON.stringify(name)}`);
  return place;
}

/** Unix file type in the upper half of the external attributes; 0 when the archive was not made on Unix. */
function checkKind(path: string, entry: Entry): void {
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000)
    throw damaged(path, `${entry.fileName} is a link or a device`);
  if (entry.isEncrypted()) throw damaged(path, `${entry.fileName} is encrypted`);
}

function checkSizes(path: string, entry: Entry, archiveBytes: number): void {
  const { compressedSize, uncompressedSize } = entry;
  if (compressedSize > archiveBytes || uncompressedSize > Math.max(compressedSize, 1) * largestExpansion) {
    throw damaged(path, `${entry.fileName} says it has ${uncompressedSize} bytes from ${compressedSize}`);
  }
}

/** Lists the members with all checks done, so that nothing is written before all of them are known to be sound. */
async function checkedEntries(
  path: string,
  folder: string,
  zip: ZipFile,
  archiveBytes: number,
): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let packed = 0;
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    const place = placeOf(path, folder, entry);
    checkKind(path, entry);
    checkSizes(path, entry, archiveBytes);
    if (entry.fileName.endsWith('/')) continue;
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    // Members that share their bytes are how small archives unpack to enormous ones.
    if (packed > archiveBytes) throw damaged(path, 'its members overlap');
    if (unpacked > harmlessBytes + largestGrowth * archiveBytes) {
      throw damaged(path, `its ${archiveBytes} bytes would unpack to more than ${unpacked}`);
    }
    if (entries.has(place)) throw damaged(path, `${entry.fileName} is in it twice`);
    entries.set(place, entry);
    if (entries.size > mostMembers) throw damaged(path, `it has more than ${mostMembers} members`);
  }
  return entries;
}

async function unpackMember(path: string, zip: ZipFile, entry: Entry, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  let crc = 0;
  const checksum = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
  });
  const stream = await zip.openReadStreamPromise(entry);
  await pipeline(stream, checksum, createWriteStream(place, { flags: 'wx' }));
  if (crc !== entry.crc32) throw damaged(path, `${entry.fileName} does not match its checksum`);
}

/** Refuses to begin what cannot end. */
async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize) {
    throw new EigenscopeError(
      'disk-full',
      `Unpacking needs ${bytes} bytes and ${folder} has ${bavail * bsize} free. Free some space or choose another drive.`,
      { path: folder, expected: bytes, found: bavail * bsize },
    );
  }
}

const isFileSystemFailure = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown as NodeJS.ErrnoException).syscall !== undefined;

/**
 * Unpacks an archive into a folder, which is made and must be new or empty. Names that would leave the folder, links,
 * encrypted members, overlapping members, impossible sizes and wrong checksums are refused; a refused or failed archive
 * leaves no folder behind.
 * @throws EigenscopeError `file-not-found`, `corrupt-file`, `disk-full`, `not-writable`, `exists`
 */
export async function unpackZip(path: string, folder: string): Promise<void> {
  const info = await stat(path).catch((thrown: unknown) => {
    throw new EigenscopeError(
      'file-not-found',
      `${path} is not there. Check the name and the folder.`,
      { path },
      thrown,
    );
  });
  const present = await readdir(folder).catch(() => null);
  if (present !== null && present.length > 0) throw alreadyThere(folder);
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch((thrown: unknown) => {
    if (isFileSystemFailure(thrown)) {
      throw new EigenscopeError('not-readable', `${path} cannot be opened.`, { path }, thrown);
    }
    throw damaged(path, 'its directory cannot be read', thrown);
  });
  try {
    const entries = await checkedEntries(path, folder, zip, info.size);
    await mkdir(folder, { recursive: true });
    await checkSpace(
      folder,
      [...entries.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0),
    );
    for (const [place, entry] of entries) await unpackMember(path, zip, entry, place);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    if (thrown instanceof EigenscopeError) throw thrown;
    if (isFileSystemFailure(thrown)) throw explainWriteFailure(folder, thrown);
    throw damaged(path, thrown instanceof Error ? thrown.message : 'it cannot be unpacked', thrown);
  } finally {
    zip.close();
  }
}
