import type { Metadata, MetadataValue } from '../model/signal.ts';

const isTree = (value: MetadataValue | undefined): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The sub-tree of a name, or an empty one. */
export function branch(tree: Metadata, name: string): Metadata {
  const value = Object.hasOwn(tree, name) ? tree[name] : undefined;
  return isTree(value) ? value : {};
}

/** Text at a name, or null when there is none. */
export function textAt(tree: Metadata, name: string): string | null {
  const value = Object.hasOwn(tree, name) ? tree[name] : undefined;
  return typeof value === 'string' ? value : null;
}

const general = ['title', 'original_filename', 'date', 'time', 'authors', 'doi', 'notes'];
const signal = ['signal_type', 'record_by', 'signal_origin', 'quantity'];

/**
 * The tree of files before version 1.2 (`mapped_parameters`) in today's places: titles and dates under General,
 * signal type under Signal, the microscope under Acquisition_instrument. What has no place stays where it was.
 */
export function upgradeMappedParameters(mapped: Metadata): Metadata {
  const tree: Metadata = { General: {}, Signal: {} };
  const put = (place: string, key: string, value: MetadataValue): void => {
    const at = branch(tree, place);
    at[key] = value;
    tree[place] = at;
  };
  for (const [key, value] of Object.entries(mapped)) {
    if (general.includes(key)) put('General', key, value);
    else if (signal.includes(key)) put('Signal', key, value);
    else if ((key === 'TEM' || key === 'SEM') && isTree(value)) put('Acquisition_instrument', key, value);
    else if (key !== '__proto__') tree[key] = value;
  }
  return tree;
}

/** "Intensity (Counts)" → name and unit; the unit is null when the file does not tell one. */
export function parseQuantity(text: string | null): { name: string; units: string | null } {
  if (!text) return { name: 'Intensity', units: null };
  const parts = /^(.*?)\s*\(([^()]*)\)\s*$/.exec(text);
  if (!parts) return { name: text, units: null };
  return { name: parts[1] || 'Intensity', units: parts[2] || null };
}
