import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';

/** Operands of one look at X [rows × cols] with C = clip(X − B V, ±λ); all in shared memory. */
export interface HuberShared {
  r: number;
  lambda: number;
  /** [rows × r] */
  b: Float64Array;
  /** [r × padded cols] */
  v: Float64Array;
  /** [rows × r]: Wᵀ C is added up */
  w: Float64Array;
  /** [r × padded cols]: C Gᵀ is written to `cg` */
  g: Float64Array;
  /** takes C Gᵀ [rows × r] */
  cg: Float64Array;
}

export interface HuberState {
  /** Wᵀ C [r × padded cols] */
  wc: Float64Array;
  /** Σ C (R − C/2), the Huber loss */
  loss: number;
  /** Σ C² */
  square: number;
}

/** Row length of V, G and Wᵀ C: the kernel goes in pairs, a last odd place stays 0. */
export const padded = (cols: number): number => cols + (cols & 1);

/** Huber loss of X − B V and products with its clipped residual, for data that do not fit beside the thread. */
export const huberPass: Pass<HuberShared, HuberState> = {
  id: 'rpca-huber',
  // every part copies V and G: they count like a state
  stateBytes: (cols, { r }) => 8 * r * padded(cols),
  partial(cols, shared, next) {
    const kernel = kernels();
    const { r } = shared;
    const width = r * padded(cols);
    const buffer = createRowBuffer(kernel, cols);
    try {
      return kernel.scope((allocate) => {
        const [v, g, wc] = [allocate(8 * width), allocate(8 * width), allocate(8 * width)];
        const [b, w, cg] = [0, 0, 0].map(() => allocate(8 * buffer.capacity * r)) as [number, number, number];
        const sums = allocate(16);
        const scratch = allocate(8 * kernel.run.huberScratch());
        kernel.f64(v, width).set(shared.v);
        kernel.f64(g, width).set(shared.g);
        kernel.f64(wc, width).fill(0);
        kernel.f64(sums, 2).fill(0);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            const from = (block.start + start) * r;
            const to = from + count * r;
            kernel.f64(b, count * r).set(shared.b.subarray(from, to));
            kernel.f64(w, count * r).set(shared.w.subarray(from, to));
            const { huberRows } = kernel.run;
            huberRows(count, cols, r, address, b, v, w, g, 8 * padded(cols), shared.lambda, cg, wc, sums, scratch);
            shared.cg.set(kernel.f64(cg, count * r), from);
          }
        }
        const [loss = 0, square = 0] = kernel.f64(sums, 2);
        return { wc: kernel.f64(wc, width).slice(), loss, square };
      });
    } finally {
      buffer.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.wc.length; i++) a.wc[i]! += b.wc[i]!;
    a.loss += b.loss;
    a.square += b.square;
    return a;
  },
};
