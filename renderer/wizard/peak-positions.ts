import { formatSignificant } from '../../workers/figure/format-number.ts';

/** Positions that a person has picked, as the parameter takes them: rising coordinates, null = looked for. */
export type Positions = readonly number[] | null;

export const positionsOf = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.filter((one): one is number => typeof one === 'number' && Number.isFinite(one)) : [];

/**
 * Takes the picked peak next to a coordinate away, or adds one there.
 * @param reach how near a peak is meant, in units of the axis
 * @param most peaks at most; a further one is not added
 */
export function togglePeak(positions: readonly number[], at: number, reach: number, most: number): Positions {
  const near = positions.reduce<number | null>((best, one) => {
    const away = Math.abs(one - at);
    return away <= reach && (best === null || away < Math.abs(best - at)) ? one : best;
  }, null);
  if (near !== null) {
    const left = positions.filter((one) => one !== near);
    return left.length === 0 ? null : left;
  }
  if (positions.length >= most) return positions;
  return [...positions, Number(at.toPrecision(7))].sort((a, b) => a - b);
}

/** "2 peaks at 520 and 640 eV" */
export function positionWords(positions: readonly number[], units: string | null): string {
  if (positions.length === 0) return '';
  const shown = positions.map((one) => formatSignificant(one, 5));
  const list = shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
  return `${shown.length} peak${shown.length === 1 ? '' : 's'} at ${list}${units === null ? '' : ` ${units}`}`;
}

/** The channels between two coordinates, [first, end), or null when there is none. */
export function channelsBetween(
  coordinates: ArrayLike<number>,
  range: readonly number[] | null,
): [number, number] | null {
  if (range === null || range.length !== 2) return null;
  const [low, high] = range as [number, number];
  let [first, end] = [-1, -1];
  for (let j = 0; j < coordinates.length; j++) {
    const x = coordinates[j] as number;
    if (x < low || x > high) continue;
    if (first < 0) first = j;
    end = j + 1;
  }
  return first < 0 ? null : [first, end];
}
