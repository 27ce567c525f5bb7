import { formatNumber, THIN_SPACE } from '../../workers/figure/format-number.ts';

const STEPS = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

/** A number of bytes in decimal units, two figures: 1.9 GB, 34 MB, 640 bytes. */
export function bytesText(bytes: number): string {
  const [unit, size] = STEPS.find(([, from]) => bytes >= from * 0.9995) ?? (['bytes', 1] as const);
  const value = bytes / size;
  return `${formatNumber(value, value < 9.95 && size > 1 ? 1 : 0)}${THIN_SPACE}${unit}`;
}

/** "about 0.4 GB of 6.1 GB free" */
export const memoryText = (bytes: number, freeBytes: number): string =>
  `about ${bytesText(bytes)} of ${bytesText(freeBytes)} free`;

/** What pressing Run agrees to, in words: the data are first written in order to the drive. */
export const scratchText = (bytes: number): string => `Writes ${bytesText(bytes)} to a scratch file first`;

/** An estimate is good to a factor of about two, so a span is shown: "8–15 s", "2–4 min", "under 1 s". */
export function timeSpanText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 0.7) return `under 1${THIN_SPACE}s`;
  const [unit, size] =
    seconds < 90 ? (['s', 1] as const) : seconds < 5400 ? (['min', 60] as const) : (['h', 3600] as const);
  const low = readable((seconds * 0.7) / size);
  const high = readable((seconds * 1.4) / size);
  return low === high ? `about ${high}${THIN_SPACE}${unit}` : `${low}–${high}${THIN_SPACE}${unit}`;
}

/** Time that was measured: "0.4 s", "11.2 s", "3 min 20 s". */
export function durationText(seconds: number): string {
  if (seconds < 0.1) return `under 0.1${THIN_SPACE}s`;
  if (seconds < 60) return `${formatNumber(seconds, 1)}${THIN_SPACE}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}${THIN_SPACE}min ${whole % 60}${THIN_SPACE}s`;
  return `${Math.floor(whole / 3600)}${THIN_SPACE}h ${Math.round((whole % 3600) / 60)}${THIN_SPACE}min`;
}

/** Two figures at most: nobody knows an estimate better. */
const readable = (value: number): string =>
  formatNumber(value < 10 ? Math.max(1, Math.round(value)) : Math.round(value / 5) * 5);
