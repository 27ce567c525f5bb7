import type { Job } from '../../../job.ts';
import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { columns, createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';

/** Up to this size all digits of the eigenvectors cost less than a second. */
const exactSize = 1024;
const extra = 10;
const rounds = 20;

/**
 * The first k eigenvectors of a Gram matrix [n × n], as rows of k numbers: where dictionary learning starts. Beyond
 * n = 1024, when few are wanted, by 20 rounds of subspace iteration: a start needs no more than a few digits.
 */
export function leadingDirections(gram: Matrix, k: number, job: Job): Float64Array {
  const n = gram.rows;
  const check = (): void => job.control.check();
  const width = k + extra;
  if (n <= exactSize || 10 * width > n) return eigh(gram, { k, check }).vectors.data;
  const random = createRandom(job.seed).fork('start');
  let basis = createMatrix(
    n,
    width,
    Float64Array.from({ length: n * width }, () => random.gaussian()),
  );
  for (let round = 0; round < rounds; round++) basis = qrThin(multiply(gram, basis, { check }), check).q;
  const small = multiply(basis, multiply(gram, basis, { check }), { transposeA: true, check });
  return columns(multiply(basis, eigh(small).vectors), k).data;
}
