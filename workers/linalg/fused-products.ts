import { kernels } from '../kernels/kernels.ts';

/**
 * X·H for pieces of X and, once rows of W have been made from it, WᵀX, while the piece is still in the cache: one look at
 * X for both. For few columns.
 */
export interface FusedProducts {
  /**
   * @param block rows × cols, row-major; float32 for single precision
   * @param update gets X·H of `count` rows of the block from `first` on (count × k, float64, valid during the call) and
   *   returns their rows of W (count × k)
   */
  sweep(
    block: Float64Array | Float32Array,
    rows: number,
    update: (products: Float64Array, first: number, count: number) => Float64Array,
  ): void;
  /** XᵀW so far [cols × k], row-major */
  toCross(): Float64Array;
  free(): void;
}

/** Bytes of X at once: stays in the second-level cache between its two products. */
const pieceBytes = 256 * 1024;
const fewestRows = 32;
/** of very long rows fewer than that are taken */
const mostBytes = 16 * 2 ** 20;
/** Rows whose products are added up in single precision before they go to the double-precision sums. */
const mostRows = 256;

/**
 * @param h H [cols × k], row-major; copied
 * @param precision of X, of H, and of sums over a piece; sums over pieces are double precision
 */
export function createFusedProducts(
  h: Float64Array,
  cols: number,
  k: number,
  precision: 'single' | 'double',
): FusedProducts {
  const wasm = kernels();
  const single = precision === 'single';
  const size = single ? 4 : 8;
  const line = Math.max(1, cols) * size;
  const wanted = Math.max(fewestRows, 2 * Math.floor(pieceBytes / (2 * line)));
  const capacity = Math.max(2, Math.min(mostRows, wanted, Math.floor(mostBytes / line)));
  const bytes = { x: capacity * cols * size, h: cols * k * size, products: capacity * k * 8, sums: cols * k * 8 };
  const taken: number[] = [];
  const place = (count: number): number => {
    const address = wasm.allocate(count);
    taken.push(address);
    return address;
  };
  const [x, right, products, w] = [place(bytes.x), place(bytes.h), place(bytes.products), place(bytes.products)];
  const sums = place(bytes.sums);
  const pieceSums = single ? place(cols * k * 4) : sums;
  const view = (address: number, count: number): Float64Array | Float32Array =>
    single ? wasm.f32(address, count) : wasm.f64(address, count);
  const transposed = view(right, cols * k);
  for (let j = 0; j < cols; j++) for (let t = 0; t < k; t++) transposed[t * cols + j] = h[j * k + t]!;
  wasm.f64(sums, cols * k).fill(0);
  const [dots, outer] = single
    ? [wasm.run.skinnyDots32, wasm.run.skinnyOuter32]
    : [wasm.run.skinnyDots64, wasm.run.skinnyOuter64];
  return {
    sweep(block, rows, update) {
      for (let first = 0; first < rows; first += capacity) {
        const count = Math.min(capacity, rows - first);
        view(x, count * cols).set(block.subarray(first * cols, (first + count) * cols));
        const found = wasm.f64(products, count * k);
        found.fill(0);
        dots(count, cols, k, x, line, right, line, products);
        wasm.f64(w, count * k).set(update(found, first, count));
        if (single) wasm.f32(pieceSums, cols * k).fill(0);
        outer(count, cols, k, x, line, w, pieceSums, line);
        if (single) wasm.run.addScaled(cols * k, 1, pieceSums, sums);
      }
    },
    toCross() {
      const values = wasm.f64(sums, cols * k);
      const cross = new Float64Array(cols * k);
      for (let j = 0; j < cols; j++) for (let t = 0; t < k; t++) cross[j * k + t] = values[t * cols + j]!;
      return cross;
    },
    free() {
      for (const address of taken.reverse()) wasm.free(address);
    },
  };
}
