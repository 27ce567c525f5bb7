import type { ResultKind } from '../../workers/model/result.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';

/** The kind under which a result is kept, from the operation that made it. */
export function kindOf(spec: AlgorithmSpec): ResultKind {
  // what prepares data makes data, not a result
  if (spec.family === 'preprocess') throw new TypeError(`${spec.id} makes no result.`);
  if (spec.family !== 'derived') return spec.family;
  if (spec.id.startsWith('get_')) return 'model';
  // normalised, reversed: still what they were
  return spec.takes?.[0] === 'blind_source_separation' ? 'blind_source_separation' : 'decomposition';
}
