import type { Dirent } from 'node:fs';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileStamp } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { openFile } from '../file-bytes.ts';
import { partsOfKey } from './keys.ts';
import type { ZarrStore } from './store.ts';

/** How many files and folders a stamp looks at: enough for every store of a spectrum image, quick for any other. */
const mostStamped = 4096;

/** How many lists of names are kept. */
const mostListed = 64;

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/**
 * A store in a folder. Symbolic links are followed while they stay inside of it; what they would show outside is not there.
 * @throws EigenscopeError `not-readable` when the folder cannot be listed
 */
export function openFolderStore(path: string): ZarrStore {
  let root: string;
  try {
    root = realpathSync(path);
    readdirSync(root);
  } catch (cause) {
    throw new EigenscopeError(
      'not-readable',
      `The folder ${path} cannot be listed (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}). Change its permissions or copy it to a folder of your own.`,
      { path },
      cause,
    );
  }
  /** The real place of a key; null when there is nothing or it is outside. */
  const placeOf = (key: string): string | null => {
    const parts = partsOfKey(key);
    if (parts === null) return null;
    try {
      const place = realpathSync(join(root, ...parts));
      return place === root || place.startsWith(root + sep) ? place : null;
    } catch {
      return null;
    }
  };
  const entriesOf = (key: string): Dirent[] => {
    const place = placeOf(key);
    if (place === null) return [];
    try {
      return readdirSync(place, { withFileTypes: true }).toSorted(byName);
    } catch {
      return [];
    }
  };

  /** Names in folders that were asked for: a store may have hundreds of thousands of chunks that were never written. */
  const listed = new Map<string, Set<string>>();
  const isMissing = (key: string): boolean => {
    const slash = key.lastIndexOf('/');
    const above = slash < 0 ? '' : key.slice(0, slash);
    const name = key.slice(slash + 1);
    // other letters may be written in several ways, as the drive likes
    if (!/^[\x20-\x7e]+$/.test(name)) return false;
    let names = listed.get(above);
    if (names === undefined) {
      if (listed.size >= mostListed) listed.clear();
      names = new Set(entriesOf(above).map((entry) => entry.name));
      listed.set(above, names);
    }
    return !names.has(name);
  };

  let last: { key: string; file: FileBytes } | null = null;
  const fileAt = (key: string): FileBytes | null => {
    if (last?.key === key) return last.file;
    if (isMissing(key)) return null;
    const place = placeOf(key);
    if (place === null || !statSync(place, { throwIfNoEntry: false })?.isFile()) return null;
    const file = openFile(place);
    last?.file.close();
    last = { key, file };
    return file;
  };

  return {
    path,
    children: (key) => entriesOf(key).map(({ name }) => name),
    has(key) {
      const place = placeOf(key);
      return place !== null && statSync(place, { throwIfNoEntry: false })?.isFile() === true;
    },
    open(key) {
      const file = fileAt(key);
      if (file === null) return null;
      return {
        size: file.size,
        read(position, length) {
          // the file may have been closed for another one in the meantime
          const opened = fileAt(key) ?? file;
          const bytes = new Uint8Array(length);
          opened.readInto(bytes, position);
          return bytes;
        },
      };
    },
    /** Newest time and sum of the sizes of what lies below, breadth first and in order of name, the first 4096 of them. */
    stamp(key): FileStamp {
      let size = 0;
      let mtimeMs = 0;
      let seen = 0;
      const pending = [key];
      const look = (place: string): void => {
        const info = statSync(place, { throwIfNoEntry: false });
        if (info === undefined) return;
        seen++;
        size += info.isFile() ? info.size : 0;
        mtimeMs = Math.max(mtimeMs, info.mtimeMs);
      };
      const place = placeOf(key);
      if (place !== null) look(place);
      for (let folder = pending.shift(); folder !== undefined && seen < mostStamped; folder = pending.shift()) {
        for (const entry of entriesOf(folder)) {
          if (seen >= mostStamped) break;
          const below = folder === '' ? entry.name : `${folder}/${entry.name}`;
          const at = placeOf(below);
          if (at !== null) look(at);
          if (entry.isDirectory()) pending.push(below);
        }
      }
      return { size, mtimeMs };
    },
    close() {
      last?.file.close();
      last = null;
    },
  };
}
