import { elementCount, type DType } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { toFloat64 } from '../../../readers/elements.ts';
import { axisIndexOf } from '../pipeline/axis-of.ts';
import { floatingTypeOf, requireReal, sumTypeOf, writeElements } from '../pipeline/encode.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { reduceAxis } from './spec.ts';

type Values = StepValues<typeof reduceAxis>;

/** Values that are held at once while an axis is walked along. */
const pieceValues = 2 ** 20;

const typeOf = (name: Values['function'], dtype: DType, count: number): DType =>
  name === 'sum' ? sumTypeOf(dtype, count) : name === 'max' || name === 'min' ? dtype : floatingTypeOf(dtype);

/** Adds one more slab along the axis to what has been gathered; NaN stays NaN. */
function gather(
  name: Values['function'],
  slab: Float64Array,
  sum: Float64Array,
  squares: Float64Array,
  seen: number,
): void {
  const n = sum.length;
  if (name === 'max' || name === 'min') {
    const better = name === 'max' ? Math.max : Math.min;
    for (let i = 0; i < n; i++) sum[i] = seen === 0 ? slab[i]! : better(sum[i]!, slab[i]!);
    return;
  }
  if (name !== 'std') {
    for (let i = 0; i < n; i++) sum[i] = sum[i]! + slab[i]!;
    return;
  }
  // Welford's updates: no loss of digits where the mean is large
  for (let i = 0; i < n; i++) {
    const away = slab[i]! - sum[i]!;
    sum[i] = sum[i]! + away / (seen + 1);
    squares[i] = squares[i]! + away * (slab[i]! - sum[i]!);
  }
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'a sum or mean');
    const index = axisIndexOf(signal.axes, values.axis!);
    const kept = signal.axes.filter((_, i) => i !== index);
    if (kept.length === 0) {
      throw new EigenscopeError('parameter-out-of-range', 'axis: it is the only axis; one number would be left.', {
        param: 'axis',
      });
    }
    const axes = kept.some(({ navigate }) => !navigate) ? kept : kept.map((axis) => ({ ...axis, navigate: false }));
    return {
      axes,
      shape: axes.map(({ size }) => size),
      dtype: typeOf(values.function, signal.dtype, signal.shape[index]!),
    };
  },

  open({ signal, pixels }, to, values) {
    const index = axisIndexOf(signal.axes, values.axis!);
    const length = signal.shape[index]!;
    return {
      readInto(target, start, count) {
        const values_ = elementCount(count);
        const sum = new Float64Array(values_);
        const squares = new Float64Array(values.function === 'std' ? values_ : 0);
        const slab = new Float64Array(values_);
        const outer = elementCount(count.slice(0, index));
        const inner = elementCount(count.slice(index));
        const most = Math.max(1, Math.floor(pieceValues / Math.max(1, values_)));
        for (let first = 0; first < length; first += most) {
          const many = Math.min(most, length - first);
          const block = toFloat64(
            pixels.read(start.toSpliced(index, 0, first), count.toSpliced(index, 0, many)),
            signal.dtype,
          );
          for (let k = 0; k < many; k++) {
            for (let o = 0; o < outer; o++) {
              const at = (o * many + k) * inner;
              slab.set(block.subarray(at, at + inner), o * inner);
            }
            gather(values.function, slab, sum, squares, first + k);
          }
        }
        if (values.function === 'mean') for (let i = 0; i < values_; i++) sum[i] = sum[i]! / length;
        if (values.function === 'std') for (let i = 0; i < values_; i++) sum[i] = Math.sqrt(squares[i]! / length);
        writeElements(sum, to.dtype, target);
      },
    };
  },
};
