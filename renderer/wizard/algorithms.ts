import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { knownAlgorithms } from '../../workers/specs/registry.ts';
import { plugins } from '../state/plugins.svelte.ts';
import { wizardKindOf, type WizardKind } from './kinds.ts';

/**
 * The methods of a wizard: ours in the order of the registry, those that answer with a result first, then those that
 * only estimate; the allowed custom ones stand last.
 */
export function methodsOf(kind: WizardKind): readonly AlgorithmSpec[] {
  // the registry itself is no state: what was allowed last is
  void plugins.list;
  const offered = knownAlgorithms().filter((spec) => wizardKindOf(spec) === kind);
  return [
    ...offered.filter((spec) => spec.family !== 'estimate'),
    ...offered.filter((spec) => spec.family === 'estimate'),
  ];
}

export const methodOf = (kind: WizardKind, id: string): AlgorithmSpec | null =>
  methodsOf(kind).find((spec) => spec.id === id) ?? null;
