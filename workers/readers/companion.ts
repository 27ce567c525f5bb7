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

/** The file of this name in the folder of another one, in any letter case; null when it is not there. */
export function beside(path: string, name: string): string | null {
  const names = namesBeside(path);
  const found = names.includes(name) ? name : names.find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined || found === basename(path) ? null : join(dirname(path), found);
}

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
