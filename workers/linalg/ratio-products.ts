import { kernels } from '../kernels/kernels.ts';

/** What is known of some rows before their rows of W change. Valid during the call. */
export interface RatioRows {
  /** index of the first of them within the block, and how many they are */
  first: number;
  count: number;
  /** X, and with Y = W·Hᵀ: X/Y, or with weights X/Y² and 1/Y; count × cols */
  x: Float64Array;
  ratio: Float64Array;
  weight: Float64Array | null;
  /** ratio·H, and with weights weight·H; count × k */
  numerator: Float64Array;
  divisor: Float64Array | null;
}

/**
 * Products of the ratios of data to a model of few components, for multiplicative steps: of a block its ratios with the
 * old rows of W, and once those have changed, ratiosᵀ·W with the new ones. Only a piece of the model exists at a time.
 */
export interface RatioProducts {
  /**
   * @param block rows × cols, row-major
   * @param w their rows of W, rows × k; read piece by piece
   * @param update returns the new rows of W (count × k)
   */
  sweep(block: Float64Array, rows: number, w: Float64Array, update: (rows: RatioRows) => Float64Array): void;
  /** ratioᵀ·W so far, [cols × k] */
  toNumerator(): Float64Array;
  /** weightᵀ·W so far, [cols × k] */
  toDivisor(): Float64Array;
  free(): void;
}

/** Bytes of a piece of X, of its ratios and of its weights: they stay in the second-level cache. */
const pieceBytes = 256 * 1024;

/**
 * @param h H [cols × k], row-major; copied
 * @param least smaller values of the model count as this
 */
export function createRatioProducts(
  h: Float64Array,
  cols: number,
  k: number,
  least: number,
  weighs: boolean,
): RatioProducts {
  const wasm = kernels();
  const line = cols * 8;
  const capacity = Math.max(2, 2 * Math.floor(pieceBytes / (2 * Math.max(1, line))));
  const taken: number[] = [];
  const place = (values: number): number => {
    const address = wasm.allocate(values * 8);
    taken.push(address);
    return address;
  };
  const [x, ratio, weight] = [place(capacity * cols), place(capacity * cols), weighs ? place(capacity * cols) : 0];
  const [w, numerator, divisor] = [place(capacity * k), place(capacity * k), weighs ? place(capacity * k) : 0];
  const [right, sums, weightSums] = [place(cols * k), place(cols * k), weighs ? place(cols * k) : 0];
  const transposed = wasm.f64(right, cols * k);
  for (let j = 0; j < cols; j++) for (let t = 0; t < k; t++) transposed[t * cols + j] = h[j * k + t]!;
  for (const address of [sums, weightSums]) if (address !== 0) wasm.f64(address, cols * k).fill(0);

  const findRatios = (count: number): void => wasm.run.modelRatios(count, cols, k, x, w, right, least, ratio, weight);
  const project = (count: number, from: number, to: number): Float64Array => {
    wasm.f64(to, count * k).fill(0);
    wasm.run.skinnyDots64(count, cols, k, from, line, right, line, to);
    return wasm.f64(to, count * k);
  };
  const standing = (address: number): Float64Array => {
    const values = wasm.f64(address, cols * k);
    const out = new Float64Array(cols * k);
    for (let j = 0; j < cols; j++) for (let t = 0; t < k; t++) out[j * k + t] = values[t * cols + j]!;
    return out;
  };
  return {
    sweep(block, rows, rowsOfW, update) {
      for (let first = 0; first < rows; first += capacity) {
        const count = Math.min(capacity, rows - first);
        wasm.f64(x, count * cols).set(block.subarray(first * cols, (first + count) * cols));
        wasm.f64(w, count * k).set(rowsOfW.subarray(first * k, (first + count) * k));
        findRatios(count);
        const changed = update({
          first,
          count,
          x: wasm.f64(x, count * cols),
          ratio: wasm.f64(ratio, count * cols),
          weight: weighs ? wasm.f64(weight, count * cols) : null,
          numerator: project(count, ratio, numerator),
          divisor: weighs ? project(count, weight, divisor) : null,
        });
        wasm.f64(w, count * k).set(changed);
        findRatios(count);
        wasm.run.skinnyOuter64(count, cols, k, ratio, line, w, sums, line);
        if (weighs) wasm.run.skinnyOuter64(count, cols, k, weight, line, w, weightSums, line);
      }
    },
    toNumerator: () => standing(sums),
    toDivisor: () => standing(weightSums),
    free() {
      for (const address of taken.reverse()) wasm.free(address);
    },
  };
}
