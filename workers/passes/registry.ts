import { capturedPass } from '../algorithms/decomposition/MLPCA/captured-pass.ts';
import { fillPass } from '../algorithms/decomposition/MLPCA/fill-pass.ts';
import { copyPass } from '../algorithms/decomposition/MLPCA/resident.ts';
import { weightedSweepPass } from '../algorithms/decomposition/MLPCA/sweep-pass.ts';
import { onlineCodesPass } from '../algorithms/decomposition/online/codes-pass.ts';
import { opnmfPass } from '../algorithms/decomposition/OPNMF/pass.ts';
import { shufflePass } from '../algorithms/decomposition/opnmf_rank_selection/shuffle-pass.ts';
import { gatherPass } from '../algorithms/decomposition/dictionary/gather-columns.ts';
import type { Pass } from '../job.ts';
import { nmfDivergencePass } from '../algorithms/decomposition/NMF/divergence-pass.ts';
import { nmfSweepPass } from '../algorithms/decomposition/NMF/sweep-pass.ts';
import { capturePass } from './capture.ts';
import { crossPass } from './cross.ts';
import { eighPass } from './eigh.ts';
import { gramPass } from './gram.ts';
import { huberPass } from '../algorithms/decomposition/RPCA/pass.ts';
import { modelRowsPass } from './model-rows.ts';
import { normalProductPass } from './normal-product.ts';
import { projectPass } from './project.ts';
import { sketchPass } from './sketch.ts';
import { splitGramPass } from './split-gram.ts';
import { splitProjectPass } from './split-project.ts';
import { sumsPass } from './sums.ts';

const passes: readonly Pass<unknown, unknown>[] = [
  sumsPass,
  gramPass,
  eighPass,
  projectPass,
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
] as readonly Pass<never, unknown>[] as readonly Pass<unknown, unknown>[];

const byId = new Map(passes.map((pass) => [pass.id, pass]));

/** The pass of this id, so that a thread can be told by name what to run. An unknown id is a bug. */
export function passById(id: string): Pass<unknown, unknown> {
  const pass = byId.get(id);
  if (!pass) throw new Error(`No pass is called ${id}; add it to the registry`);
  return pass;
}
