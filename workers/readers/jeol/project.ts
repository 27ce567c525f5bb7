import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { readJeolSpectrum } from './eds.ts';
import { readJeolImage } from './image.ts';
import { readJeolEvents } from './pts.ts';
import type { Tag } from './tags.ts';
import { readTags, tagAt, textAt } from './tags.ts';

const mostFiles = 10_000;
const title = 'Analysis Station';

/** A folder's entry of this name, in any letter case; null when it is not there. */
function entryOf(folder: string, name: string): string | null {
  try {
    const names = readdirSync(folder);
    return names.includes(name) ? name : (names.find((one) => one.toLowerCase() === name.toLowerCase()) ?? null);
  } catch {
    return null;
  }
}

/**
 * The file that a project names, below the folder of the project: step by step along names that are there, so that no
 * name can lead out of it. Null when it is not there, or when the name leads elsewhere.
 */
export function resolveInside(folder: string, name: string): string | null {
  const parts = name.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || /^[A-Za-z]:/.test(name) || parts.includes('..')) return null;
  let at = folder;
  for (const part of parts) {
    const found = entryOf(at, part);
    if (found === null) return null;
    at = join(at, found);
  }
  if (!statSync(at, { throwIfNoEntry: false })?.isFile()) return null;
  // a link that leads elsewhere counts as elsewhere
  const inside = relative(realpathSync(folder), realpathSync(at));
  return inside.startsWith('..') || isAbsolute(inside) ? null : at;
}

/** Every file that the views of a project name, in its order. */
export function fileNames(root: Tag): string[] {
  const names: string[] = [];
  for (const sample of tagAt(root, 'SampleInfo')?.children ?? []) {
    for (const view of tagAt(sample, 'ViewInfo')?.children ?? []) {
      for (const data of tagAt(view, 'ViewData')?.children ?? []) {
        const name = textAt(data, 'Filename');
        if (name !== null && names.length < mostFiles) names.push(name);
      }
    }
  }
  return names;
}

function readOne(path: string, hints: ReadHints): SignalHeader | null {
  switch (/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()) {
    case 'img':
    case 'map':
      return readJeolImage(path);
    case 'pts':
      return readJeolEvents(path, hints);
    case 'eds':
      return readJeolSpectrum(path);
    default:
      return null;
  }
}

function readProject(path: string, hints: ReadHints): FileHeader {
  const names = withFile(path, (file) => {
    const root = readTags(file, 0);
    if (!textAt(root, 'FileType')?.startsWith(title)) {
      throw corrupt(path, 'it is not a project of the Analysis Station', 'its tag FileType was expected to say so');
    }
    return fileNames(root);
  });
  const signals: SignalHeader[] = [];
  const missing: string[] = [];
  const damaged: string[] = [];
  for (const name of new Set(names)) {
    const found = resolveInside(dirname(path), name);
    if (found === null) {
      missing.push(name);
      continue;
    }
    try {
      const signal = readOne(found, hints);
      if (signal !== null) signals.push(signal);
    } catch (error) {
      if (!(error instanceof EigenscopeError) || error.code === 'parameter-out-of-range') throw error;
      damaged.push(error.message);
    }
  }
  const few = (list: readonly string[]): string => list.slice(0, 3).join(', ') + (list.length > 3 ? ', …' : '');
  if (signals.length === 0) {
    if (damaged.length > 0) throw corrupt(path, `none of its files can be read (${damaged[0]!})`, 'maps were expected');
    throw new EigenscopeError(
      'file-not-found',
      missing.length === 0
        ? `${basename(path)} names no picture, map or spectrum. Open the files in its folder one by one.`
        : `${basename(path)} names ${missing.length} files (${few(missing)}), none of which is in the folder beside it. Copy the project with its Sample folder.`,
      { path },
    );
  }
  const warnings = [
    ...(missing.length > 0 ? [`${missing.length} files of the project are not beside it: ${few(missing)}.`] : []),
    ...damaged,
  ];
  return {
    format: 'jeol',
    signals: signals.map((signal, i) =>
      i === 0 ? { ...signal, warnings: [...warnings, ...signal.warnings] } : signal,
    ),
  };
}

/** A project of JEOL's Analysis Station: opens all that it names and that is in its folder. */
export const jeolProjectReader: Reader = {
  id: 'jeol',
  title: 'JEOL Analysis Station project (ASW)',
  extensions: ['asw'],
  probe: (head) => (latin1(head.subarray(0, 256)).includes('FileType\0\x0c\0\0\0\x11\0\0\0Analysis Station\0') ? 1 : 0),
  header: async (path, hints) => readProject(path, hints),
};
