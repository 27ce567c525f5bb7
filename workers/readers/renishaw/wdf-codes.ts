/** Units of values and axes by their number; '' where a number has none. */
const unitNames: readonly string[] = [
  '', // arbitrary
  '1/cm', // Raman shift
  '1/cm', // wavenumber
  'nm',
  'eV',
  'µm',
  'Counts',
  'electrons',
  'mm',
  'm',
  'K',
  'Pa',
  's',
  'ms',
  'h',
  'd',
  'px',
  '', // intensity
  '', // relative intensity
  '°',
  'rad',
  '°C',
  '°F',
  'K/min',
  '', // ticks of 100 ns since 1601
  'µs',
];

/** Name of a unit; null when the number is not known. */
export const unitName = (code: number): string | null => unitNames[code] ?? null;

/** What an axis of the spectra shows, by the number of its unit. */
export const spectralName = (type: number, unit: number): string => {
  if (type !== 1) return 'Unknown';
  return { 1: 'Raman Shift', 2: 'Wavenumber', 3: 'Wavelength', 4: 'Energy' }[unit] ?? 'Unknown';
};

/** Kinds of the lists that tell where and when each spectrum was recorded. */
export const originTypes = {
  x: 3,
  y: 4,
  z: 5,
  distance: 6,
  temperature: 9,
  pressure: 10,
  time: 11,
  focusTrack: 14,
  checksum: 16,
  flags: 17,
  elapsedTime: 18,
} as const;

/** Ticks of 100 ns since 1601 at the start of 1970. */
const unixTicks = 116_444_736_000_000_000n;

/** Date and time (UTC) of ticks of 100 ns since 1601; null for 0 or beyond what a calendar holds. */
export function dateOfTicks(ticks: bigint): { date: string; time: string } | null {
  const at = new Date(Number((ticks - unixTicks) / 10_000n));
  if (ticks === 0n || Number.isNaN(at.getTime())) return null;
  const text = at.toISOString();
  const [date = '', time = ''] = text.split('T');
  return { date, time: time.slice(0, 8) };
}
