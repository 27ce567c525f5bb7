import type { Metadata, MetadataValue } from '../../../workers/model/signal.ts';

/** The value at a path of a tree of metadata, names separated by dots. */
function valueAt(tree: Metadata, path: string): MetadataValue | undefined {
  let at: MetadataValue | undefined = tree;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** The first number among these places; TEM stands for SEM as well. */
export function numberIn(tree: Metadata, ...paths: readonly string[]): number | null {
  for (const path of paths) {
    for (const place of path.includes('.TEM') ? [path, path.replace('.TEM', '.SEM')] : [path]) {
      const value = valueAt(tree, place);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
    }
  }
  return null;
}

/** The text of this place on one line, null when there is none. */
export function textIn(tree: Metadata, path: string): string | null {
  const value = valueAt(tree, path);
  const text = typeof value === 'string' ? oneLine(value) : '';
  return text === '' ? null : text;
}

export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

export const instrument = 'Acquisition_instrument.TEM';
