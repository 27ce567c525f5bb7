/**
 * Derivative along one axis of an array in C order, by central differences inside and one-sided ones at the ends;
 * on a non-uniform axis with the three-point formula for unequal steps.
 * @param shape sizes of the axes of `values`, slowest first
 * @param coordinates of the axis, `shape[axis]` of them, or its step when it is uniform
 */
export function gradient(
  values: Float64Array,
  shape: readonly number[],
  axis: number,
  coordinates: Float64Array | number,
): Float64Array {
  const n = shape[axis]!;
  const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const out = new Float64Array(values.length);
  if (n < 2) return out;
  const at = (i: number): number => (typeof coordinates === 'number' ? i * coordinates : coordinates[i]!);
  for (let start = 0; start < values.length; start += n * stride) {
    for (let inner = 0; inner < stride; inner++) {
      const first = start + inner;
      const value = (i: number): number => values[first + i * stride]!;
      out[first] = (value(1) - value(0)) / (at(1) - at(0));
      out[first + (n - 1) * stride] = (value(n - 1) - value(n - 2)) / (at(n - 1) - at(n - 2));
      for (let i = 1; i < n - 1; i++) {
        out[first + i * stride] =
          typeof coordinates === 'number'
            ? (value(i + 1) - value(i - 1)) / (2 * coordinates)
            : unequal(value(i - 1), value(i), value(i + 1), at(i) - at(i - 1), at(i + 1) - at(i));
      }
    }
  }
  return out;
}

const unequal = (before: number, here: number, after: number, h1: number, h2: number): number =>
  (-h2 / (h1 * (h1 + h2))) * before + ((h2 - h1) / (h1 * h2)) * here + (h1 / (h2 * (h1 + h2))) * after;
