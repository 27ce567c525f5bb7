import type { Run } from '../job.ts';
import { resolveStep } from '../specs/registry.ts';

/** Where the code of each algorithm is, by its id; loaded when first used. */
const runs: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
  SVD: () => import('./decomposition/SVD/run.ts'),
  OPNMF: () => import('./decomposition/OPNMF/run.ts'),
  NMF: () => import('./decomposition/NMF/run.ts'),
  ORPCA: () => import('./decomposition/ORPCA/run.ts'),
  ORNMF: () => import('./decomposition/ORNMF/run.ts'),
  MLPCA: () => import('./decomposition/MLPCA/run.ts'),
  RPCA: () => import('./decomposition/RPCA/run.ts'),
  sklearn_pca: () => import('./decomposition/sklearn_pca/run.ts'),
  sparse_pca: () => import('./decomposition/sparse_pca/run.ts'),
  mini_batch_sparse_pca: () => import('./decomposition/mini_batch_sparse_pca/run.ts'),
  sklearn_fastica: () => import('./bss/sklearn_fastica/run.ts'),
  orthomax: () => import('./bss/orthomax/run.ts'),
  FastICA: () => import('./bss/FastICA/run.ts'),
  JADE: () => import('./bss/JADE/run.ts'),
  CuBICA: () => import('./bss/CuBICA/run.ts'),
  TDSEP: () => import('./bss/TDSEP/run.ts'),
  dbscan: () => import('./cluster/dbscan/run.ts'),
  fuzzy_c_means: () => import('./cluster/fuzzy_c_means/run.ts'),
  minibatchkmeans: () => import('./cluster/minibatchkmeans/run.ts'),
  agglomerative: () => import('./cluster/agglomerative/run.ts'),
  spectralclustering: () => import('./cluster/spectralclustering/run.ts'),
  estimate_number_of_clusters: () => import('./cluster/estimate_number_of_clusters/run.ts'),
  kmeans: () => import('./cluster/kmeans/run.ts'),
  get_decomposition_model: () => import('./derived/get_decomposition_model/run.ts'),
  get_bss_model: () => import('./derived/get_bss_model/run.ts'),
  normalize_bss_components: () => import('./derived/normalize_bss_components/run.ts'),
  reverse_bss_component: () => import('./derived/reverse_bss_component/run.ts'),
  normalize_decomposition_components: () => import('./derived/normalize_decomposition_components/run.ts'),
  reverse_decomposition_component: () => import('./derived/reverse_decomposition_component/run.ts'),
  crop_decomposition_dimension: () => import('./derived/crop_decomposition_dimension/run.ts'),
  opnmf_rank_selection: () => import('./decomposition/opnmf_rank_selection/run.ts'),
  estimate_number_of_components: () => import('./derived/estimate_number_of_components/run.ts'),
  estimate_elbow_position: () => import('./derived/estimate_elbow_position/run.ts'),
  threshold_mask: () => import('./features/threshold_mask/run.ts'),
  fit_peaks: () => import('./features/fit_peaks/run.ts'),
  gaussian_mixture: () => import('./mixture/gaussian_mixture/run.ts'),
  gaussian_mixture_selection: () => import('./mixture/gaussian_mixture_selection/run.ts'),
};

/**
 * The code that runs a step of a recipe.
 * @throws EigenscopeError `unknown-operation`, `unknown-algorithm`
 */
export async function findRun(operation: string, algorithm: string | null): Promise<Run> {
  const { spec } = resolveStep(operation, algorithm);
  const load = Object.hasOwn(runs, spec.id) ? runs[spec.id] : undefined;
  if (!load) throw new Error(`${spec.id} is registered but not in the entry table`);
  return (await load()).run;
}
