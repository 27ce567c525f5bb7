import type { ResultKind } from '../../workers/model/result.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';

/** The kind under which a result is kept, from the operation that made it. */
export function kindOf(spec: AlgorithmSpec): ResultKind {
  if (spec.family !== 'derived') return spec.family;
  if (spec.id.startsWith('get_')) return 'model';
  // normalised, reversed: still what they were
  return spec.takes?.[0] === 'blind_source_separation' ? 'blind_source_separation' : 'decomposition';
}
