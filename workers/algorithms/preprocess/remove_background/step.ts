import { axisValues, type Axis } from '../../../model/axes.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { openBySpectrum } from '../pipeline/by-spectrum.ts';
import { channelRange } from '../pipeline/channel-range.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import { linesOf } from '../pipeline/lines.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import { asymmetric } from './asymmetric.ts';
import { polynomial } from './polynomial.ts';
import { leastSquaresPowerLaw, twoAreas, type Background } from './power-law.ts';
import { snip } from './snip.ts';
import type { removeBackground } from './spec.ts';

type Values = StepValues<typeof removeBackground>;

const refuse = (param: string, message: string): never => {
  throw new EigenscopeError('parameter-out-of-range', `${param}: ${message}`, { param });
};

const signalAxisOf = (signal: SignalHeader): Axis => signal.axes[linesOf(signal, null).axis]!;

/** The window of the fit, checked; null for methods that need none. */
function windowOf(
  axis: Axis,
  { method, start, end, polynomial_order: order }: Values,
): readonly [number, number] | null {
  if (method !== 'power_law' && method !== 'polynomial') return null;
  const [first, last] = channelRange(axis, start, end);
  const needed = method === 'power_law' ? 4 : order + 1;
  if (last - first < needed) {
    refuse('end', `the window holds ${last - first} channels; ${needed} or more are needed. Make it wider.`);
  }
  if (method === 'power_law') {
    if (axis.values !== undefined)
      refuse('method', `${axis.name} is uneven, which a power law of two areas cannot use; take a polynomial.`);
    if (axis.scale < 0) refuse('method', `${axis.name} falls; a power law needs a rising energy axis.`);
    const lowest = axis.offset + axis.scale * first;
    if (!(lowest > 0)) refuse('start', `a power law needs energies above 0; the window begins at ${lowest}.`);
  }
  return [first, last];
}

function backgroundOf(axis: Axis, values: Values): Background {
  const window = windowOf(axis, values);
  const x = axisValues(axis);
  switch (values.method) {
    case 'power_law':
      return (values.fit === 'two_areas' ? twoAreas : leastSquaresPowerLaw)(x, ...window!);
    case 'polynomial':
      return polynomial(x, ...window!, values.polynomial_order);
    case 'snip':
      return snip(axis.size, values.width);
    case 'asymmetric':
      return asymmetric(axis.size, values.smoothness, values.asymmetry);
  }
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'background removal');
    if (signal.axes.filter(({ navigate }) => !navigate).length !== 1) {
      refuse('method', 'the data need exactly one signal axis; exchange the axes first.');
    }
    windowOf(signalAxisOf(signal), values);
    return { dtype: floatingTypeOf(signal.dtype) };
  },
  open(given, to, values) {
    const axis = signalAxisOf(given.signal);
    const find = backgroundOf(axis, values);
    const zeroBefore = values.zero_fill ? (windowOf(axis, values)?.[0] ?? 0) : 0;
    const isSubtracted = values.output === 'subtracted';
    return openBySpectrum(given, to, (input, output) => {
      find(input, output);
      if (isSubtracted) for (let i = 0; i < input.length; i++) output[i] = input[i]! - output[i]!;
      output.fill(0, 0, zeroBefore);
    });
  },
};
