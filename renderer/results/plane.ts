import type { Axis } from '../../workers/model/axes.ts';
import { pixelAspect } from '../charts/pixel-aspect.ts';

/** Values laid out for drawing: an image in rows from the top, or a line (height 1). */
export interface Plane {
  values: ArrayLike<number>;
  width: number;
  height: number;
  /** height of a pixel against its width, from the calibration */
  aspect: number;
}

/** What values over these axes are drawn as; three axes and more show the image of the last two. */
export const drawnAs = (axes: readonly Axis[]): 'image' | 'line' => (axes.length >= 2 ? 'image' : 'line');

/**
 * The part of values over `axes` that can be drawn, at the cursor in the slower axes.
 * @param values  C order, length = product of the sizes
 * @param at      index on each axis, slowest first; missing ones count as 0
 */
export function planeAt(values: ArrayLike<number>, axes: readonly Axis[], at: readonly number[] = []): Plane {
  if (axes.length < 2) return { values, width: values.length, height: 1, aspect: 1 };
  const width = axes.at(-1)?.size ?? 1;
  const height = axes.at(-2)?.size ?? 1;
  const aspect = pixelAspect(axes.at(-2), axes.at(-1));
  if (axes.length === 2) return { values, width, height, aspect };
  let plane = 0;
  axes.slice(0, -2).forEach((axis, i) => {
    plane = plane * axis.size + Math.min(axis.size - 1, Math.max(0, at[i] ?? 0));
  });
  const start = plane * width * height;
  return {
    values: Array.prototype.slice.call(values, start, start + width * height) as number[],
    width,
    height,
    aspect,
  };
}

/** Flat index in C order of a position; each index is kept inside its axis. */
export const flatIndex = (axes: readonly Axis[], at: readonly number[]): number =>
  axes.reduce((index, axis, i) => index * axis.size + Math.min(axis.size - 1, Math.max(0, at[i] ?? 0)), 0);
