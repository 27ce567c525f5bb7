/**
 * One axis of an array. `navigate` axes say where a spectrum was taken, the others (signal axes) what was measured.
 * Uniform: value = offset + scale * index. Otherwise `values` lists the coordinate of every index.
 * `units` is null when the file does not tell; it is never guessed.
 */
export interface Axis {
  name: string;
  units: string | null;
  size: number;
  navigate: boolean;
  scale: number;
  offset: number;
  values?: readonly number[];
}

/** An axis without calibration: index as value, unit unknown. */
export const plainAxis = (name: string, size: number, navigate: boolean): Axis => ({
  name,
  units: null,
  size,
  navigate,
  scale: 1,
  offset: 0,
});

/** The coordinate of one index, in the axis' units. */
export const axisValue = (axis: Axis, index: number): number =>
  axis.values?.[index] ?? axis.offset + axis.scale * index;

/** The coordinates of all indices, in the axis' units; length `size`. */
export function axisValues(axis: Axis): Float64Array {
  return Float64Array.from({ length: axis.size }, (_, i) => axisValue(axis, i));
}

/** A unit or a changed scale is a calibration; without one the axis is shown in px or channels. */
export const isCalibrated = (axis: Axis): boolean => axis.units !== null && axis.units !== '';
