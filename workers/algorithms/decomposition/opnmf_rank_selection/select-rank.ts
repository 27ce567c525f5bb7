export interface RankChoice {
  /** ranks whose next part helps less than it does in shuffled data */
  good: number[];
  /** the first of them, or the largest rank when there is none */
  best: number;
}

/**
 * Compares how the error falls from rank to rank in the data and in shuffled data, each divided by its largest value.
 * The difference to the next rank belongs to the rank before: where it is larger (falls less) than that of shuffled data,
 * the next part finds nothing that chance does not.
 */
export function selectRank(ranks: readonly number[], error: Float64Array, shuffled: Float64Array): RankChoice {
  const own = relative(error);
  const chance = relative(shuffled);
  const good = ranks.filter((_, i) => i + 1 < ranks.length && own[i + 1]! - own[i]! > chance[i + 1]! - chance[i]!);
  return { good, best: good[0] ?? ranks.at(-1)! };
}

/** Errors divided by the largest one; all 0 when nothing is left to explain. */
export function relative(error: Float64Array): Float64Array {
  const largest = error.reduce((a, b) => Math.max(a, b), 0);
  return error.map((value) => (largest > 0 ? value / largest : 0));
}
