import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { featureCount, signalAxes } from '../../../model/signal.ts';
import { openBySpectrum } from '../pipeline/by-spectrum.ts';
import { channelRange } from '../pipeline/channel-range.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { normalize } from './spec.ts';

type Values = StepValues<typeof normalize>;

/** Channels [first, end) that the size is taken from: all of them without a range. */
function windowOf(signal: SignalHeader, { start, end }: Values): readonly [number, number] {
  if (start === null && end === null) return [0, featureCount(signal.axes)];
  const [axis, ...more] = signalAxes(signal.axes);
  if (axis === undefined || more.length > 0) {
    throw new EigenscopeError('parameter-out-of-range', 'start: a range of channels needs data with one signal axis.', {
      param: 'start',
    });
  }
  return channelRange(axis, start, end);
}

/** What is subtracted from a spectrum, and what it is divided by. */
function sizeOf(method: Values['method'], part: Float64Array): [shift: number, size: number] {
  let sum = 0;
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < part.length; i++) {
    const value = part[i]!;
    sum += value;
    squares += value * value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  switch (method) {
    case 'area':
      return [0, sum];
    case 'max':
      return [0, high];
    case 'l2':
      return [0, Math.sqrt(squares)];
    case 'minmax':
      return [low, high - low];
    case 'snv': {
      const mean = sum / part.length;
      let away = 0;
      for (let i = 0; i < part.length; i++) away += (part[i]! - mean) ** 2;
      return [mean, Math.sqrt(away / Math.max(1, part.length - 1))];
    }
  }
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'normalisation');
    windowOf(signal, values);
    return { dtype: floatingTypeOf(signal.dtype), quantity: { name: signal.quantity.name, units: null } };
  },
  open(given, to, values) {
    const [first, end] = windowOf(given.signal, values);
    return openBySpectrum(given, to, (input, output) => {
      const [shift, size] = sizeOf(values.method, input.subarray(first, end));
      if (size === 0) output.set(input);
      else for (let i = 0; i < input.length; i++) output[i] = (input[i]! - shift) / size;
    });
  },
};
