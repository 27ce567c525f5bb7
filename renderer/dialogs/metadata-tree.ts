import type { Metadata, MetadataValue } from '../../workers/model/signal.ts';

const isBranch = (value: MetadataValue): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value on one line, long lists cut; as JSON when an indent is given. */
export function leafText(value: MetadataValue, indent = 0): string {
  if (indent > 0) return JSON.stringify(value, null, indent);
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  const shown = value.slice(0, 12).map((v) => (typeof v === 'string' ? v : JSON.stringify(v)));
  return shown.join(', ') + (value.length > shown.length ? `, … (${value.length})` : '');
}

/** The part of a tree whose names or values contain the query (all of it for none); null when nothing does. */
export function filterTree(tree: Metadata, query: string): Metadata | null {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return tree;
  const kept: Metadata = {};
  for (const [name, value] of Object.entries(tree)) {
    if (name.toLowerCase().includes(wanted)) kept[name] = value;
    else if (isBranch(value)) {
      const inside = filterTree(value, query);
      if (inside !== null) kept[name] = inside;
    } else if (leafText(value).toLowerCase().includes(wanted)) kept[name] = value;
  }
  return Object.keys(kept).length === 0 ? null : kept;
}

/** A place in a tree, as one text. */
export const placeOf = (path: readonly string[]): string => JSON.stringify(path);

/** Every entry whose own name or value contains the query, in the order of reading; none for an empty query. */
export function findMatches(tree: Metadata, query: string): { place: string; value: MetadataValue }[] {
  const wanted = query.trim().toLowerCase();
  const found: { place: string; value: MetadataValue }[] = [];
  if (wanted === '') return found;
  const walk = (branch: Metadata, path: readonly string[]): void => {
    for (const [name, value] of Object.entries(branch)) {
      const here = [...path, name];
      const isIn =
        name.toLowerCase().includes(wanted) || (!isBranch(value) && leafText(value).toLowerCase().includes(wanted));
      if (isIn) found.push({ place: placeOf(here), value });
      if (isBranch(value)) walk(value, here);
    }
  };
  walk(tree, []);
  return found;
}

/** A text in parts: what contains the query, and what lies between. */
export function markParts(text: string, query: string): { text: string; isMatch: boolean }[] {
  const wanted = query.trim().toLowerCase();
  const lower = text.toLowerCase();
  // letters whose lower case is longer than they are would move the places
  if (wanted === '' || lower.length !== text.length) return [{ text, isMatch: false }];
  const parts: { text: string; isMatch: boolean }[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), isMatch: false });
    parts.push({ text: text.slice(at, at + wanted.length), isMatch: true });
    from = at + wanted.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMatch: false });
  return parts;
}
