import type { LoadedArray } from '../../main/contract/client.ts';

/** One real number per element: the modulus of complex numbers, the luminance (Rec. 709 weights) of colours. */
export function realValues(array: LoadedArray): ArrayLike<number> {
  const { dtype, data } = array;
  if (dtype.startsWith('complex')) {
    return Float64Array.from({ length: data.length / 2 }, (_, i) => Math.hypot(data[2 * i] ?? 0, data[2 * i + 1] ?? 0));
  }
  if (dtype.startsWith('rgb')) {
    const step = dtype.startsWith('rgba') ? 4 : 3;
    return Float64Array.from({ length: data.length / step }, (_, i) => {
      const [r = 0, g = 0, b = 0] = [data[step * i], data[step * i + 1], data[step * i + 2]];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
  }
  return data;
}
