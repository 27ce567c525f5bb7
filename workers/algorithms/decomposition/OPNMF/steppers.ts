import type { Job } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { openView, viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { crossPass } from '../../../passes/cross.ts';
import { gramPass } from '../../../passes/gram.ts';
import { shareFloats } from '../../../passes/share.ts';
import { chooseStepMethod, type StepMethod } from './estimate.ts';
import { opnmfPass } from './pass.ts';
import { createSkinnyProduct, smallCross } from './skinny-product.ts';
import { normalizeSpectrally, updateRows } from './update.ts';

/** What a step tells: C = WᵀAAᵀW of the W before it, and WᵀW of the W after it. */
export interface StepResult {
  c: Float64Array;
  gram: Float64Array;
}

/** Makes steps W → W ∘ P / (W WᵀP), P = AAᵀW, divided by the spectral norm. `free` it when done. */
export interface Stepper {
  /** From w [rows × k] writes the next W to `next`; both in shared memory. */
  step(w: Float64Array<SharedArrayBuffer>, next: Float64Array<SharedArrayBuffer>): Promise<StepResult>;
  free(): void;
}

/**
 * @param gather progress phase of the passes before and between the steps
 * @param method how; by the shape of A unless given
 */
export async function createStepper(
  view: MatrixView,
  k: number,
  job: Job,
  gather: number,
  method: StepMethod | null = null,
): Promise<Stepper> {
  const { rows, cols } = viewShape(view);
  switch (method ?? chooseStepMethod(rows, cols)) {
    case 'gram':
      return gramStepper(rows, k, await job.run(gramPass, { ...view, transpose: !view.transpose }, null, gather));
    case 'resident':
      return residentStepper(view, k);
    case 'streamed':
      return streamedStepper(view, k, job, gather);
  }
}

/** P = G W with G = AAᵀ [rows × rows] in kernel memory. */
function gramStepper(rows: number, k: number, gram: Float64Array): Stepper {
  const kernel = kernels();
  const g = kernel.allocate(8 * rows * rows);
  kernel.f64(g, rows * rows).set(gram);
  const multiply = createSkinnyProduct(rows, rows, k, g);
  const p = new Float64Array(rows * k);
  return {
    step(w, next) {
      multiply.apply(w, p);
      const c = smallCross(w, p, k);
      updateRows(rows, k, w, 0, p, 0, c, next);
      return Promise.resolve({ c, gram: normalizeSpectrally(next, k).gram });
    },
    free() {
      multiply.free();
      kernel.free(g);
    },
  };
}

/** P = A·B, B = AᵀW with A [rows × cols] in kernel memory. */
function residentStepper(view: MatrixView, k: number): Stepper {
  const { rows, cols } = viewShape(view);
  const kernel = kernels();
  const a = kernel.allocate(8 * rows * cols);
  const open = openView(view);
  try {
    const block = Math.max(1, Math.floor(2 ** 18 / cols));
    for (let i = 0; i < rows; i += block) {
      const last = Math.min(rows, i + block);
      const values = new Float64Array((last - i) * cols);
      open.read(i, last, values);
      kernel.f64(a + 8 * i * cols, values.length).set(values);
    }
  } finally {
    open.close();
  }
  const multiply = createSkinnyProduct(rows, cols, k, a);
  const p = new Float64Array(rows * k);
  const b = new Float64Array(cols * k);
  return {
    step(w, next) {
      multiply.applyTransposed(w, b);
      multiply.apply(b, p);
      const c = gramOf(b, k);
      updateRows(rows, k, w, 0, p, 0, c, next);
      return Promise.resolve({ c, gram: normalizeSpectrally(next, k).gram });
    },
    free() {
      multiply.free();
      kernel.free(a);
    },
  };
}

/** A stays where it is; each step is one look at it. */
function streamedStepper(view: MatrixView, k: number, job: Job, phase: number): Stepper {
  const { cols } = viewShape(view);
  const b = job.allocate(cols * k);
  let known: Float64Array | null = null;
  return {
    async step(w, next) {
      if (known !== w) b.set(await job.run(crossPass, view, { b: w, k }, phase));
      const c = gramOf(b, k);
      const cross = await job.run(opnmfPass, view, { b, c: shareFloats(job, c), w, next, k }, phase);
      const { gram, norm } = normalizeSpectrally(next, k);
      // the state is WᵀA of W before its normalisation
      for (let i = 0; i < cols; i++) for (let j = 0; j < k; j++) b[i * k + j] = cross[j * cols + i]! / norm;
      known = next;
      return { c, gram };
    },
    free() {},
  };
}
