import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStamp } from '../../workers/model/signal.ts';

/** How much of a folder is looked at: enough for every store of a spectrum image, quick for any other. */
const mostLooked = 4096;
/** How many of them are asked for at once. */
const together = 32;

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Newest time and sum of the sizes of what lies below a folder, breadth first in order of name, the first 4096 of them. */
async function stampOfFolder(path: string, ownMs: number): Promise<FileStamp> {
  let mtimeMs = ownMs;
  let size = 0;
  let seen = 0;
  const pending = [path];
  for (let folder = pending.shift(); folder !== undefined && seen < mostLooked; folder = pending.shift()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    // what a link leads to is outside of the store
    const plain = entries.filter((entry) => entry.isFile() || entry.isDirectory()).toSorted(byName);
    const looked = plain.slice(0, mostLooked - seen);
    seen += looked.length;
    for (let i = 0; i < looked.length; i += together) {
      const some = looked.slice(i, i + together).map(({ name }) => stat(join(folder, name)).catch(() => null));
      for (const found of await Promise.all(some)) {
        if (found === null) continue;
        size += found.isFile() ? found.size : 0;
        mtimeMs = Math.max(mtimeMs, found.mtimeMs);
      }
    }
    pending.push(...looked.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)));
  }
  return { size, mtimeMs };
}

/** Size and time of a file; of a folder of data the bytes in it and its newest change. Null when nothing is there. */
export async function stampOf(path: string): Promise<(FileStamp & { isFolder: boolean }) | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  const { size, mtimeMs } = found;
  const isFolder = found.isDirectory();
  return isFolder ? { ...(await stampOfFolder(path, mtimeMs)), isFolder } : { size, mtimeMs, isFolder };
}

export const isSameStamp = (a: FileStamp, b: FileStamp): boolean =>
  a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) <= 1;
