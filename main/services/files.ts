import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { allReaders } from '../../workers/readers/registry.ts';
import type { Result } from '../contract/methods.ts';
import type { Platform } from '../platform.ts';

const within = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

async function realParent(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // what does not exist yet is judged by the folder it would be in
    const parent = dirname(path);
    return parent === path ? path : join(await realParent(parent), path.slice(parent.length));
  }
}

/**
 * The path if this host may touch it: links are resolved first, so that none leads out of the roots.
 * @throws EigenscopeError `forbidden`
 */
export async function allowedPath(platform: Platform, path: string): Promise<string> {
  const asked = resolve(path);
  if (platform.roots === null) return asked;
  const real = await realParent(asked);
  const roots = await Promise.all([...platform.roots, platform.assetsFolder, platform.dataFolder].map(realParent));
  if (!roots.some((root) => within(real, root))) {
    throw new EigenscopeError(
      'forbidden',
      `${path} is outside the folders this window may use (${platform.roots.join(', ')}). Start it with --root FOLDER to add one.`,
      { path },
    );
  }
  return asked;
}

const folderReaders = allReaders.filter(({ folders }) => folders === true);
const noBytes = new Uint8Array(0);

/** So many folders of a list are looked into; of further ones the name decides, so that no list is waited for. */
const mostProbed = 500;

/** Whether a folder is one file of data, such as a Zarr store: by what lies in it, whatever its name. */
const isDataFolder = (path: string): boolean => folderReaders.some(({ probe }) => probe(noBytes, path) > 0);
const isNamedAsData = (path: string): boolean =>
  folderReaders.some(({ extensions }) => extensions.includes(extname(path).slice(1).toLowerCase()));

/** Size and time of a file that may be opened. @throws EigenscopeError `forbidden`, `file-not-found` */
export async function statFile(platform: Platform, asked: string): Promise<Result<'file.stat'>> {
  const path = await allowedPath(platform, asked);
  const found = await stat(path).catch((cause: unknown) => {
    throw new EigenscopeError('file-not-found', `${path} is not there. Check its name and folder.`, { path }, cause);
  });
  return { bytes: found.size, modified: found.mtime.toISOString(), folder: found.isDirectory() };
}

/** Files and folders of one folder, folders first; hidden ones left out. */
export async function listFolder(platform: Platform, folder: string | null): Promise<Result<'files.list'>> {
  const start = folder ?? platform.roots?.[0] ?? process.cwd();
  const path = await allowedPath(platform, start);
  const names = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    throw new EigenscopeError(
      'not-readable',
      `The folder ${path} cannot be listed (${cause.code ?? 'unknown reason'}).`,
      { path },
      cause,
    );
  });
  let probed = 0;
  const entries = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => {
        const full = join(path, name);
        const found = await stat(full).catch(() => null);
        if (found === null) return null;
        const isFolder = found.isDirectory();
        return {
          name,
          path: full,
          folder: isFolder,
          data: isFolder && (probed++ < mostProbed ? isDataFolder(full) : isNamedAsData(full)),
          bytes: isFolder ? 0 : found.size,
          modified: found.mtime.toISOString(),
        };
      }),
  );
  const parent = dirname(path);
  const parentAllowed = await allowedPath(platform, parent).then(
    () => parent !== path,
    () => false,
  );
  return {
    folder: path,
    parent: parentAllowed ? parent : null,
    entries: entries
      .filter((entry) => entry !== null)
      .sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name, 'en', { numeric: true })),
  };
}
