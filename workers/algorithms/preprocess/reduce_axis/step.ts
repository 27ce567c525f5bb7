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

/** What has been gathered of each value of the outcome so far; `squares` only where a deviation is asked for. */
interface Gathered {
  sum: Float64Array;
  squares: Float64Array;
}

/** How one more value joins those before; NaN stays NaN. */
type Join = (held: Gathered, at: number, value: number, seen: number) => void;

const joins: Readonly<Record<Values['function'], Join>> = {
  sum: ({ sum }, at, value) => void (sum[at] = sum[at]! + value),
  mean: ({ sum }, at, value) => void (sum[at] = sum[at]! + value),
  max: ({ sum }, at, value, seen) => void (sum[at] = seen === 0 ? value : Math.max(sum[at]!, value)),
  min: ({ sum }, at, value, seen) => void (sum[at] = seen === 0 ? value : Math.min(sum[at]!, value)),
  // Welford's updates: no loss of digits where the mean is large
  std: ({ sum, squares }, at, value, seen) => {
    const away = value - sum[at]!;
    sum[at] = sum[at]! + away / (seen + 1);
    squares[at] = squares[at]! + away * (value - sum[at]!);
  },
};

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
    const name = values.function;
    const join = joins[name];
    return {
      readInto(target, start, count) {
        const size = elementCount(count);
        const sum = new Float64Array(size);
        const held = { sum, squares: new Float64Array(name === 'std' ? size : 0) };
        const outer = elementCount(count.slice(0, index));
        const inner = elementCount(count.slice(index));
        const most = Math.max(1, Math.floor(pieceValues / Math.max(1, size)));
        for (let first = 0; first < length; first += most) {
          const many = Math.min(most, length - first);
          const from = start.toSpliced(index, 0, first);
          const block = toFloat64(pixels.read(from, count.toSpliced(index, 0, many)), signal.dtype);
          // in the order of memory, whichever axis goes away
          for (let o = 0, at = 0; o < outer; o++) {
            for (let k = 0; k < many; k++) {
              for (let i = 0; i < inner; i++, at++) join(held, o * inner + i, block[at]!, first + k);
            }
          }
        }
        if (name === 'mean') for (let i = 0; i < size; i++) sum[i] = sum[i]! / length;
        if (name === 'std') for (let i = 0; i < size; i++) sum[i] = Math.sqrt(held.squares[i]! / length);
        writeElements(sum, to.dtype, target);
      },
    };
  },
};
