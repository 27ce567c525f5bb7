import { fieldValue } from './dialect.ts';

/** What a column is called, apart from its unit. */
export interface Label {
  name: string;
  units: string | null;
}

const spellings: Readonly<Record<string, string>> = {
  'cm-1': '1/cm',
  'cm^-1': '1/cm',
  'cm^(-1)': '1/cm',
  'cm⁻¹': '1/cm',
  'cm−1': '1/cm',
  '1/cm': '1/cm',
  um: 'µm',
  μm: 'µm',
  micron: 'µm',
  microns: 'µm',
};
const bareUnits = /^(?:[kmµM]?eV|[nµumkp]?m|[mµunp]?s|cm-1|cm\^-1|1\/cm|K|°C|V|a\.?u\.?|cps|counts)$/;

const unitOf = (text: string): string | null => {
  const word = text.trim();
  return word === '' ? null : (spellings[word] ?? word);
};

/** `Energy (eV)`, `Wavelength [nm]`, `Raman shift / cm-1`, `x_um`: the name and the unit; null when it tells none. */
export function parseLabel(text: string): Label {
  const label = text.trim();
  const bracketed = /^(.*?)\s*[([{]\s*([^()[\]{}]*(?:\([^()]*\))?)\s*[)\]}]$/.exec(label);
  if (bracketed) return { name: bracketed[1]!.trim(), units: unitOf(bracketed[2]!) };
  const slashed = /^(.*?\S)\s*\/\s*(\S+)$/.exec(label);
  if (slashed && !/^\d/.test(slashed[1]!)) return { name: slashed[1]!.trim(), units: unitOf(slashed[2]!) };
  const joined = /^(.+?)[_\s]([^_\s]+)$/.exec(label);
  if (joined && bareUnits.test(joined[2]!)) return { name: joined[1]!.trim(), units: unitOf(joined[2]!) };
  return { name: label, units: null };
}

/** A name that is a position on an axis: `400.5` or `400.5 nm`. */
export function numberLabel(text: string, decimalComma: boolean): { value: number; units: string | null } | null {
  const match = /^([+-]?[\d.,]+(?:[eE][+-]?\d+)?)\s*(\D[^\s]{0,8})?$/.exec(text.trim());
  if (!match) return null;
  const value = fieldValue(match[1]!, decimalComma) ?? fieldValue(match[1]!, false);
  if (value === null || !Number.isFinite(value)) return null;
  return { value, units: match[2] === undefined ? null : unitOf(match[2].replace(/^[([]|[)\]]$/g, '')) };
}

export const isXName = (name: string): boolean =>
  /^(?:x|col(?:umn)?|pos(?:ition)?[ _]?x|x[ _]?(?:pos(?:ition)?|coord\w*|index))$/i.test(name);
export const isYName = (name: string): boolean =>
  /^(?:y|row|line|pos(?:ition)?[ _]?y|y[ _]?(?:pos(?:ition)?|coord\w*|index))$/i.test(name);
export const isSpectralName = (name: string): boolean =>
  /wave|raman|shift|energy|loss|lambda|λ|freq|channel|^e$|^ev$|^nm$|2 ?theta|^q$/i.test(name);
export const isSpectralUnit = (units: string | null): boolean =>
  units !== null && /^(?:k?eV|meV|nm|1\/cm|Å|THz|GHz)$/.test(units);
export const isPositionName = (name: string): boolean =>
  isXName(name) ||
  isYName(name) ||
  /^(?:time|t|index|id|no\.?|n|#|pixel|point|position|pos|sample|spectrum|frame|temperature|delay|dose|z|depth|distance)$/i.test(
    name,
  );
