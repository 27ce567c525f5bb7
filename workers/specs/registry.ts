import { EigenscopeError } from '../model/errors.ts';
import { sklearnPca } from '../algorithms/decomposition/sklearn_pca/spec.ts';
import { svd } from '../algorithms/decomposition/svd/spec.ts';
import { cropDecompositionDimension } from '../algorithms/derived/crop_decomposition_dimension/spec.ts';
import { estimateElbowPosition } from '../algorithms/derived/estimate_elbow_position/spec.ts';
import { getDecompositionModel } from '../algorithms/derived/get_decomposition_model/spec.ts';
import { normalizeDecompositionComponents } from '../algorithms/derived/normalize_decomposition_components/spec.ts';
import { reverseDecompositionComponent } from '../algorithms/derived/reverse_decomposition_component/spec.ts';
import type { AlgorithmSpec } from './algorithm.ts';
import { withModernNames, type NamedCall } from './legacy.ts';

/** Every description there is. A new algorithm is a folder, a line here and a line in the entry table. */
export const allAlgorithms: readonly AlgorithmSpec[] = [
  svd,
  sklearnPca,
  getDecompositionModel,
  normalizeDecompositionComponents,
  reverseDecompositionComponent,
  cropDecompositionDimension,
  estimateElbowPosition,
];

const byId = new Map(allAlgorithms.map((spec) => [spec.id, spec]));

/** Families whose algorithms share one operation of the recipe, named like the family. */
const sharedOperations = new Set<string>(['decomposition', 'blind_source_separation', 'cluster_analysis']);
const defaultAlgorithms: Readonly<Record<string, string>> = { decomposition: 'SVD' };

export const algorithmById = (id: string): AlgorithmSpec | undefined => byId.get(id);

/** The operation of a recipe (`do`) that runs this algorithm. */
export const operationOf = (spec: AlgorithmSpec): string => (sharedOperations.has(spec.family) ? spec.family : spec.id);

/** Whether a step of this operation also names an algorithm. */
export const takesAlgorithm = (operation: string): boolean => sharedOperations.has(operation);

export const allOperations: readonly string[] = [...new Set(allAlgorithms.map(operationOf))];

/**
 * The description that a step of a recipe asks for, with old names replaced.
 * @param algorithm null or undefined takes the operation's default
 * @throws EigenscopeError `unknown-operation`, `unknown-algorithm`: the message lists those that exist
 */
export function resolveStep(
  operation: string,
  algorithm: string | null | undefined,
  parameters: Readonly<Record<string, unknown>> = {},
): { spec: AlgorithmSpec; parameters: NamedCall['parameters'] } {
  if (!allOperations.includes(operation)) {
    throw new EigenscopeError(
      'unknown-operation',
      `There is no operation ${operation}. The operations are ${allOperations.join(', ')}.`,
      { operation },
    );
  }
  if (!takesAlgorithm(operation)) {
    if (algorithm && algorithm !== operation) throw unknownAlgorithm(operation, algorithm);
    return { spec: byId.get(operation)!, parameters };
  }
  const choices = allAlgorithms.filter((spec) => operationOf(spec) === operation);
  const asked = algorithm ?? defaultAlgorithms[operation] ?? choices[0]!.id;
  const call = withModernNames({ algorithm: asked, parameters });
  const spec = choices.find((choice) => choice.id === call.algorithm);
  if (!spec) throw unknownAlgorithm(operation, asked);
  return { spec, parameters: call.parameters };
}

function unknownAlgorithm(operation: string, algorithm: string): EigenscopeError {
  const choices = allAlgorithms.filter((spec) => operationOf(spec) === operation).map((spec) => spec.id);
  const rest = takesAlgorithm(operation) ? `The algorithms are ${choices.join(', ')}.` : 'It takes no algorithm.';
  return new EigenscopeError('unknown-algorithm', `There is no algorithm ${algorithm} for ${operation}. ${rest}`, {
    operation,
    algorithm,
  });
}
