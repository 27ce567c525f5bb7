import { EigenscopeError } from '../../model/errors.ts';
import type { FileStamp } from '../../model/signal.ts';

/** One value of a store, of which parts can be read. */
export interface StoredValue {
  size: number;
  /**
   * Bytes [position, position + length), in memory of their own.
   * @throws EigenscopeError `truncated-file`
   */
  read(position: number, length: number): Uint8Array;
}

/**
 * Keys and values of a Zarr hierarchy, wherever they are: a key is a path with forward slashes, '' is the root. Nothing
 * outside of the store can be reached through it.
 */
export interface ZarrStore {
  path: string;
  /** names directly below a key, in order of name; none when there is nothing */
  children(key: string): string[];
  has(key: string): boolean;
  /** null when there is no such value */
  open(key: string): StoredValue | null;
  /** changes when the values below a key change */
  stamp(key: string): FileStamp;
  close(): void;
}

/** Names of the documents that describe a group or an array. */
export const documentNames = ['.zgroup', '.zarray', '.zattrs', 'zarr.json'] as const;

const longestDocument = 16 * 2 ** 20;
const deepestDocument = 200;

/** Whether the text nests deeper than anything a person wrote; parsed values are walked by recursion later. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepestDocument) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** Python writes NaN and infinities as bare words, which JSON does not have. */
const withoutBareNumbers = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs, (found) =>
    found.startsWith('"') ? found : JSON.stringify(found),
  );

/**
 * The JSON object at a key; null when there is none.
 * @throws EigenscopeError `corrupt-file` when it is no JSON object, too long or nested too deeply
 */
export function readDocument(store: ZarrStore, key: string): Record<string, unknown> | null {
  const value = store.open(key);
  if (value === null) return null;
  const refuse = (found: string): EigenscopeError =>
    new EigenscopeError(
      'corrupt-file',
      `${store.path}: “${key}” ${found}, where the JSON description of an array or a group was expected. Copy the store anew from where it was written.`,
      { path: store.path, key },
    );
  if (value.size > longestDocument) throw refuse(`has ${value.size} bytes`);
  const text = new TextDecoder().decode(value.read(0, value.size));
  if (isTooDeep(text)) throw refuse('is nested too deeply');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    try {
      parsed = JSON.parse(withoutBareNumbers(text));
    } catch {
      throw refuse('is no JSON');
    }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refuse('is no JSON object');
  return parsed as Record<string, unknown>;
}
