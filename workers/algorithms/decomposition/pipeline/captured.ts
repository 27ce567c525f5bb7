import type { Job } from '../../../job.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { capturePass } from '../../../passes/capture.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { MatrixView } from '../../../model/rows.ts';

/** Factors F [channels × k] and loadings L [pixels × k] of the kept channels and pixels, row-major, A ≈ L Fᵀ. */
export interface KeptComponents {
  k: number;
  factors: Float64Array;
  loadings: Float64Array;
}

/**
 * The share of ‖A‖² that the first 1, 2 … k components describe, 1 − ‖A − L_j F_jᵀ‖² / ‖A‖², in the order given:
 * a scree-like curve for methods without explained variances. It may fall where components overlap, and be negative.
 */
export async function findCaptured(
  view: MatrixView,
  components: KeptComponents,
  job: Job,
  phase: number,
): Promise<Float64Array> {
  const { k } = components;
  const shared = {
    factors: shareFloats(job, components.factors),
    loadings: shareFloats(job, components.loadings),
    k,
  };
  const { cross, energy } = await job.run(capturePass, view, shared, phase);
  return capturedFractions(components, cross, energy);
}

/**
 * @param cross Σ_i L_ij (A F)_ij for each component j
 * @param energy ‖A‖²
 */
export function capturedFractions(components: KeptComponents, cross: Float64Array, energy: number): Float64Array {
  const { k, factors, loadings } = components;
  const captured = new Float64Array(k);
  if (!(energy > 0)) return captured.fill(1);
  const factorGram = gramOf(factors, k);
  const loadingGram = gramOf(loadings, k);
  let described = 0;
  for (let j = 0; j < k; j++) {
    described += 2 * cross[j]! - factorGram[j * k + j]! * loadingGram[j * k + j]!;
    for (let i = 0; i < j; i++) described -= 2 * factorGram[i * k + j]! * loadingGram[i * k + j]!;
    captured[j] = Math.min(1, described / energy);
  }
  return captured;
}
