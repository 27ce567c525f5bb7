import type { Job } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { openView, viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { staysResident } from './estimate.ts';
import { huberPass, padded, type HuberState } from './pass.ts';

/** Operands of a look; W = B and G = V unless given. b, w [rows × r]; v, g [r × padded cols]. */
export interface LookAt {
  b: Float64Array;
  v: Float64Array;
  w?: Float64Array;
  g?: Float64Array;
}

/** Looks at X: with C = clip(X − B V, ±λ) tells the Huber loss, ‖C‖², C Gᵀ [rows × r] and Wᵀ C [r × padded cols]. */
export interface HuberLoss {
  rows: number;
  cols: number;
  r: number;
  lambda: number;
  /** The arrays are valid until the next call. */
  look(at: LookAt): Promise<HuberState & { cg: Float64Array }>;
  free(): void;
}

/** @param phase progress phase of the looks where they are passes */
export function createHuberLoss(view: MatrixView, r: number, lambda: number, job: Job, phase: number): HuberLoss {
  const { rows, cols } = viewShape(view);
  return staysResident(rows, cols) ? residentLoss(view, r, lambda) : streamedLoss(view, r, lambda, job, phase);
}

/** Rows of X per call of the kernel. */
const rowsPerCall = 4096;

/** X in kernel memory as float64. */
export function residentLoss(view: MatrixView, r: number, lambda: number): HuberLoss {
  const { rows, cols } = viewShape(view);
  const kernel = kernels();
  const ld = padded(cols);
  const x = loadAll(view);
  const [b, w, cg] = [0, 0, 0].map(() => kernel.allocate(8 * rows * r)) as [number, number, number];
  const [v, g, wc] = [0, 0, 0].map(() => kernel.allocate(8 * r * ld)) as [number, number, number];
  const sums = kernel.allocate(16);
  const scratch = kernel.allocate(8 * kernel.run.huberScratch());
  return {
    rows,
    cols,
    r,
    lambda,
    look(at) {
      kernel.f64(b, rows * r).set(at.b);
      kernel.f64(v, r * ld).set(at.v);
      if (at.w) kernel.f64(w, rows * r).set(at.w);
      if (at.g) kernel.f64(g, r * ld).set(at.g);
      kernel.f64(wc, r * ld).fill(0);
      kernel.f64(sums, 2).fill(0);
      for (let i = 0; i < rows; i += rowsPerCall) {
        const count = Math.min(rowsPerCall, rows - i);
        const shift = 8 * i * r;
        const spread = (at.w ? w : b) + shift;
        const gather = at.g ? g : v;
        kernel.run.huberRows(
          count, cols, r, x + 8 * i * cols, b + shift, v, spread, gather, 8 * ld, lambda, cg + shift, wc, sums, scratch,
        ); // prettier-ignore
      }
      const [loss = 0, square = 0] = kernel.f64(sums, 2);
      return Promise.resolve({ loss, square, cg: kernel.f64(cg, rows * r), wc: kernel.f64(wc, r * ld) });
    },
    free() {
      for (const address of [scratch, sums, wc, g, v, cg, w, b, x]) kernel.free(address);
    },
  };
}

/** Copies X to kernel memory; returns its address. */
function loadAll(view: MatrixView): number {
  const open = openView(view);
  const kernel = kernels();
  const { rows, cols } = open;
  const x = kernel.allocate(8 * rows * cols);
  try {
    const step = Math.max(1, Math.floor(2 ** 18 / cols));
    for (let i = 0; i < rows; i += step) {
      const last = Math.min(rows, i + step);
      const values = new Float64Array((last - i) * cols);
      open.read(i, last, values);
      kernel.f64(x + 8 * i * cols, values.length).set(values);
    }
    return x;
  } catch (error) {
    kernel.free(x);
    throw error;
  } finally {
    open.close();
  }
}

/** X stays where it is; each look is a pass over all threads. */
export function streamedLoss(view: MatrixView, r: number, lambda: number, job: Job, phase: number): HuberLoss {
  const { rows, cols } = viewShape(view);
  const ld = padded(cols);
  const [b, w, cg] = [0, 0, 0].map(() => job.allocate(rows * r)) as Float64Array[];
  const [v, g] = [0, 0].map(() => job.allocate(r * ld)) as Float64Array[];
  return {
    rows,
    cols,
    r,
    lambda,
    async look(at) {
      b!.set(at.b);
      v!.set(at.v);
      if (at.w) w!.set(at.w);
      if (at.g) g!.set(at.g);
      const shared = { r, lambda, b: b!, v: v!, w: at.w ? w! : b!, g: at.g ? g! : v!, cg: cg! };
      const state = await job.run(huberPass, view, shared, phase);
      return { ...state, cg: cg! };
    },
    free() {},
  };
}
