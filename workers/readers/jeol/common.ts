import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import type { Metadata } from '../../model/signal.ts';

/** Days since the last day of 1899, as JEOL's programs count, as date and time to the second. */
export function describeDate(days: number | null): { date: string; time: string } | Record<never, never> {
  if (days === null || !(days > 1 && days < 200_000)) return {};
  // cut off, not rounded: a recording is dated by the second that it was in
  const milliseconds = Math.floor((days - 25569) * 86400 + 1e-4) * 1000;
  const [date, time] = new Date(milliseconds).toISOString().split(/[T.]/) as [string, string];
  return { date, time };
}

/** HyperSpy takes electrons of more than 30 keV for a transmission microscope. */
export const isTransmission = (energy: number | null): boolean => energy !== null && energy > 30;

/** µm per pixel: what the scan is wide on the screen (mm), over the magnification and the pixels across. */
export function pixelSize(scanSize: number | null, magnification: number | null, pixels: number): number | null {
  const size = scanSize === null || magnification === null ? NaN : (1000 * scanSize) / magnification / pixels;
  return size > 0 && Number.isFinite(size) ? size : null;
}

export const spatialAxis = (name: 'x' | 'y', size: number, scale: number | null, navigate: boolean): Axis => ({
  name,
  units: scale === null ? null : 'µm',
  size,
  navigate,
  scale: scale ?? 1,
  offset: 0,
});

/** What is known, without what is not. */
export const known = (values: Readonly<Record<string, Metadata | string | number | null | undefined>>): Metadata =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as Metadata;

export const general = (path: string, title: string, days: number | null): Metadata => ({
  original_filename: basename(path),
  title,
  ...describeDate(days),
});
