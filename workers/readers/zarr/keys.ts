const longestKey = 4096;
const deepestKey = 64;

/** The parts of a key that stays inside a store; null for one that does not, or that no writer would make. */
export function partsOfKey(key: string): string[] | null {
  if (key === '') return [];
  if (key.length > longestKey || key.includes('\\') || key.includes('\0') || /^[A-Za-z]:/.test(key)) return null;
  const parts = key.split('/');
  if (parts.length > deepestKey || parts.some((part) => part === '' || part === '.' || part === '..')) return null;
  return parts;
}

/** The key of a name below another key; '' is the root. */
export const keyBelow = (key: string, name: string): string => (key === '' ? name : `${key}/${name}`);

/** A path as people and files write it (/a/b, a/b/) as a key; null when it would leave the store. */
export function keyOfPath(path: string): string | null {
  const key = path.replaceAll(/^\/+|\/+$/g, '');
  return partsOfKey(key) === null ? null : key;
}
