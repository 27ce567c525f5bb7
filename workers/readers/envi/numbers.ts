import { corrupt } from '../file-bytes.ts';
import type { EnviKeys } from './header-text.ts';

/** The text under a key; a list is joined again. Empty text is none. */
export function textUnder(keys: EnviKeys, key: string): string | null {
  const value = keys.get(key);
  const text = Array.isArray(value) ? value.join(', ') : value?.trim();
  return text === undefined || text === '' ? null : text;
}

/** The parts of a list; a value without braces is a list of one. */
export function listUnder(keys: EnviKeys, key: string): string[] {
  const value = keys.get(key);
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The numbers of a list, NaN for what is none. */
export const numbersUnder = (keys: EnviKeys, key: string): number[] =>
  listUnder(keys, key).map((part) => (part === '' ? NaN : Number(part)));

export function numberUnder(keys: EnviKeys, key: string): number | null {
  const value = Number(textUnder(keys, key) ?? NaN);
  return Number.isFinite(value) ? value : null;
}

/**
 * A whole number of at least `least`.
 * @param fallback for headers without the key; null when every header has it
 * @throws EigenscopeError `corrupt-file`
 */
export function wholeUnder(keys: EnviKeys, key: string, path: string, least: number, fallback: number | null): number {
  const text = textUnder(keys, key);
  if (text === null) {
    if (fallback !== null) return fallback;
    throw corrupt(path, `its header does not give “${key}”`, 'every header of this kind gives it');
  }
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw corrupt(
    path,
    `its header gives “${key}” as “${text.slice(0, 40)}”`,
    `a whole number of at least ${least} was expected`,
  );
}
