/** Thin space: groups thousands, and stands between a number and its unit. */
export const THIN_SPACE = '\u2009';
/** The real minus sign; a hyphen is shorter than a plus. */
export const MINUS = '\u2212';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SI_PREFIXES = [
  'q',
  'r',
  'y',
  'z',
  'a',
  'f',
  'p',
  'n',
  'µ',
  'm',
  '',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Z',
  'Y',
  'R',
  'Q',
];

/**
 * A number as it stands in a figure: fixed decimals (default: up to three, without trailing zeros), thin space in
 * thousands, real minus. NaN is an en dash, infinities are ∞.
 */
export function formatNumber(value: number, decimals?: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (Math.abs(value) >= 1e21) return formatScientific(value);
  const digits = decimals === undefined ? trimmed(Math.abs(value), 3) : Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction] = digits.split('.');
  const body = whole.replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE) + (fraction === undefined ? '' : `.${fraction}`);
  const isZero = !/[1-9]/.test(digits);
  return value < 0 && !isZero ? MINUS + body : body;
}

const trimmed = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));

/** An integer as superscript characters: −3 → ⁻³. */
export function formatSuperscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((d) => SUPERSCRIPTS[Number(d)] ?? '').join('');
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** 10 to a whole power: 10⁻³. */
export const formatPowerOfTen = (exponent: number): string => `10${formatSuperscript(exponent)}`;

/** Mantissa and power of ten, `significant` figures in all: 1.25×10⁻⁷. Zero is 0. */
export function formatScientific(value: number, significant = 3): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return formatNumber(value);
  const [mantissa = '1', exponent = '0'] = Math.abs(value)
    .toExponential(significant - 1)
    .split('e');
  const power = formatPowerOfTen(Number(exponent));
  const shown = String(Number(mantissa));
  return (value < 0 ? MINUS : '') + (shown === '1' ? power : `${shown}×${power}`);
}

/** `significant` figures in the shortest honest form: plain between 10⁻³ and 10⁶, scientific outside. */
export function formatSignificant(value: number, significant = 3): string {
  if (value === 0 || !Number.isFinite(value)) return formatNumber(value);
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3 || magnitude >= 1e6) return formatScientific(value, significant);
  const rounded = Number(value.toPrecision(significant));
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return formatNumber(rounded, Math.min(decimals, trimmedDecimals(rounded)));
}

const trimmedDecimals = (value: number): number => (String(value).split('.')[1] ?? '').length;

/** Labels of a whole axis: the same decimals for all, a common power of ten taken out when numbers get long. */
export interface TickLabels {
  labels: string[];
  /** labels × 10^exponent = ticks; 0 when nothing was taken out */
  exponent: number;
}

/**
 * Labels for linear ticks. From 10⁵ upwards and below 10⁻² the common power belongs in the axis title; `asked` takes
 * out that power whatever the ticks are.
 */
export function labelTicks(ticks: readonly number[], asked?: number): TickLabels {
  const largest = ticks.reduce((m, t) => Math.max(m, Math.abs(t)), 0);
  const isPlain = largest === 0 || !Number.isFinite(largest) || (largest < 1e5 && largest >= 1e-2);
  const exponent = asked ?? (isPlain ? 0 : Math.floor(Math.log10(largest) + 1e-9));
  const values = ticks.map((t) => Number((t / 10 ** exponent).toPrecision(12)));
  const decimals = values.reduce((most, v) => Math.max(most, String(v).includes('e') ? 0 : trimmedDecimals(v)), 0);
  return { labels: values.map((v) => formatNumber(v, Math.min(decimals, 10))), exponent };
}

/** Label of one log tick: a power of ten as 10ⁿ, anything else in its shortest form. */
export function labelLogTick(tick: number): string {
  const exponent = Math.round(Math.log10(tick));
  return Math.abs(tick / 10 ** exponent - 1) < 1e-9 ? formatPowerOfTen(exponent) : formatSignificant(tick, 2);
}

/** A quantity with an SI prefix, thin space before the unit: (0.0021, 's') → 2.1 ms. */
export function formatSi(value: number, unit: string, significant = 3): string {
  if (value === 0 || !Number.isFinite(value)) return `${formatNumber(value)}${THIN_SPACE}${unit}`;
  let group = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(significant)))) / 3 + 1e-9);
  group = Math.max(-10, Math.min(10, group));
  const scaled = Number((value / 10 ** (3 * group)).toPrecision(significant));
  return `${formatNumber(scaled)}${THIN_SPACE}${SI_PREFIXES[group + 10] ?? ''}${unit}`;
}
