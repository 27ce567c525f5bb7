import { itemSize } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { contiguousStrides, copyStrided } from '../../../readers/permute.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { transpose } from './spec.ts';

type Values = StepValues<typeof transpose>;

/** The old axis of every axis of the outcome. */
function orderOf({ axes }: SignalHeader, { signal_axes: chosen }: Values): number[] {
  const wrong = chosen!.find((at, i) => !Number.isInteger(at) || axes[at] === undefined || chosen!.indexOf(at) !== i);
  if (wrong !== undefined) {
    const known = axes.map(({ name }, i) => `${i} ${name}`).join(', ');
    throw new EigenscopeError(
      'parameter-out-of-range',
      `signal_axes: ${wrong} is no axis, or named twice; the axes are ${known}.`,
      {
        param: 'signal_axes',
      },
    );
  }
  return [...axes.keys()].filter((i) => !chosen!.includes(i)).concat(chosen!);
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    const order = orderOf(signal, values);
    const navigation = order.length - values.signal_axes!.length;
    return {
      axes: order.map((from, i) => ({ ...signal.axes[from]!, navigate: i < navigation })),
      shape: order.map((from) => signal.shape[from]!),
    };
  },

  relayout({ layout, ...signal }, values) {
    if (layout.kind !== 'raw' && layout.kind !== 'hdf5') return null;
    const order = orderOf({ layout, ...signal }, values);
    const stored = layout.axisOrder ?? order.map((_, i) => i);
    return { ...layout, axisOrder: order.map((from) => stored[from]!) };
  },

  open({ signal, pixels }, to, values) {
    const order = orderOf(signal, values);
    const size = itemSize(to.dtype);
    const inSource = (told: readonly number[]): number[] => {
      const out = new Array<number>(told.length).fill(0);
      order.forEach((from, i) => (out[from] = told[i]!));
      return out;
    };
    return {
      readInto(target, start, count) {
        const from = inSource(count);
        const bytes = new Uint8Array(target.length);
        pixels.readInto(bytes, inSource(start), from);
        const strides = contiguousStrides(from);
        copyStrided(
          size,
          count,
          { bytes, strides: order.map((axis) => strides[axis]!), offset: 0 },
          { bytes: target, strides: contiguousStrides(count), offset: 0 },
        );
      },
    };
  },
};
