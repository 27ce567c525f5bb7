import type { Metadata } from '../../model/signal.ts';

/** Uniform coordinates of an axis. */
export interface Calibration {
  scale: number;
  offset: number;
  units: string | null;
  /** coordinates that are not uniform; scale and offset are then the straight line through them */
  values?: readonly number[];
}

/** What an instrument's or a program's own tags say about a page. */
export interface VendorNotes {
  /** of columns, rows and pages */
  x?: Calibration;
  y?: Calibration;
  pages?: Calibration;
  /** unit of the values */
  units?: string;
  /** in HyperSpy's tree */
  metadata: Metadata;
  /** under the name of the instrument or program */
  original: Metadata;
  warnings?: readonly string[];
}

export const uniform = (scale: number | undefined, units: string | null, offset = 0): Calibration | undefined =>
  scale !== undefined && Number.isFinite(scale) && scale !== 0 && Number.isFinite(offset)
    ? { scale, offset, units }
    : undefined;

/** An object without what is undefined; numbers that are none are left out too. */
export function known(pairs: Readonly<Record<string, Metadata[string] | undefined>>): Metadata {
  const out: Metadata = {};
  for (const [key, value] of Object.entries(pairs)) {
    if (value === undefined || value === '' || (typeof value === 'number' && !Number.isFinite(value))) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0)
      continue;
    out[key] = value;
  }
  return out;
}

/** Both trees, the second one's leaves where both have one. */
export function merged(a: Metadata, b: Metadata): Metadata {
  const out: Metadata = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = out[key];
    const both = [before, value].every((v) => typeof v === 'object' && v !== null && !Array.isArray(v));
    out[key] = both ? merged(before as Metadata, value as Metadata) : value;
  }
  return out;
}

/** A unit as it is printed elsewhere; what means “none” is null. */
export function unitOf(text: string | undefined): string | null {
  const plain = (text ?? '')
    .replace(/\\u00B5/gi, 'µ')
    .replace(/μ/g, 'µ')
    .trim();
  if (/^(|pixels?|px|none|<undefined>|undefined|inch)$/i.test(plain)) return null;
  return /^(micron|microns|micrometer|um|µm)$/i.test(plain) ? 'µm' : plain;
}

/** Text, or a number when it is one; numbers with words such as “nan” stay text. */
export function scalar(text: string): string | number {
  const plain = text.trim();
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : plain;
}
