import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, realpath, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { trackUnfinished } from './unfinished.ts';
import { alreadyThere, explainWriteFailure } from './write-errors.ts';

export interface WriteOptions {
  /** replace what is there; otherwise an existing path is refused */
  overwrite: boolean;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** A name beside the target, hidden, that nothing else uses. */
const nameBeside = (path: string): string =>
  join(dirname(path), `.${basename(path).slice(0, 180)}.${randomBytes(6).toString('hex')}.part`);

/** Makes the entries of a folder durable; a system that cannot do this (Windows) does it by itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Renames without ever replacing: a hard link fails where the name is taken. */
async function moveWithoutReplacing(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await unlink(from);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST' || (await exists(to))) throw alreadyThere(to);
    // File systems without hard links (FAT, some network drives).
    await rename(from, to);
  }
}

/**
 * Writes a file beside its place and moves it there when it is complete and on the disk. Until then, and whenever
 * anything fails, the old file stays as it was and nothing else is left behind.
 * A link at the path keeps pointing at the file, which is replaced; the permissions of the old file are kept.
 *
 * @throws EigenscopeError `exists` (without overwrite), `disk-full`, `not-writable`; what `write` throws
 */
export async function writeAtomically(
  path: string,
  options: WriteOptions,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const old = await lstat(target).catch(() => null);
  if (old && !options.overwrite) throw alreadyThere(path);
  const beside = nameBeside(target);
  const forget = trackUnfinished(beside);
  let file: FileHandle | null = null;
  try {
    file = await open(beside, 'wx+');
    if (old?.isFile()) await file.chmod(old.mode & 0o777).catch(() => undefined);
    await write(file);
    await file.sync();
    await file.close();
    file = null;
    if (options.overwrite) await rename(beside, target);
    else await moveWithoutReplacing(beside, target);
    await syncFolder(dirname(target));
  } catch (thrown) {
    await file?.close().catch(() => undefined);
    await rm(beside, { force: true }).catch(() => undefined);
    throw explainWriteFailure(path, thrown);
  } finally {
    forget();
  }
}

/**
 * Fills a folder beside its place and moves it there when it is complete. An existing folder is replaced as a whole
 * (with overwrite) or refused; it stays as it was when anything fails.
 *
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what `fill` throws
 */
export async function writeFolderAtomically(
  path: string,
  options: WriteOptions,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  if (!options.overwrite && (await exists(path))) throw alreadyThere(path);
  const beside = nameBeside(path);
  const aside = nameBeside(path);
  const forget = trackUnfinished(beside);
  try {
    await mkdir(beside);
    await fill(beside);
    await syncFolder(beside);
    // From here on it is whole, and may be the only copy while the old folder is moved aside.
    forget();
    if (await exists(path)) {
      if (!options.overwrite) throw alreadyThere(path);
      await rename(path, aside);
      await rename(beside, path).catch(async (thrown: unknown) => {
        await rename(aside, path);
        throw thrown;
      });
    } else {
      await rename(beside, path);
    }
    await syncFolder(dirname(path));
  } catch (thrown) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    throw explainWriteFailure(path, thrown);
  } finally {
    forget();
  }
  await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}
