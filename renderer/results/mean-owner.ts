import type { ResultRecord } from '../../workers/model/result.ts';

type Made = Pick<ResultRecord, 'id' | 'parent' | 'arrays'>;

/**
 * The result whose mean belongs to the model: a separation mixes components anew and keeps no mean of its own, so it
 * is that of what it was computed from, which may be in the bin meanwhile.
 */
export function meanOwner<R extends Made>(record: R, others: readonly R[]): R | null {
  let one: R | undefined = record;
  for (let steps = 0; one !== undefined && steps < 64; steps++) {
    if ('mean' in one.arrays) return one;
    const { parent }: Made = one;
    one = parent === null ? undefined : others.find((other) => other.id === parent);
  }
  return null;
}
