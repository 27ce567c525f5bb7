/** Runs that one press of Run starts: the number of components, or clusters, of each. */
export type TryRange = readonly [first: number, last: number];

/** More runs than this at once are a mistake more often than a wish. */
export const MOST_RUNS = 12;

/** The range offered for "also try": from one less to two more than is chosen, inside the limits; null outside of them. */
export function offeredRange(chosen: number, limits: { min: number; max: number }): TryRange | null {
  if (chosen < limits.min || chosen > limits.max) return null;
  return [Math.max(limits.min, chosen - 1), Math.min(limits.max, chosen + 2)];
}

/** What is wrong with a range, in words, or null. `counted` is what the numbers count: "Components", "Clusters". */
export function rangeProblem(
  [first, last]: TryRange,
  limits: { min: number; max: number },
  counted = 'Components',
): string | null {
  if (!Number.isInteger(first) || !Number.isInteger(last)) return 'Give two whole numbers, the smaller one first.';
  if (first > last) return `The first number, ${first}, must not be larger than the last, ${last}.`;
  if (first < limits.min || last > limits.max) {
    return `${counted} go from ${limits.min} to ${limits.max} for this data; got ${first} to ${last}.`;
  }
  if (last - first + 1 > MOST_RUNS) return `At most ${MOST_RUNS} runs at once; got ${last - first + 1}.`;
  return null;
}

/** The numbers of components to run: the chosen one first, because it is waited for, then the others upwards. */
export function runsOf(chosen: number, [first, last]: TryRange): number[] {
  const others = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((k) => k !== chosen);
  return [chosen, ...others];
}
