import { crossPass } from '../../../passes/cross.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { targetView, type SolveTask, type TallSvd } from './tall-svd.ts';

/** Below this share of the largest singular value a Gram matrix says little about directions. */
const tailBelow = 1e-5;
/** Below this share everything is rounding. */
const zeroBelow = 1e-14;

/**
 * Resolves the small singular values that a Gram matrix cannot: eps · s₁² hides what lies below 1e-8 · s₁.
 * The columns of B = P·S are known to eps · s₁ each, so BᵀB is accurate column by column. Its tail block, freed of the
 * remaining coupling W to the leading columns, is diagonalised once more; Q and B are turned by the same orthogonal matrix
 *   J = [ I − ½WWᵀ, −W(I − ½WᵀW)Z ; Wᵀ(I − ½WWᵀ), (I − ½WᵀW)Z ],
 * so that A = B·Qᵀ still holds. |W| is below about 1e-5, its fourth power below rounding.
 */
export async function refineTail(task: SolveTask, found: TallSvd): Promise<TallSvd> {
  const { singularValues, right, energy } = found;
  const { job, target, phases } = task;
  const k = right.cols;
  const first = tailStart(singularValues);
  if (first >= k) return found;
  const tail = k - first;
  const coupled = await job.run(
    crossPass,
    { ...targetView(target), columns: tailColumns(first, tail) },
    { b: target.out, k, ...(target.rows ? { rows: target.rows } : {}), ...inverseScale(task) },
    phases.write,
  );
  const turn = decouple(coupled, singularValues, first, () => job.control.check());
  const projection = await job.run(
    projectPass,
    targetView(target),
    {
      v: shareFloats(job, turn.data),
      k,
      out: target.out,
      stride: k,
      column: 0,
      ...(target.rows ? { rows: target.rows } : {}),
      ...(target.scale ? { scale: target.scale } : {}),
    },
    phases.write,
  );
  return {
    singularValues: projection.energy.map(Math.sqrt),
    right: multiply(right, turn, { check: () => job.control.check() }),
    peaks: projection.peak,
    energy,
  };
}

/** Index from which on all singular values are small; the number of them when the small ones are zero up to rounding. */
function tailStart(s: Float64Array): number {
  const largest = s.reduce((a, b) => Math.max(a, b), 0);
  let first = s.length;
  while (first > 0 && s[first - 1]! < tailBelow * largest) first--;
  const rest = s.subarray(first).reduce((a, b) => Math.max(a, b), 0);
  return rest <= zeroBelow * largest ? s.length : first;
}

function tailColumns(first: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => first + i);
}

/** Factors that undo the target's row scaling. */
function inverseScale({ target, job }: SolveTask): { scale?: Float64Array } {
  return target.scale
    ? {
        scale: shareFloats(
          job,
          target.scale.map((f) => (f === 0 ? 0 : 1 / f)),
        ),
      }
    : {};
}

/**
 * The rotation J [k × k] from the products of the tail columns with all columns.
 * @param coupled B_tailᵀ B [tail × k]
 */
function decouple(coupled: Float64Array, s: Float64Array, first: number, check: () => void): Matrix {
  const k = s.length;
  const tail = k - first;
  // W [head × tail] = diag(s²)⁻¹ B_headᵀ B_tail
  const w = createMatrix(first, tail);
  for (let h = 0; h < first; h++) {
    for (let t = 0; t < tail; t++) w.data[h * tail + t] = coupled[t * k + h]! / (s[h]! * s[h]!);
  }
  const head = createMatrix(first, tail);
  for (let h = 0; h < first; h++) for (let t = 0; t < tail; t++) head.data[h * tail + t] = coupled[t * k + h]!;
  const removed = multiply(w, head, { transposeA: true, check });
  const block = createMatrix(tail, tail);
  for (let a = 0; a < tail; a++) {
    for (let b = 0; b < tail; b++) {
      const mean = (coupled[a * k + first + b]! + coupled[b * k + first + a]!) / 2;
      block.data[a * tail + b] = mean - (removed.data[a * tail + b]! + removed.data[b * tail + a]!) / 2;
    }
  }
  const z = eigh(block, { check }).vectors;
  const headTurn = halfCorrection(multiply(w, w, { transposeB: true, check }));
  const tailTurn = multiply(halfCorrection(multiply(w, w, { transposeA: true, check })), z, { check });
  const upper = multiply(w, tailTurn, { check });
  const lower = multiply(w, headTurn, { transposeA: true, check });
  const turn = createMatrix(k, k);
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < first; j++) turn.data[i * k + j] = headTurn.data[i * first + j]!;
    for (let j = 0; j < tail; j++) turn.data[i * k + first + j] = -upper.data[i * tail + j]!;
  }
  for (let i = 0; i < tail; i++) {
    for (let j = 0; j < first; j++) turn.data[(first + i) * k + j] = lower.data[i * first + j]!;
    for (let j = 0; j < tail; j++) turn.data[(first + i) * k + first + j] = tailTurn.data[i * tail + j]!;
  }
  return turn;
}

/** I − ½S */
function halfCorrection(s: Matrix): Matrix {
  const c = createMatrix(
    s.rows,
    s.cols,
    s.data.map((v) => -v / 2),
  );
  for (let i = 0; i < s.rows; i++) c.data[i * s.cols + i]! += 1;
  return c;
}
