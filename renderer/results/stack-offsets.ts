import { fullLimits } from '../../workers/figure/contrast.ts';

/**
 * What to add to each line so that they stand above one another at one common scale, the first on top, each clear of
 * the next by a twentieth of the tallest. NaN does not count.
 */
export function offsetsOf(lines: readonly ArrayLike<number>[]): number[] {
  const extents = lines.map((line) => fullLimits(line));
  const tallest = Math.max(0, ...extents.map(({ min, max }) => max - min));
  const offsets: number[] = new Array<number>(lines.length).fill(0);
  for (let i = lines.length - 2; i >= 0; i--) {
    const below = extents[i + 1] as { min: number; max: number };
    const own = extents[i] as { min: number; max: number };
    // the top of the one below, and a gap of a twentieth of the tallest
    offsets[i] = (offsets[i + 1] as number) + below.max - own.min + 0.05 * tallest;
  }
  return offsets;
}
