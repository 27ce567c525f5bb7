import { axisValues } from '../../../model/axes.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { openBySpectrum } from '../pipeline/by-spectrum.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import { filterLines, linesOf, type LineFilter } from '../pipeline/lines.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import { savitzkyGolay } from '../pipeline/savitzky-golay.ts';
import type { derivative } from './spec.ts';

type Values = StepValues<typeof derivative>;

/**
 * Differences of second order on any coordinates, of first order at the ends, as numpy.gradient.
 * @see B. Fornberg, Mathematics of Computation 51, 699 (1988)
 */
function gradient(x: Float64Array, order: number): LineFilter {
  const n = x.length;
  const held = new Float64Array(n);
  const once: LineFilter = (line, out) => {
    out[0] = (line[1]! - line[0]!) / (x[1]! - x[0]!);
    out[n - 1] = (line[n - 1]! - line[n - 2]!) / (x[n - 1]! - x[n - 2]!);
    for (let i = 1; i < n - 1; i++) {
      const before = x[i]! - x[i - 1]!;
      const after = x[i + 1]! - x[i]!;
      out[i] =
        (line[i + 1]! * before * before - line[i - 1]! * after * after + line[i]! * (after * after - before * before)) /
        (before * after * (before + after));
    }
  };
  return (line, out) => {
    once(line, out);
    for (let k = 1; k < order; k++) {
      held.set(out);
      once(held, out);
    }
  };
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'a derivative');
    const { axis, length } = linesOf(signal, values.axis);
    const along = signal.axes[axis]!;
    const refuse = (param: string, message: string): never => {
      throw new EigenscopeError('parameter-out-of-range', `${param}: ${message}`, { param });
    };
    if (values.method === 'savitzky_golay') {
      if (along.values !== undefined)
        refuse('method', `${along.name} is uneven; take differences, which use its real coordinates.`);
      if (values.window_length > length)
        refuse('window_length', `${values.window_length} is more than the ${length} channels there are.`);
    } else if (length < 2) refuse('axis', `${along.name} has a single value, which has no derivative.`);
    const { name, units } = signal.quantity;
    return {
      dtype: floatingTypeOf(signal.dtype),
      quantity: {
        name: `${values.order === 1 ? 'Derivative' : `Derivative ${values.order}`} of ${name}`,
        units:
          units !== null && along.units !== null
            ? `${units}/${along.units}${values.order > 1 ? `^${values.order}` : ''}`
            : null,
      },
    };
  },
  open(given, to, values) {
    const lines = linesOf(given.signal, values.axis);
    const along = given.signal.axes[lines.axis]!;
    if (values.method === 'gradient')
      return openBySpectrum(given, to, filterLines(lines, gradient(axisValues(along), values.order)));
    const filter = savitzkyGolay(lines.length, values.window_length, values.polynomial_order, values.order);
    const perUnit = 1 / along.scale ** values.order;
    return openBySpectrum(
      given,
      to,
      filterLines(lines, (line, out) => {
        filter(line, out);
        for (let i = 0; i < out.length; i++) out[i] = out[i]! * perUnit;
      }),
    );
  },
};
