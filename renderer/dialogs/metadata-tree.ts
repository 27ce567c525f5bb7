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
