import { multiply } from '../../../linalg/gemm.ts';
import { letGo } from '../../../linalg/let-go.ts';
import { createMatrix, powerOfTwoNear, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { SplitRule } from '../../../linalg/split-rows.ts';
import { openView, viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Job } from '../../../job.ts';

/** Directions that are kept in double precision. */
const mostDirections = 8;
/** Rows that are looked at, in runs spread over all. */
const runs = 16;
const rowsOfRun = 32;
const rounds = 3;

/**
 * Directions W that hold most of A, as far as 512 rows tell: orthogonal iteration of (Aₛᵀ Aₛ) on a sample Aₛ. They need
 * not be eigenvectors of anything: A = (A W) Wᵀ + R holds for every W, a good one makes R small.
 * @returns null when the sample is zero
 */
export function findStrongDirections(view: MatrixView, job: Job): SplitRule | null {
  const { rows, cols } = viewShape(view);
  const sample = sampleRows(view, rows, cols);
  let square = 0;
  for (let i = 0; i < sample.data.length; i++) square += sample.data[i]! * sample.data[i]!;
  if (!(square > 0 && square < Infinity)) return null;
  const random = createRandom(job.seed);
  const t = Math.min(mostDirections, cols);
  const start = createMatrix(cols, t);
  for (let i = 0; i < start.data.length; i++) start.data[i] = random.gaussian();
  let strong = start;
  for (let round = 0; round < rounds; round++) {
    strong = qrThin(multiply(sample, multiply(sample, strong), { transposeA: true })).q;
  }
  const count = sample.data.length;
  letGo(sample.data);
  const scale = 1 / powerOfTwoNear(Math.sqrt(square / count));
  return { strong: shareFloats(job, strong.data), t, scale };
}

function sampleRows(view: MatrixView, rows: number, cols: number): Matrix {
  const open = openView(view);
  try {
    const length = Math.min(rowsOfRun, Math.floor(rows / runs));
    const sample = createMatrix(runs * length, cols);
    for (let run = 0; run < runs; run++) {
      const first = Math.floor((run * (rows - length)) / (runs - 1));
      open.read(first, first + length, sample.data.subarray(run * length * cols, (run + 1) * length * cols));
    }
    return sample;
  } finally {
    open.close();
  }
}
