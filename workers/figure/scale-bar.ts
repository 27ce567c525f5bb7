import { formatNumber, THIN_SPACE } from './format-number.ts';
import { niceFloor } from './nice-ticks.ts';
import { metresPerUnit, printUnits, toShownLength } from './si-units.ts';

/** Calibration of the horizontal axis of a map; `values` present means unevenly spaced. */
export interface ScaleBarAxis {
  size: number;
  scale: number;
  units: string | null;
  values?: readonly number[] | undefined;
}

/** A scale bar, measured against the map it belongs to, not against screen or paper. */
export interface ScaleBar {
  /** the number in the label, 1, 2 or 5 × 10ⁿ (or what was asked for), in `units` */
  value: number;
  /** printed unit; `px` when the axis has no calibration */
  units: string;
  /** value, thin space, unit */
  label: string;
  /** length in data pixels, may be fractional */
  lengthPx: number;
  /** length as part of the width of the map, 0–1; × width in mm or screen pixels = length to draw */
  fraction: number;
  calibrated: boolean;
}

/**
 * The longest 1-2-5 bar that takes at most `maxFraction` of the map's width, its unit switched between nm, µm, mm …
 * A unit that is not a length (mrad, s, nm⁻¹) is kept as it is. Without calibration the bar counts pixels and says so.
 * Null when no honest bar exists: unevenly spaced axis, or fewer pixels than one quarter-width bar needs.
 */
export function chooseScaleBar(axis: ScaleBarAxis, maxFraction = 0.25): ScaleBar | null {
  const step = Math.abs(axis.scale);
  if (axis.values !== undefined || !(axis.size >= 1) || !(maxFraction > 0)) return null;
  const units = printUnits(axis.units);
  if (units === null || !(step > 0) || !Number.isFinite(step)) {
    const longest = axis.size * maxFraction;
    return longest < 1 ? null : pixelBar(niceFloor(longest), axis.size);
  }
  const longest = axis.size * step * maxFraction;
  const metres = metresPerUnit(axis.units);
  if (metres === null) return barOf(niceFloor(longest), units, niceFloor(longest) / step, axis.size);
  // the unit is chosen first and the round number in it, so that 1 µm never reads 0.001 mm
  const shown = toShownLength(niceFloor(longest * metres));
  const unitMetres = metresPerUnit(shown.units) ?? 1;
  return barOf(shown.value, shown.units, (shown.value * unitMetres) / (step * metres), axis.size);
}

/** A bar of a length the user typed, in the axis' own unit; null when it would be longer than the map or not positive. */
export function fixedScaleBar(axis: ScaleBarAxis, value: number): ScaleBar | null {
  const step = Math.abs(axis.scale);
  if (axis.values !== undefined || !(value > 0) || !(axis.size >= 1)) return null;
  const units = printUnits(axis.units);
  const isCalibrated = units !== null && step > 0 && Number.isFinite(step);
  const lengthPx = isCalibrated ? value / step : value;
  if (lengthPx > axis.size) return null;
  if (!isCalibrated) return pixelBar(value, axis.size);
  const metres = metresPerUnit(axis.units);
  const shown = metres === null ? { value, units } : toShownLength(value * metres);
  return barOf(shown.value, shown.units, lengthPx, axis.size);
}

const pixelBar = (pixels: number, size: number): ScaleBar => ({
  ...barOf(pixels, 'px', pixels, size),
  calibrated: false,
});

function barOf(value: number, units: string, lengthPx: number, size: number): ScaleBar {
  const label = `${formatNumber(value, decimalsFor(value))}${THIN_SPACE}${units}`;
  // unit conversion leaves binary dust (19.999999999999996 px)
  const length = Number(lengthPx.toPrecision(12));
  return { value, units, label, lengthPx: length, fraction: length / size, calibrated: true };
}

const decimalsFor = (value: number): number =>
  value >= 1 ? trimmed(value) : Math.min(12, trimmed(Number(value.toPrecision(6))));
const trimmed = (value: number): number => (String(value).split('.')[1] ?? '').length;
