import type { ParentResult } from '../../job.ts';
import type { ResultArray } from '../../model/result.ts';

/** Whether the search of a separation, or of the one it was derived from, looked at the maps. */
export function isOnLoadings(result: ParentResult): boolean {
  for (let at: ParentResult | undefined = result; at; at = at.parent) {
    if (at.operation === 'blind_source_separation') return at.parameters['on_loadings'] === true;
  }
  return false;
}

/** The unmixing matrix with every row multiplied by a number; none when the result has none. */
export function scaleUnmixing(
  { arrays }: ParentResult,
  by: (row: number) => number,
): { unmixing_matrix?: ResultArray } {
  const w = arrays['unmixing_matrix'];
  if (w?.dtype !== 'float64') return {};
  const k = w.shape[1] ?? 1;
  return { unmixing_matrix: { ...w, data: w.data.map((value, at) => value * by(Math.floor(at / k))) } };
}
