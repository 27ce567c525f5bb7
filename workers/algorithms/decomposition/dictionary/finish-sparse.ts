import type { Job } from '../../../job.ts';
import { tryCholesky, solveSpd } from '../../../linalg/cholesky.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { createMatrix, identity, type Matrix } from '../../../linalg/matrix.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { AlgorithmOutput, Scalar } from '../../../model/result.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Mean } from '../pipeline/centre.ts';
import { columnNorms, finishDecomposition } from '../pipeline/finish.ts';
import { invertGram } from '../pipeline/gram-inverse.ts';
import type { Prepared } from '../pipeline/prepare.ts';

export interface SparseFit {
  k: number;
  /** C [kept channels × k] */
  codes: Float64Array;
  /** of every atom, the value of the largest size over the pixels */
  peaks: Float64Array;
  /** ‖X‖² of the centred, scaled data */
  energy: number;
}

export interface SparseFinish {
  mean: Mean;
  /** the centred view that was learned from */
  centred: MatrixView;
  ridgeAlpha: number;
  reproject: 'navigation' | 'signal' | 'both' | null;
  phases: { write: number; reproject: number };
}

/**
 * From codes to components: F = C with columns of length 1, of the sign that makes the largest value of the atom positive,
 * and loadings by ridge regression of the centred data, L = X F (FᵀF + ridge_alpha·I)⁻¹. Order as learned.
 */
export async function finishSparse(
  prepared: Prepared,
  fit: SparseFit,
  options: SparseFinish,
  scalars: Record<string, Scalar>,
  job: Job,
): Promise<AlgorithmOutput> {
  const { k, codes, peaks, energy } = fit;
  const { centred, mean, phases } = options;
  const norms = columnNorms(codes, k);
  const factors = codes.map((c, at) => {
    const norm = norms[at % k]!;
    return c === 0 || norm === 0 ? 0 : (c / norm) * (peaks[at % k]! < 0 ? -1 : 1);
  });
  const ridge = createMatrix(k, k, gramOf(factors, k));
  for (let j = 0; j < k; j++) ridge.data[j * k + j]! += options.ridgeAlpha;
  const map = multiply(createMatrix(factors.length / k, k, factors), invertRidge(ridge));
  const loadings = job.allocate(prepared.pixels.keptCount * k);
  await job.run(
    projectPass,
    centred,
    { v: shareFloats(job, map.data), k, out: loadings, stride: k, column: 0 },
    phases.write,
  );
  const output = await finishDecomposition(
    prepared,
    { k, factors, loadings },
    {
      reproject: options.reproject,
      mean,
      meanShape: [prepared.channels.size],
      phase: phases.reproject,
      capture: { cross: crossOf(loadings, ridge), energy },
    },
    scalars,
    job,
  );
  const empty = norms.reduce((count, norm) => count + (norm === 0 ? 1 : 0), 0);
  if (empty > 0) {
    const which = empty === k ? 'All components are' : `${empty} of ${k} components ${empty === 1 ? 'is' : 'are'}`;
    output.notes.push(`${which} zero everywhere: alpha is too large for these data. Choose a smaller alpha.`);
  }
  return output;
}

function invertRidge(ridge: Matrix): Matrix {
  return tryCholesky(ridge) ? solveSpd(ridge, identity(ridge.rows)) : invertGram(ridge);
}

/** Σ_i L_ij (X F)_ij without another look at X: X F = L (FᵀF + ridge_alpha·I). */
function crossOf(loadings: Float64Array, ridge: Matrix): Float64Array {
  const k = ridge.rows;
  const product = multiply(createMatrix(k, k, gramOf(loadings, k)), ridge);
  return Float64Array.from({ length: k }, (_, j) => product.data[j * k + j]!);
}
