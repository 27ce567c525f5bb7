import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { columns, createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import { svdThin } from '../../../linalg/svd.ts';
import { viewShape } from '../../../matrix-view.ts';
import { normalProductPass } from '../../../passes/normal-product.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { SolveTask, TallSvd } from './tall-svd.ts';
import { writeLeft } from './write-left.ts';

/** Random directions beyond the k that are wanted. */
const oversampling = 10;

/**
 * Randomized subspace iteration: AᵀA is applied to k + 10 random directions 7 times (4 when k is a tenth of the smaller
 * side or more), orthonormalised each time; then one Rayleigh–Ritz step with B = orth(AZ)ᵀ A.
 * @see Halko, Martinsson & Tropp, SIAM Review 53, 217 (2011), algorithms 4.4 and 5.1
 */
export async function randomizedSvd(task: SolveTask): Promise<TallSvd> {
  const { view, k, job, phases } = task;
  const { cols } = viewShape(view);
  const width = Math.min(cols, k + oversampling);
  const rounds = k < 0.1 * cols ? 7 : 4;
  const random = createRandom(job.seed);
  let z = createMatrix(cols, width);
  for (let i = 0; i < z.data.length; i++) z.data[i] = random.gaussian();
  z = qrThin(z).q;
  let energy = 0;
  let product = z;
  for (let round = 0; round <= rounds; round++) {
    job.control.check();
    const normal = await job.run(normalProductPass, view, { omega: shareFloats(job, z.data), k: width }, phases.gather);
    energy = normal.energy;
    product = createMatrix(cols, width, normal.product);
    if (round < rounds) z = qrThin(product).q;
  }
  const right = columns(rayleighRitz(z, product), k);
  const projection = await writeLeft(task, right);
  return { singularValues: projection.energy.map(Math.sqrt), right, peaks: projection.peak, energy };
}

/**
 * Right singular vectors of B = orth(AZ)ᵀ A, from Z and AᵀAZ alone: with ZᵀAᵀAZ = E Λ Eᵀ, B = Λ^(−½) Eᵀ (AᵀAZ)ᵀ.
 * Directions that A maps to nothing are left out of B and come last.
 */
function rayleighRitz(z: Matrix, product: Matrix): Matrix {
  const { values, vectors } = eigh(multiply(z, product, { transposeA: true }));
  const b = multiply(product, vectors);
  const smallest = (values[0] ?? 0) * 1e-28;
  for (let i = 0; i < b.rows; i++) {
    for (let j = 0; j < b.cols; j++) b.data[i * b.cols + j]! *= values[j]! > smallest ? 1 / Math.sqrt(values[j]!) : 0;
  }
  return svdThin(b).u;
}
