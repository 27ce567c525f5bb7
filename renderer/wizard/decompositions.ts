import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { allAlgorithms } from '../../workers/specs/registry.ts';
import type { ParamEntry } from '../forms/form-model.ts';

/** The methods of the decomposition wizard, in the order of the registry. */
export const decompositions: readonly AlgorithmSpec[] = allAlgorithms.filter((spec) => spec.family === 'decomposition');

export const decompositionOf = (id: string): AlgorithmSpec | null =>
  decompositions.find((spec) => spec.id === id) ?? null;

/** Masks are chosen with the data; all other parameters with the settings. */
export const isMask = ([, param]: ParamEntry): boolean =>
  param.kind === 'input' && (param.role === 'navigation_mask' || param.role === 'signal_mask');
