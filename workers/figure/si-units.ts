import { formatPowerOfTen, formatSuperscript, THIN_SPACE } from './format-number.ts';

/** Metres in one unit of length, by the spellings instruments write. */
const METRES: Readonly<Record<string, number>> = {
  pm: 1e-12,
  Å: 1e-10,
  '\u212b': 1e-10,
  angstrom: 1e-10,
  nm: 1e-9,
  µm: 1e-6,
  '\u03bcm': 1e-6,
  um: 1e-6,
  micron: 1e-6,
  microns: 1e-6,
  mm: 1e-3,
  cm: 1e-2,
  m: 1,
  km: 1e3,
};

const SHOWN: ReadonlyArray<readonly [symbol: string, metres: number, from: number]> = [
  ['km', 1e3, 1e3],
  ['m', 1, 1],
  ['mm', 1e-3, 1e-3],
  ['µm', 1e-6, 1e-6],
  ['nm', 1e-9, 1e-10],
  ['pm', 1e-12, 0],
];

/** Metres per unit, or null when the unit is not a length. */
export function metresPerUnit(units: string | null): number | null {
  if (units === null) return null;
  return METRES[units.trim()] ?? METRES[units.trim().toLowerCase()] ?? null;
}

/** A length in the unit in which it is said: below 0.1 nm pm, then nm, µm, mm, m, km. */
export function toShownLength(metres: number): { value: number; units: string } {
  const magnitude = Math.abs(metres) * (1 + 1e-9);
  const [units, size] = SHOWN.find(([, , from]) => magnitude >= from) ?? (['pm', 1e-12] as const);
  return { value: Number((metres / size).toPrecision(12)), units };
}

/**
 * A unit as it is printed: um → µm, 1/nm and nm^-1 and cm-1 → nm⁻¹, cm⁻¹. Null (and the empty string) stay unknown.
 */
export function printUnits(units: string | null): string | null {
  const trimmed = units?.trim() ?? '';
  if (trimmed === '' || trimmed === '<undefined>') return null;
  const reciprocal = /^1\/\s*(\S+)$/.exec(trimmed)?.[1];
  if (reciprocal !== undefined) return `${printSymbol(reciprocal)}⁻¹`;
  return trimmed
    .split(/(\s+|[*·/()])/)
    .map((part) => {
      const [, symbol, sign = '', digit] = /^([A-Za-zµμÅ%°Ω]+)\^?(-?)([1-4])$/.exec(part) ?? [];
      if (symbol === undefined || digit === undefined) return printSymbol(part);
      return printSymbol(symbol) + formatSuperscript(Number(sign + digit));
    })
    .join('');
}

function printSymbol(symbol: string): string {
  if (/^(um|\u03bcm|microns?)$/i.test(symbol)) return 'µm';
  if (/^(angstroms?|\u212b)$/i.test(symbol)) return 'Å';
  if (/^us$|^\u03bcs$/.test(symbol)) return 'µs';
  return symbol.replaceAll('\u03bc', 'µ');
}

/**
 * Title of an axis: quantity, then unit in brackets. Without a unit the word for a bare index stands there
 * (`px` on a map, `channel` on a spectrum): never an invented unit.
 */
export function axisTitle(name: string, units: string | null, bareIndex: 'px' | 'channel', exponent = 0): string {
  const shown = printUnits(units) ?? bareIndex;
  const power = exponent === 0 ? '' : formatPowerOfTen(exponent) + THIN_SPACE;
  // channels that nobody named are counted, not measured
  if (name.trim().toLowerCase() === shown && power === '') return capitalized(name.trim());
  return `${name.trim() === '' ? 'Position' : capitalized(name.trim())} (${power}${shown})`;
}

/** Sentence case for whole words; one-letter names (x, k) and names with inner capitals (pH) stay as they are. */
function capitalized(name: string): string {
  return /^[a-z][a-z]/.test(name) && name.length > 2 ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}
