import { EigenscopeError } from '../model/errors.ts';
import { cubica } from '../algorithms/bss/CuBICA/spec.ts';
import { fastIca } from '../algorithms/bss/FastICA/spec.ts';
import { jade } from '../algorithms/bss/JADE/spec.ts';
import { orthomax } from '../algorithms/bss/orthomax/spec.ts';
import { tdsep } from '../algorithms/bss/TDSEP/spec.ts';
import { sklearnFastica } from '../algorithms/bss/sklearn_fastica/spec.ts';
import { mlpca } from '../algorithms/decomposition/MLPCA/spec.ts';
import { opnmf } from '../algorithms/decomposition/OPNMF/spec.ts';
import { opnmfRankSelection } from '../algorithms/decomposition/opnmf_rank_selection/spec.ts';
import { ornmf } from '../algorithms/decomposition/ORNMF/spec.ts';
import { orpca } from '../algorithms/decomposition/ORPCA/spec.ts';
import { miniBatchSparsePca } from '../algorithms/decomposition/mini_batch_sparse_pca/spec.ts';
import { sparsePca } from '../algorithms/decomposition/sparse_pca/spec.ts';
import { rpca } from '../algorithms/decomposition/RPCA/spec.ts';
import { sklearnPca } from '../algorithms/decomposition/sklearn_pca/spec.ts';
import { nmf } from '../algorithms/decomposition/NMF/spec.ts';
import { svd } from '../algorithms/decomposition/SVD/spec.ts';
import { agglomerative } from '../algorithms/cluster/agglomerative/spec.ts';
import { dbscan } from '../algorithms/cluster/dbscan/spec.ts';
import { estimateNumberOfClusters } from '../algorithms/cluster/estimate_number_of_clusters/spec.ts';
import { fuzzyCMeans } from '../algorithms/cluster/fuzzy_c_means/spec.ts';
import { kmeans } from '../algorithms/cluster/kmeans/spec.ts';
import { minibatchkmeans } from '../algorithms/cluster/minibatchkmeans/spec.ts';
import { spectralclustering } from '../algorithms/cluster/spectralclustering/spec.ts';
import { cropDecompositionDimension } from '../algorithms/derived/crop_decomposition_dimension/spec.ts';
import { estimateNumberOfComponents } from '../algorithms/derived/estimate_number_of_components/spec.ts';
import { estimateElbowPosition } from '../algorithms/derived/estimate_elbow_position/spec.ts';
import { getBssModel } from '../algorithms/derived/get_bss_model/spec.ts';
import { getDecompositionModel } from '../algorithms/derived/get_decomposition_model/spec.ts';
import { normalizeBssComponents } from '../algorithms/derived/normalize_bss_components/spec.ts';
import { reverseBssComponent } from '../algorithms/derived/reverse_bss_component/spec.ts';
import { normalizeDecompositionComponents } from '../algorithms/derived/normalize_decomposition_components/spec.ts';
import { reverseDecompositionComponent } from '../algorithms/derived/reverse_decomposition_component/spec.ts';
import { fitPeaks } from '../algorithms/features/fit_peaks/spec.ts';
import { thresholdMask } from '../algorithms/features/threshold_mask/spec.ts';
import { gaussianMixture } from '../algorithms/mixture/gaussian_mixture/spec.ts';
import { gaussianMixtureSelection } from '../algorithms/mixture/gaussian_mixture_selection/spec.ts';
import { withPreprocessings, type CustomPreprocessing } from './custom-preprocessing.ts';
import { allPreparations } from './preparations.ts';
import type { AlgorithmSpec, Family, Origin } from './algorithm.ts';
import { withModernNames, type NamedCall } from './legacy.ts';

/** Every description there is. A new algorithm is a folder, a line here and a line in the entry table. */
export const allAlgorithms: readonly AlgorithmSpec[] = [
  svd,
  sklearnPca,
  nmf,
  opnmf,
  mlpca,
  rpca,
  orpca,
  ornmf,
  sparsePca,
  miniBatchSparsePca,
  sklearnFastica,
  orthomax,
  fastIca,
  jade,
  cubica,
  tdsep,
  kmeans,
  minibatchkmeans,
  agglomerative,
  spectralclustering,
  dbscan,
  fuzzyCMeans,
  getDecompositionModel,
  getBssModel,
  normalizeBssComponents,
  reverseBssComponent,
  normalizeDecompositionComponents,
  reverseDecompositionComponent,
  cropDecompositionDimension,
  estimateElbowPosition,
  estimateNumberOfComponents,
  estimateNumberOfClusters,
  opnmfRankSelection,
  gaussianMixture,
  gaussianMixtureSelection,
  fitPeaks,
  thresholdMask,
  ...allPreparations,
];

const ownById = new Map(allAlgorithms.map((spec) => [spec.id, spec]));

/** Ours, clusterings with the custom preparations that the user has allowed. */
let own = allAlgorithms;
let byId: ReadonlyMap<string, AlgorithmSpec> = ownById;
/** Custom algorithms that the user has allowed; they stand beside ours and never in the place of one. */
let custom: readonly AlgorithmSpec[] = [];
let customPreprocessings: ReadonlySet<unknown> = new Set();

export function setCustomAlgorithms(
  specs: readonly AlgorithmSpec[],
  preprocessings: readonly CustomPreprocessing[] = [],
): void {
  custom = specs.filter((spec) => !ownById.has(spec.id));
  own = withPreprocessings(allAlgorithms, preprocessings);
  byId = new Map(own.map((spec) => [spec.id, spec]));
  customPreprocessings = new Set(preprocessings.map(({ id }) => id));
}

/** Ours, then those that the user has allowed. */
export const knownAlgorithms = (): readonly AlgorithmSpec[] => [...own, ...custom];

/** The id of the plugin that a run needs: its algorithm, or how its values are prepared; null = none. */
export function pluginNeeded(spec: AlgorithmSpec, values: Readonly<Record<string, unknown>>): string | null {
  if (custom.some(({ id }) => id === spec.id)) return spec.id;
  const preprocessing = values['preprocessing'];
  return typeof preprocessing === 'string' && customPreprocessings.has(preprocessing) ? preprocessing : null;
}

/** Families whose algorithms share one operation of the recipe, named like the family. */
const sharedOperations = new Set<string>(['decomposition', 'blind_source_separation', 'cluster_analysis']);
const defaultAlgorithms: Readonly<Record<string, string>> = {
  decomposition: 'SVD',
  blind_source_separation: 'sklearn_fastica',
};

const origins: Readonly<Record<Family, readonly Origin[]>> = {
  decomposition: ['data'],
  derived: ['decomposition'],
  blind_source_separation: ['decomposition'],
  cluster_analysis: ['data', 'decomposition', 'blind_source_separation'],
  mixture: ['data', 'decomposition', 'blind_source_separation'],
  estimate: ['data', 'decomposition', 'blind_source_separation'],
  mask: ['data'],
  preprocess: ['data'],
};

/** What a step of this algorithm may be computed from. */
export const originsOf = (spec: AlgorithmSpec): readonly Origin[] => spec.takes ?? origins[spec.family];

export const algorithmById = (id: string): AlgorithmSpec | undefined =>
  byId.get(id) ?? custom.find((spec) => spec.id === id);

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
    if (algorithm && algorithm !== operation && !Object.hasOwn(byId.get(operation)!.params, 'algorithm')) {
      throw unknownAlgorithm(operation, algorithm);
    }
    const spec = byId.get(operation)!;
    // where the algorithm is one parameter among others, it may be named like that of a shared operation
    const named = algorithm && algorithm !== operation && Object.hasOwn(spec.params, 'algorithm');
    return { spec, parameters: named ? { algorithm, ...parameters } : parameters };
  }
  const choices = knownAlgorithms().filter((spec) => operationOf(spec) === operation);
  const asked = algorithm ?? defaultAlgorithms[operation] ?? choices[0]!.id;
  const call = withModernNames({ algorithm: asked, parameters });
  const spec = choices.find((choice) => choice.id === call.algorithm);
  if (!spec) throw unknownAlgorithm(operation, asked);
  return { spec, parameters: call.parameters };
}

function unknownAlgorithm(operation: string, algorithm: string): EigenscopeError {
  const choices = knownAlgorithms()
    .filter((spec) => operationOf(spec) === operation)
    .map((spec) => spec.id);
  const rest = takesAlgorithm(operation) ? `The algorithms are ${choices.join(', ')}.` : 'It takes no algorithm.';
  return new EigenscopeError('unknown-algorithm', `There is no algorithm ${algorithm} for ${operation}. ${rest}`, {
    operation,
    algorithm,
  });
}
