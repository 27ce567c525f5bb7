import { kernels } from '../../../kernels/kernels.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';

/** G = log cosh(a u)/a, −e^(−a u²/2)/a, u⁴/4, u³/3; g and g' are its derivatives. */
export type Contrast = 'logcosh' | 'exp' | 'cube' | 'square';
const kinds: Readonly<Record<Contrast, number>> = { logcosh: 0, exp: 1, cube: 2, square: 3 };

/** Means over the samples y for rows w of W, with u = w·y. */
export interface ContrastMeans {
  /** E[g(u) y] [rows × k] */
  products: Matrix;
  /** E[g'(u)] [rows] */
  slopes: Float64Array;
  /** E[G(u)] [rows] */
  values: Float64Array;
}

/** White samples in kernel memory. Free them. */
export interface Samples {
  count: number;
  k: number;
  /** @param w rows of length k */
  means(contrast: Contrast, a: number, w: Matrix): ContrastMeans;
  free(): void;
}

/** @param y [samples × k] */
export function loadSamples(y: Matrix): Samples {
  const { rows: count, cols: k } = y;
  const kernel = kernels();
  const padded = count + (count % 2);
  const columns = kernel.allocate(8 * padded * k);
  const scratch = kernel.allocate(8 * kernel.run.contrastScratch());
  for (let c = 0; c < k; c++) {
    const column = kernel.f64(columns + 8 * padded * c, padded);
    for (let t = 0; t < count; t++) column[t] = y.data[t * k + c]!;
    if (padded > count) column[count] = 0;
  }
  return {
    count,
    k,
    means(contrast, a, w) {
      const m = w.rows;
      return kernel.scope((allocate) => {
        const rows = allocate(8 * m * k);
        const sums = allocate(8 * (m * k + 2 * m));
        const [slopes, values] = [sums + 8 * m * k, sums + 8 * (m * k + m)];
        kernel.f64(rows, m * k).set(w.data);
        kernel.f64(sums, m * k + 2 * m).fill(0);
        kernel.run.contrastSums(
          kinds[contrast], a, padded, k, m, columns, 8 * padded, rows, sums, slopes, values, scratch,
        ); // prettier-ignore
        // a value of 0 was added to make the count even
        const extra = padded - count;
        const atZero = extra === 0 ? null : valuesAtZero(contrast, a);
        const mean = (address: number, length: number, zero = 0): Float64Array =>
          kernel.f64(address, length).map((sum) => (sum - extra * zero) / count);
        return {
          products: createMatrix(m, k, mean(sums, m * k)),
          slopes: mean(slopes, m, atZero?.slope),
          values: mean(values, m, atZero?.value),
        };
      });
    },
    free() {
      kernel.free(scratch);
      kernel.free(columns);
    },
  };
}

const valuesAtZero = (contrast: Contrast, a: number): { slope: number; value: number } =>
  contrast === 'logcosh'
    ? { slope: a, value: 0 }
    : contrast === 'exp'
      ? { slope: 1, value: -1 / a }
      : { slope: 0, value: 0 };

/** E[G(ν)] of a standard normal ν. */
export function gaussianValue(contrast: Contrast, a: number): number {
  switch (contrast) {
    case 'exp':
      return -1 / (a * Math.sqrt(1 + a));
    case 'cube':
      return 3 / 4;
    case 'square':
      return 0;
    case 'logcosh': {
      // the trapezoidal rule is exact to rounding for such smooth, fast falling functions
      const step = 1 / 64;
      let sum = 0;
      for (let i = -12 * 64; i <= 12 * 64; i++) {
        const u = Math.abs(i * step * a);
        sum += (u + Math.log1p(Math.exp(-2 * u)) - Math.LN2) * Math.exp(-((i * step) ** 2) / 2);
      }
      return (sum * step) / (a * Math.sqrt(2 * Math.PI));
    }
  }
}

/**
 * How far sources are from Gaussian in all, Σ_i (E[G(u_i)] − E[G(ν)])²: what FastICA looks for the most of.
 * @see Hyvärinen, IEEE Trans. Neural Netw. 10, 626 (1999), eq. 7
 */
export const negentropy = (values: Float64Array, gaussian: number): number =>
  values.reduce((sum, value) => sum + (value - gaussian) ** 2, 0);
