import { formatNumber, formatSignificant, THIN_SPACE } from '../../workers/figure/format-number.ts';
import { axisTitle, printUnits } from '../../workers/figure/si-units.ts';
import { axisValue, isCalibrated, type Axis } from '../../workers/model/axes.ts';

/** "Energy loss (eV)"; without calibration "Energy loss (channel)" or "x (px)". */
export const titleOf = (axis: Axis): string => axisTitle(axis.name, axis.units, axis.navigate ? 'px' : 'channel');

/** Title of values: "Intensity (counts)", or the name alone when the unit is not known. */
export function quantityTitle(quantity: { name: string; units: string | null }): string {
  const units = printUnits(quantity.units);
  const name = quantity.name.trim() === '' ? 'Intensity' : quantity.name.trim();
  return units === null ? name : `${name} (${units})`;
}

/** The coordinate of an index with its unit, with as many decimals as one step needs: "12.5 nm"; null when uncalibrated. */
export function positionWords(axis: Axis, index: number): string | null {
  if (!isCalibrated(axis)) return null;
  return `${coordinateWords(axis, index)}${THIN_SPACE}${printUnits(axis.units) ?? ''}`;
}

/** The coordinate alone. */
export function coordinateWords(axis: Axis, index: number): string {
  const at = Math.min(axis.size - 1, Math.max(0, Math.round(index)));
  const [below, above] = [Math.max(0, at - 1), Math.min(at + 1, axis.size - 1)];
  const step = Math.abs(axisValue(axis, above) - axisValue(axis, below)) / Math.max(1, above - below);
  return formatNumber(axisValue(axis, at), decimalsFor(step));
}

/** The decimals that write one step exactly, or one more than tell two steps apart when it has no short form. */
function decimalsFor(step: number): number {
  if (!(step > 0)) return 0;
  const least = Math.max(0, Math.ceil(-Math.log10(step)));
  for (const decimals of [least, least + 1]) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return Math.min(10, decimals);
  }
  return Math.min(10, least + 1);
}

/** "876.0–912.0 eV" of channels [first, end), or "channels 12–30" without calibration. */
export function windowWords(axis: Axis, [first, end]: readonly [number, number]): string {
  const from = Math.min(axisValue(axis, first), axisValue(axis, end - 1));
  const isRising = from === axisValue(axis, first);
  const [low, high] = isRising ? [first, end - 1] : [end - 1, first];
  if (!isCalibrated(axis)) return `channels ${low}–${high}`;
  return `${coordinateWords(axis, low)}–${coordinateWords(axis, high)}${THIN_SPACE}${printUnits(axis.units) ?? ''}`;
}

/** A value with its unit: "1 204 counts". */
export function valueWords(value: number, units: string | null): string {
  const unit = printUnits(units);
  const number =
    Number.isInteger(value) && Math.abs(value) < 1e9 ? formatNumber(value, 0) : formatSignificant(value, 5);
  return unit === null ? number : `${number}${THIN_SPACE}${unit}`;
}

/** "128 × 128 | 1024": navigation, then signal sizes; as the field writes them, fastest axis first. */
export function shapeWords(axes: readonly Axis[]): string {
  const sizes = (isNavigation: boolean): string =>
    axes
      .filter((a) => a.navigate === isNavigation)
      .map((a) => String(a.size))
      .reverse()
      .join(' × ');
  const [navigation, signal] = [sizes(true), sizes(false)];
  if (navigation === '') return signal;
  return signal === '' ? navigation : `${navigation} | ${signal}`;
}

/** "33.6 MB". */
export function bytesWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : formatSignificant(value, 3)}${THIN_SPACE}${units[unit]}`;
}

/** Wavenumbers fall to the right by the field's custom. */
export const isReversedByCustom = (axis: Axis): boolean =>
  /wave\s?number|raman shift/i.test(axis.name) || /^(1\/cm|cm\^?-1|cm⁻¹)$/i.test(axis.units?.trim() ?? '')
    ? !/raman/i.test(axis.name)
    : false;
