import { EigenscopeError } from '../../../model/errors.ts';
import { openBySpectrum } from '../pipeline/by-spectrum.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import { filterLines, linesOf, type LineFilter } from '../pipeline/lines.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import { savitzkyGolay } from '../pipeline/savitzky-golay.ts';
import { gaussianFilter, medianFilter } from './filters.ts';
import type { smooth } from './spec.ts';

type Values = StepValues<typeof smooth>;

function filterOf(
  { method, window_length: window, polynomial_order: order, sigma }: Values,
  length: number,
): LineFilter {
  if (method === 'gaussian') return gaussianFilter(length, sigma);
  if (method === 'median') return medianFilter(length, window);
  return savitzkyGolay(length, window, order, 0);
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'smoothing');
    const { length } = linesOf(signal, values.axis);
    if (values.method !== 'gaussian' && values.window_length > length) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `window_length: ${values.window_length} is more than the ${length} channels there are.`,
        { param: 'window_length' },
      );
    }
    return { dtype: floatingTypeOf(signal.dtype) };
  },
  open(given, to, values) {
    const lines = linesOf(given.signal, values.axis);
    return openBySpectrum(given, to, filterLines(lines, filterOf(values, lines.length)));
  },
};
