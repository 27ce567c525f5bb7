import { axisValue, type Axis } from '../../workers/model/axes.ts';

/**
 * The channels [first, end) whose values lie between two values of an axis, both included (half a step of grace);
 * at least one channel. The order of the values and the direction of the axis do not matter.
 */
export function channelsBetween(axis: Axis, a: number, b: number): [number, number] {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  let first = -1;
  let last = -1;
  let nearest = 0;
  for (let i = 0; i < axis.size; i++) {
    const value = axisValue(axis, i);
    const neighbour = axisValue(axis, i === axis.size - 1 ? i - 1 : i + 1);
    const grace = Math.abs(neighbour - value) * 1e-6;
    if (Math.abs(value - low) < Math.abs(axisValue(axis, nearest) - low)) nearest = i;
    if (value < low - grace || value > high + grace) continue;
    if (first < 0) first = i;
    last = i;
  }
  return first < 0 ? [nearest, nearest + 1] : [first, last + 1];
}
