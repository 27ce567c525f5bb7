/** How a list of numbers is filled in: one for each of some names, or some of the names (their indices, in an order). */
export interface NumberList {
  kind: 'each' | 'some';
  names: readonly string[];
}

/** What stands in the fields of a list: what was typed where it cannot be read, else the numbers. */
export function textsOfEach(value: unknown, unreadable: string | undefined, count: number): string[] {
  const texts =
    unreadable !== undefined ? unreadable.split(', ') : Array.isArray(value) ? value.map((n) => String(n)) : [];
  return Array.from({ length: count }, (_, i) => (texts[i] === MISSING ? '' : (texts[i] ?? '')));
}

/** Stands for a field with nothing in it: it cannot be read as a number. */
const MISSING = '…';

export const joinedTexts = (texts: readonly string[]): string =>
  texts.map((text) => (text.trim() === '' ? MISSING : text.trim().replace(/[,\s]+/g, '.'))).join(', ');

/** The next whole number by an arrow key (Shift: 10), never below 0; null for other keys and texts. */
export function stepOfEach(text: string, key: string, isWide: boolean): string | null {
  const direction = key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : 0;
  const value = Number(text);
  if (direction === 0 || !Number.isFinite(value)) return null;
  return String(Math.max(0, value + direction * (isWide ? 10 : 1)));
}
