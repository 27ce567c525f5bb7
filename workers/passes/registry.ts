import { capturedPass } from '../algorithms/decomposition/MLPCA/captured-pass.ts';
import { fitPeaksPass } from '../algorithms/features/fit_peaks/fit-pass.ts';
import { peakMeanPass } from '../algorithms/features/fit_peaks/mean-pass.ts';
import { densePass } from '../algorithms/mixture/pipeline/dense-pass.ts';
import { diagonalPass } from '../algorithms/mixture/pipeline/diagonal-pass.ts';
import { fillPass } from '../algorithms/decomposition/MLPCA/fill-pass.ts';
import { copyPass } from '../algorithms/decomposition/MLPCA/resident.ts';
import { weightedSweepPass } from '../algorithms/decomposition/MLPCA/sweep-pass.ts';
import { onlineCodesPass } from '../algorithms/decomposition/online/codes-pass.ts';
import { opnmfPass } from '../algorithms/decomposition/OPNMF/pass.ts';
import { shufflePass } from '../algorithms/decomposition/opnmf_rank_selection/shuffle-pass.ts';
import { gatherPass } from '../algorithms/decomposition/dictionary/gather-columns.ts';
import { startsPass } from '../algorithms/cluster/lloyd/starts-pass.ts';
import { kmeansRefinePass } from '../algorithms/cluster/lloyd/refine-pass.ts';
import { pairDistancesPass } from '../algorithms/cluster/agglomerative/pair-distances-pass.ts';
import { kDistancesPass } from '../algorithms/cluster/dbscan/k-distances.ts';
import { borderPass, corePointsPass, linkCoresPass } from '../algorithms/cluster/dbscan/neighbours-pass.ts';
import { fuzzyPass } from '../algorithms/cluster/fuzzy_c_means/pass.ts';
import { boxOnAxesPass } from '../algorithms/cluster/estimate_number_of_clusters/box-pass.ts';
import { silhouettePass } from '../algorithms/cluster/estimate_number_of_clusters/silhouette-pass.ts';
import { nearestCentroidPass } from '../algorithms/cluster/pipeline/nearest-pass.ts';
import { clusterScatterPass } from '../algorithms/cluster/pipeline/scatter-pass.ts';
import { clusterDistancesPass } from '../algorithms/cluster/pipeline/distances-pass.ts';
import { clusterGatherPass } from '../algorithms/cluster/pipeline/gather-pass.ts';
import { labelSumsPass } from '../algorithms/cluster/pipeline/label-sums-pass.ts';
import {
  columnSpreadPass,
  rowLengthsPass,
  shareOfMaximumPass,
  unitRowsPass,
} from '../algorithms/cluster/pipeline/scaling-passes.ts';
import type { Pass } from '../job.ts';
import { nmfDivergencePass } from '../algorithms/decomposition/NMF/divergence-pass.ts';
import { nmfSweepPass } from '../algorithms/decomposition/NMF/sweep-pass.ts';
import { capturePass } from './capture.ts';
import { crossPass } from './cross.ts';
import { backTransformPass, eighPass, eighTridiagonalPass } from './eigh.ts';
import { gramPass } from './gram.ts';
import { huberPass } from '../algorithms/decomposition/RPCA/pass.ts';
import { modelRowsPass } from './model-rows.ts';
import { normalProductPass } from './normal-product.ts';
import { projectBasisPass } from './project-basis.ts';
import { projectPass } from './project.ts';
import { signColumnsPass } from './sign-columns.ts';
import { sketchPass } from './sketch.ts';
import { splitGramPass } from './split-gram.ts';
import { splitProjectPass } from './split-project.ts';
import { sumsPass } from './sums.ts';

const passes: readonly Pass<unknown, unknown>[] = [
  sumsPass,
  startsPass,
  pairDistancesPass,
  kDistancesPass,
  borderPass,
  corePointsPass,
  linkCoresPass,
  fuzzyPass,
  boxOnAxesPass,
  silhouettePass,
  nearestCentroidPass,
  clusterScatterPass,
  kmeansRefinePass,
  clusterDistancesPass,
  clusterGatherPass,
  labelSumsPass,
  columnSpreadPass,
  rowLengthsPass,
  unitRowsPass,
  shareOfMaximumPass,
  gramPass,
  eighPass,
  eighTridiagonalPass,
  backTransformPass,
  signColumnsPass,
  projectPass,
  projectBasisPass,
  crossPass,
  normalProductPass,
  sketchPass,
  splitGramPass,
  splitProjectPass,
  modelRowsPass,
  capturePass,
  gatherPass,
  huberPass,
  nmfSweepPass,
  nmfDivergencePass,
  opnmfPass,
  onlineCodesPass,
  shufflePass,
  weightedSweepPass,
  fillPass,
  copyPass,
  capturedPass,
  densePass,
  diagonalPass,
  fitPeaksPass,
  peakMeanPass,
] as readonly Pass<never, unknown>[] as readonly Pass<unknown, unknown>[];

const byId = new Map(passes.map((pass) => [pass.id, pass]));

/** The pass of this id, so that a thread can be told by name what to run. An unknown id is a bug. */
export function passById(id: string): Pass<unknown, unknown> {
  const pass = byId.get(id);
  if (!pass) throw new Error(`No pass is called ${id}; add it to the registry`);
  return pass;
}
