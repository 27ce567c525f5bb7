import { readdirSync } from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';

/** Names in the folder of a file; none when it cannot be listed. */
function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}

/** The files of these names in the folder of another one, in any letter case; those that are not there are left out. */
export function besideAll(path: string, names: Iterable<string>): Map<string, string> {
  const there = namesBeside(path);
  const exact = new Set(there);
  const folded = new Map(there.map((name) => [name.toLowerCase(), name]));
  const found = new Map<string, string>();
  for (const name of names) {
    const one = exact.has(name) ? name : folded.get(name.toLowerCase());
    if (one !== undefined && one !== basename(path)) found.set(name, join(dirname(path), one));
  }
  return found;
}

/** The file of this name in the folder of another one, in any letter case; null when it is not there. */
export const beside = (path: string, name: string): string | null => besideAll(path, [name]).get(name) ?? null;

/**
 * A file beside this one with the same name but one of these extensions (without the dot; '' is none), the first that
 * is there, in any letter case.
 */
export function companion(path: string, extensions: readonly string[]): string | null {
  const { name } = parse(path);
  for (const extension of extensions) {
    const found = beside(path, extension === '' ? name : `${name}.${extension}`);
    if (found !== null) return found;
  }
  return null;
}
