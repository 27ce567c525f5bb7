/** How a unit is written in one word: "n_m" → "nm", "\AA" → "Å". */
const symbols: readonly [RegExp, string][] = [
  [/\\mu|\\u_|µ|μ/g, 'µ'],
  [/\\AA|\\Angstrom|Angstroms?\b|angstroms?\b|\bA\b/g, 'Å'],
  [/\\circ/g, '°'],
  [/_/g, ''],
];

/**
 * Units as they stand in these files are decorated: "[n_m]" is nm, "[n_m^-1]" is 1 / nm, "[\AA]" is Å. Null when there
 * is none.
 */
export function readUnits(decorated: string): string | null {
  const bare = decorated
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .trim();
  if (bare === '' || bare === '<undefined>' || bare === 'None') return null;
  const plain = symbols.reduce((text, [pattern, symbol]) => text.replace(pattern, symbol), bare);
  const inverse =
    /^(?:1\s*\/\s*)?([^\s^/]+?)(?:\^\s*\{?-1\}?|\s*\*\*\s*-1)$/.exec(plain) ?? /^1\s*\/\s*(\S+)$/.exec(plain);
  return inverse === null ? plain : `1 / ${inverse[1]}`;
}
