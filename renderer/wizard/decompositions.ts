import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { knownAlgorithms } from '../../workers/specs/registry.ts';
import type { ParamEntry } from '../forms/form-model.ts';
import { plugins } from '../state/plugins.svelte.ts';

/** The methods of the decomposition wizard: ours in the order of the registry, then the allowed custom ones. */
export function allDecompositions(): readonly AlgorithmSpec[] {
  // the registry itself is no state: what was allowed last is
  void plugins.list;
  return knownAlgorithms().filter((spec) => spec.family === 'decomposition');
}

export const decompositionOf = (id: string): AlgorithmSpec | null =>
  allDecompositions().find((spec) => spec.id === id) ?? null;

/** Masks are chosen with the data; all other parameters with the settings. */
export const isMask = ([, param]: ParamEntry): boolean =>
  param.kind === 'input' && (param.role === 'navigation_mask' || param.role === 'signal_mask');
