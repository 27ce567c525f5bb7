/** How well `text` answers `query`: 0 = not at all; whole words and beginnings before letters in order. */
export function matchScore(query: string, text: string): number {
  const wanted = query.trim().toLowerCase();
  const found = text.toLowerCase();
  if (wanted === '') return 1;
  if (found.startsWith(wanted)) return 100 - Math.min(40, found.length / 10);
  if (wanted.split(/\s+/).every((word) => new RegExp(`(^|[^\\p{L}\\p{N}])${escaped(word)}`, 'u').test(found)))
    return 60;
  if (found.includes(wanted)) return 40;
  return isInOrder(wanted.replace(/\s+/g, ''), found) ? 10 : 0;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function isInOrder(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** What answers the query, best first; order of the list among equals. */
export function searchList<T>(query: string, list: readonly T[], textOf: (item: T) => string): T[] {
  return list
    .map((item, index) => ({ item, index, score: matchScore(query, textOf(item)) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((entry) => entry.item);
}
