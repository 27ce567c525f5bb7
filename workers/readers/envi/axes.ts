import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import type { EnviKeys } from './header-text.ts';
import { listUnder, numberUnder, numbersUnder, textUnder } from './numbers.ts';

/** Units that say there is none. */
const unknownUnits = new Set(['', 'unknown', 'index', 'none', 'undefined']);

const unitsUnder = (keys: EnviKeys): string | null => {
  const text = textUnder(keys, 'wavelength units');
  return text === null || unknownUnits.has(text.toLowerCase()) ? null : text;
};

function nameOf(units: string | null): string {
  if (units === null) return 'Wavelength';
  if (/^wavenumber|^1\/cm|^cm-1|^cm\^-1/i.test(units)) return 'Wavenumber';
  if (/^[gmk]?hz$|hertz/i.test(units)) return 'Frequency';
  if (/^[mk]?ev$/i.test(units)) return 'Energy';
  return 'Wavelength';
}

/** Offset and scale of evenly spaced values, to the precision of float32 (headers are written from it); null otherwise. */
export function evenSpacing(values: readonly number[]): { offset: number; scale: number } | null {
  const offset = values[0]!;
  const last = values.at(-1)!;
  const scale = (last - offset) / (values.length - 1);
  if (values.length < 2 || scale === 0) return null;
  const precision = Math.max(Math.abs(offset), Math.abs(last)) * 2 ** -22;
  const tolerance = Math.min(precision, 1e-3 * Math.abs(scale));
  const isEven = values.every((value, i) => Math.abs(value - (offset + i * scale)) <= tolerance);
  return isEven ? { offset, scale } : null;
}

const isMonotonic = (values: readonly number[]): boolean => {
  const sign = Math.sign(values[1]! - values[0]!);
  return sign !== 0 && values.every((value, i) => i === 0 || Math.sign(value - values[i - 1]!) === sign);
};

/**
 * The axis of the bands: their wavelengths as a list, or evenly spaced where they are so; channels otherwise.
 * @param warnings gets a sentence when the list of the header cannot be used
 */
export function bandAxis(keys: EnviKeys, size: number, warnings: string[]): Axis {
  const plain = plainAxis('band', size, false);
  const values = numbersUnder(keys, 'wavelength');
  if (values.length === 0) return plain;
  const named: Axis = { ...plain, name: nameOf(unitsUnder(keys)), units: unitsUnder(keys) };
  const ignored = (why: string): Axis => {
    warnings.push(`${why}; the list is not used and the bands are numbered.`);
    return plain;
  };
  if (values.length !== size) return ignored(`The header lists ${values.length} wavelengths for ${size} bands`);
  if (!values.every(Number.isFinite)) return ignored('The list of wavelengths holds something that is no number');
  if (size === 1) return { ...named, offset: values[0]! };
  const even = evenSpacing(values);
  if (even !== null) return { ...named, ...even };
  if (!isMonotonic(values)) return ignored('The wavelengths of the header neither rise nor fall all the way');
  return { ...named, offset: values[0]!, scale: (values.at(-1)! - values[0]!) / (size - 1), values };
}

const lengthUnits: Readonly<Record<string, string>> = {
  meters: 'm',
  metres: 'm',
  meter: 'm',
  kilometers: 'km',
  centimeters: 'cm',
  millimeters: 'mm',
  micrometers: 'µm',
  micrometer: 'µm',
  nanometers: 'nm',
  feet: 'ft',
  degrees: 'deg',
  seconds: 'arcsec',
};

const unitOf = (parts: readonly string[]): string | null => {
  const told = parts
    .map((part) => /^units\s*=\s*(.+)$/i.exec(part)?.[1]?.trim())
    .find((unit) => unit !== undefined && !unknownUnits.has(unit.toLowerCase()));
  return told === undefined ? null : (lengthUnits[told.toLowerCase()] ?? told);
};

interface PixelSize {
  x: number;
  y: number;
  units: string | null;
}

/** How large a pixel is: `pixel size = {x, y, units=…}`, else from `map info`. The place on a map is not used. */
function pixelSize(keys: EnviKeys): PixelSize | null {
  const size = listUnder(keys, 'pixel size');
  const map = listUnder(keys, 'map info');
  const isGeographic = /^geographic/i.test(map[0] ?? '');
  const [parts, at] = size.length >= 2 ? [size, 0] : [map, 5];
  const [x, y] = [Number(parts[at] || NaN), Number(parts[at + 1] || NaN)];
  if (!(x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y))) return null;
  const units = unitOf(parts) ?? unitOf(map) ?? (parts === map && isGeographic ? 'deg' : null);
  return { x, y, units };
}

const spatial = (name: 'x' | 'y', size: number, pixel: PixelSize | null): Axis => ({
  ...plainAxis(name, size, true),
  ...(pixel === null ? {} : { scale: pixel[name], units: pixel.units }),
});

export const enviNavigation = (keys: EnviKeys, lines: number, samples: number): Axis[] => {
  const pixel = pixelSize(keys);
  return [spatial('y', lines, pixel), spatial('x', samples, pixel)];
};

export const esriNavigation = (keys: EnviKeys, lines: number, samples: number): Axis[] => {
  const cell = numberUnder(keys, 'cellsize');
  const [x, y] = [numberUnder(keys, 'xdim') ?? cell, numberUnder(keys, 'ydim') ?? cell];
  const pixel = x !== null && y !== null && x > 0 && y > 0 ? { x, y, units: null } : null;
  return [spatial('y', lines, pixel), spatial('x', samples, pixel)];
};
