import type { Axis } from '../model/axes.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { PixelLayout } from '../model/signal.ts';
import { arrangeByHints, calibrateByHints } from './hints.ts';
import type { ReadHints } from './reader.ts';

/** Relative deviation up to which steps count as equal: coordinates are often stored in float32. */
const sameStep = 1e-5;

/**
 * Calibration of an axis from the coordinates of its indices: scale and offset when they are evenly spaced, else the
 * values themselves. One value too many means edges of bins: their centres are taken. Null when the number does not fit.
 */
export function calibrationOf(
  coordinates: Float64Array,
  size: number,
): Pick<Axis, 'scale' | 'offset' | 'values'> | null {
  const values =
    coordinates.length === size + 1 && size > 0
      ? Float64Array.from({ length: size }, (_, i) => (coordinates[i]! + coordinates[i + 1]!) / 2)
      : coordinates;
  if (values.length !== size || size === 0 || !values.every(Number.isFinite)) return null;
  const offset = values[0]!;
  if (size === 1) return { scale: 1, offset };
  const scale = (values[size - 1]! - offset) / (size - 1);
  const isUniform =
    scale !== 0 && values.every((value, i) => Math.abs(value - offset - scale * i) <= sameStep * Math.abs(scale));
  return isUniform ? { scale, offset } : { scale: 1, offset: 0, values: [...values] };
}

/**
 * Shape, axes and layout as a person asked for them: a split into navigation and signal axes, names and calibrations.
 * @param name of the data set, for messages
 * @throws EigenscopeError `shape-mismatch` when the sizes asked for do not make up the array, `parameter-out-of-range`
 */
export function applyHints(
  name: string,
  axes: readonly Axis[],
  layout: PixelLayout,
  hints: ReadHints,
): { axes: Axis[]; layout: PixelLayout } {
  if (!hints.navigationShape && !hints.signalShape) return { axes: calibrateByHints(name, axes, hints), layout };
  const shape = axes.map((axis) => axis.size);
  const asked = arrangeByHints(name, shape, hints);
  if (asked.shape.join() === shape.join()) {
    const split = axes.map((axis, i) => ({ ...axis, navigate: asked.axes[i]!.navigate }));
    return { axes: calibrateByHints(name, split, hints), layout };
  }
  if (layout.kind !== 'raw' || layout.axisOrder) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${name} has the shape ${shape.join(' × ')} in chunks; it cannot be taken as ${asked.shape.join(' × ')}. ` +
        'Choose how many of its axes navigate, or save it as .npy.',
      { found: shape.join('×'), expected: asked.shape.join('×') },
    );
  }
  return { axes: calibrateByHints(name, asked.axes, hints), layout: { ...layout, storedShape: asked.shape } };
}
