import type { Place } from './place.ts';

/** Values of one kind, by index. */
export interface Column {
  readonly length: number;
  at(i: number): number;
}

export interface Grid {
  place: Place;
  x: number[];
  y: number[];
}

/** Length of the first run of equal values. */
function firstRun(values: Column, tolerance: number): number {
  let n = 1;
  while (n < values.length && Math.abs(values.at(n) - values.at(0)) <= tolerance) n++;
  return n;
}

/** Smallest step between neighbours that differ, for the tolerance: stages do not come back to the last digit. */
function smallestStep(values: Column): number {
  let step = Infinity;
  let span = 0;
  for (let i = 1; i < values.length; i++) {
    const d = Math.abs(values.at(i) - values.at(i - 1));
    span = Math.max(span, d);
    if (d > 0 && d < step) step = d;
  }
  // jitter is no step
  return step < 1e-3 * span ? 1e-3 * span : step;
}

/**
 * Positions that fill a grid line by line (either coordinate first, any direction, forth or forth and back).
 * @returns null when they do not
 */
export function findGrid(x: Column, y: Column): Grid | null {
  const count = x.length;
  const room = (values: Column): number => {
    const step = smallestStep(values);
    return Number.isFinite(step) ? 0.05 * step : 0;
  };
  const [roomX, roomY] = [room(x), room(y)];
  const runY = firstRun(y, roomY);
  const runX = firstRun(x, roomX);
  const xFirst = runY >= runX;
  const [fast, slow, roomFast, roomSlow] = xFirst ? [x, y, roomX, roomY] : [y, x, roomY, roomX];
  const inner = xFirst ? runY : runX;
  if (inner < 1 || count % inner !== 0) return null;
  const outer = count / inner;
  if (inner === 1 && outer > 1) return null;
  const near = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance;
  const lineFits = (line: number, reversed: boolean): boolean => {
    for (let i = 0; i < inner; i++) {
      const r = line * inner + i;
      if (!near(slow.at(r), slow.at(line * inner), roomSlow)) return false;
      if (!near(fast.at(r), fast.at(reversed ? inner - 1 - i : i), roomFast)) return false;
    }
    return true;
  };
  const serpentine = outer > 1 && !lineFits(1, false);
  for (let line = 0; line < outer; line++) if (!lineFits(line, serpentine && line % 2 === 1)) return null;
  const fastValues = Array.from({ length: inner }, (_, i) => fast.at(i));
  const slowValues = Array.from({ length: outer }, (_, i) => slow.at(i * inner));
  const differ = (values: readonly number[]): boolean => {
    const up = values.every((value, i) => i === 0 || value > values[i - 1]!);
    return up || values.every((value, i) => i === 0 || value < values[i - 1]!);
  };
  if (!differ(fastValues) || !differ(slowValues)) return null;
  return xFirst
    ? { x: fastValues, y: slowValues, place: { inner, innerStep: 1, outerStep: inner, serpentine } }
    : { x: slowValues, y: fastValues, place: { inner, innerStep: outer, outerStep: 1, serpentine } };
}
