import type { Job, Pass } from '../job.ts';
import { kernels } from '../kernels/kernels.ts';
import { backTransform } from '../linalg/back-transform.ts';
import { eigh, eighTridiagonal, topShare, type Eigen, type TridiagonalEigen } from '../linalg/eigh.ts';
import { letGo } from '../linalg/let-go.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';

/** More than half of what states may take together: the rows are not cut into parts. */
const undivided = 2 ** 40;
/** Of what states may take together: four parts. Each gathers the reflectors anew, so more of them would cost more. */
const quarter = 32 * 2 ** 20;
/** From this size on the vectors are transformed back on all threads. */
const leastDivided = 384;

/** The whole matrix of a pass in one part, and a check that looks whether the job goes on and then lets its copy go. */
function takeMatrix(cols: number, next: () => { data: Float64Array; start: number } | null): [Matrix, () => void] {
  const matrix = createMatrix(cols, cols);
  for (let block = next(); block; block = next()) matrix.data.set(block.data, block.start * cols);
  let isCopied = false;
  const check = (): void => {
    // eigh works on a copy in kernel memory from its first check on
    if (!isCopied) letGo(matrix.data);
    isCopied = true;
    // beyond the last row `next` only looks whether the job goes on
    next();
  };
  return [matrix, check];
}

/** Eigenvalues and vectors of a symmetric matrix, in one part. */
export const eighPass: Pass<{ k: number }, Eigen> = {
  id: 'eigh',
  stateBytes: () => undivided,
  partial(cols, { k }, next) {
    const [matrix, check] = takeMatrix(cols, next);
    return eigh(matrix, { k, check });
  },
  merge: (a) => a,
};

interface TridiagonalShared {
  k: number;
  /** k × n values, which may be where the matrix is: it is read before */
  vectors: Float64Array;
  /** n × n values */
  reflectors: Float64Array;
}

/** The serial part of an eigenproblem, in one part: see eighTridiagonal. */
export const eighTridiagonalPass: Pass<TridiagonalShared, { found: TridiagonalEigen | null }> = {
  id: 'eigh-tridiagonal',
  stateBytes: () => undivided,
  partial(cols, { k, vectors, reflectors }, next) {
    const [matrix, check] = takeMatrix(cols, next);
    return { found: eighTridiagonal(matrix, k, vectors, reflectors, check) };
  },
  merge: (a) => a,
};

interface BackTransformShared {
  reflectors: Float64Array;
  tau: Float64Array;
  /** n × k values: the vectors become its columns */
  out: Float64Array;
  k: number;
}

/** Turns rows of eigenvectors of T into eigenvectors of A, columns of `out`. */
export const backTransformPass: Pass<BackTransformShared, null> = {
  id: 'back-transform',
  stateBytes: () => quarter,
  partial(n, { reflectors, tau, out, k: width }, next) {
    const k = kernels();
    const source = { n, row: (j: number) => reflectors.subarray(j * n, j * n + j), tau: () => tau };
    for (let block = next(); block; block = next()) {
      const { start, rows, data } = block;
      k.scope((allocate) => {
        const x = allocate(rows * n * 8);
        k.f64(x, rows * n).set(data);
        backTransform(k, source, x, rows, () => {});
        const vectors = k.f64(x, rows * n);
        for (let i = 0; i < n; i++) {
          for (let r = 0; r < rows; r++) out[i * width + start + r] = vectors[r * n + i]!;
        }
      });
    }
    return null;
  },
  merge: (a) => a,
};

/**
 * The k largest eigenpairs of a symmetric matrix, which is let go unless it is in shared memory. Compute threads do it:
 * their memory serves the next pass again, while the lead's would lie idle until the end.
 * @param spare shared memory that nothing is kept in yet. Where it is large enough (spareOfEigh), the matrix and what is
 *   found on the way go there, all threads share the second half of the work, and the vectors come in shared memory
 */
export async function eighInPool(
  { rows: n, data }: Matrix,
  k: number,
  job: Job,
  phase: number,
  spare?: Float64Array<SharedArrayBuffer>,
): Promise<Eigen> {
  let { buffer } = data;
  if (!(buffer instanceof SharedArrayBuffer)) {
    const room = spare && spare.length >= data.length ? spare : job.allocate(data.length);
    room.set(data);
    letGo(data);
    buffer = room.buffer;
  }
  const source = { kind: 'shared' as const, buffer, dtype: 'float64' as const, samples: n, features: n };
  if (n < leastDivided || k <= topShare * n || !spare || spare.length < spareOfEigh(n)) {
    return job.run(eighPass, { source }, { k }, phase);
  }
  // the vectors take the place of the matrix, which has been read by then
  const reflectors = spare.subarray(n * n, spareOfEigh(n));
  const { found } = await job.run(eighTridiagonalPass, { source }, { k, vectors: spare, reflectors }, phase);
  const vectors = createMatrix(n, k, job.allocate(n * k));
  if (found === null) {
    for (let j = 0; j < k; j++) vectors.data[j * k + j] = 1;
    return { values: new Float64Array(k), vectors };
  }
  const rowsOfT = { source: { ...source, buffer: spare.buffer, samples: k } };
  await job.run(backTransformPass, rowsOfT, { reflectors, tau: found.tau, out: vectors.data, k }, phase);
  return { values: found.values, vectors };
}

/** Numbers of `spare` that eighInPool uses at most. */
export const spareOfEigh = (n: number): number => 2 * n * n;
