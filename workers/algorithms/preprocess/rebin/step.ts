import type { Axis } from '../../../model/axes.ts';
import { elementCount } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { toFloat64 } from '../../../readers/elements.ts';
import { floatingTypeOf, requireReal, sumTypeOf, writeElements } from '../pipeline/encode.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { rebin } from './spec.ts';

type Values = StepValues<typeof rebin>;

/** Small enough to be rounding: a bin that ends this near to a value ends there. */
const tiny = 1e-9;

/** The scale of every axis, checked. */
function scalesOf({ shape, axes }: SignalHeader, { scale }: Values): readonly number[] {
  const refuse = (message: string): never => {
    throw new EigenscopeError('parameter-out-of-range', `scale: ${message}`, { param: 'scale' });
  };
  if (scale!.length !== shape.length) {
    refuse(`${shape.length} numbers are needed, for ${axes.map(({ name }) => name).join(', ')}; got ${scale!.length}.`);
  }
  const wrong = scale!.findIndex((s, i) => !(s >= 1 && s <= shape[i]!));
  if (wrong >= 0) refuse(`${scale![wrong]} for ${axes[wrong]!.name} must be from 1 to its ${shape[wrong]} values.`);
  return scale!;
}

function rebinAxis(axis: Axis, scale: number): Axis {
  const size = Math.floor(axis.size / scale + tiny);
  const { values, ...rest } = axis;
  // the coordinate of a bin is that of its middle
  const listed = values && {
    values: Array.from({ length: size }, (_, i) => {
      const middle = (i + 0.5) * scale - 0.5;
      const low = Math.min(values.length - 1, Math.floor(middle));
      const high = Math.min(values.length - 1, low + 1);
      return values[low]! + (middle - low) * (values[high]! - values[low]!);
    }),
  };
  return {
    ...rest,
    size,
    scale: axis.scale * scale,
    offset: axis.offset + (axis.scale * (scale - 1)) / 2,
    ...listed,
  };
}

/** Shares of old values in new ones along one axis: for each new index, its first old index and the weights from there on. */
interface Shares {
  first: number[];
  weights: Float64Array[];
}

function sharesOf(scale: number, start: number, count: number, size: number): Shares {
  const first: number[] = [];
  const weights: Float64Array[] = [];
  for (let i = start; i < start + count; i++) {
    const low = i * scale;
    const high = (i + 1) * scale;
    const from = Math.floor(low + tiny);
    const end = Math.min(size, Math.ceil(high - tiny));
    first.push(from);
    weights.push(
      Float64Array.from({ length: end - from }, (_, k) => Math.min(high, from + k + 1) - Math.max(low, from + k)),
    );
  }
  return { first, weights };
}

/** Adds up along one axis of a C-order block: [outer × old × inner] becomes [outer × new × inner]. */
function addUp(
  values: Float64Array,
  outer: number,
  old: number,
  inner: number,
  shares: Shares,
  offset: number,
): Float64Array {
  const fresh = shares.first.length;
  const out = new Float64Array(outer * fresh * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < fresh; j++) {
      const to = (o * fresh + j) * inner;
      const weights = shares.weights[j]!;
      for (let k = 0; k < weights.length; k++) {
        const from = (o * old + shares.first[j]! - offset + k) * inner;
        const weight = weights[k]!;
        for (let i = 0; i < inner; i++) out[to + i] = out[to + i]! + weight * values[from + i]!;
      }
    }
  }
  return out;
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'rebinning');
    const scales = scalesOf(signal, values);
    const axes = signal.axes.map((axis, i) => (scales[i] === 1 ? axis : rebinAxis(axis, scales[i]!)));
    const isWhole = scales.every(Number.isInteger) && !values.average;
    const left = axes.flatMap(({ name, size }, i) =>
      signal.shape[i]! - size * scales[i]! > tiny ? [`the last of ${name}`] : [],
    );
    return {
      axes,
      shape: axes.map(({ size }) => size),
      dtype: isWhole ? sumTypeOf(signal.dtype, elementCount(scales)) : floatingTypeOf(signal.dtype),
      warnings:
        left.length === 0
          ? signal.warnings
          : [...signal.warnings, `Rebinning left out ${left.join(' and ')}: they fill no bin.`],
    };
  },

  open({ signal, pixels }, to, values) {
    const scales = scalesOf(signal, values);
    const size = elementCount(scales);
    const band = pixels.band === undefined ? {} : { band: Math.max(1, Math.ceil(pixels.band / scales[0]!)) };
    return {
      ...band,
      readInto(target, start, count) {
        const shares = scales.map((scale, axis) => sharesOf(scale, start[axis]!, count[axis]!, signal.shape[axis]!));
        const from = shares.map(({ first }) => first[0]!);
        const shape = shares.map(({ first, weights }, axis) => first.at(-1)! + weights.at(-1)!.length - from[axis]!);
        let block = toFloat64(pixels.read(from, shape), signal.dtype);
        for (const [axis, scale] of scales.entries()) {
          if (scale === 1) continue;
          const outer = elementCount(shape.slice(0, axis));
          block = addUp(block, outer, shape[axis]!, elementCount(shape.slice(axis + 1)), shares[axis]!, from[axis]!);
          shape[axis] = count[axis]!;
        }
        if (values.average) for (let i = 0; i < block.length; i++) block[i] = block[i]! / size;
        writeElements(block, to.dtype, target);
      },
    };
  },
};
