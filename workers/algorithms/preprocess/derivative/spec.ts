import { describePreparation } from '../../../specs/preparation-spec.ts';
import { windowConflict, windowParams } from '../smooth/spec.ts';

export const derivative = describePreparation({
  id: 'derivative',
  title: 'Derivative',
  summary: 'Takes the derivative of every spectrum: edges become peaks, and a slowly changing background disappears.',
  question: 'Do edges count more than levels?',
  reference: 'A. Savitzky, M. J. E. Golay, Analytical Chemistry 36, 1627 (1964)',
  params: {
    order: {
      kind: 'integer',
      default: 1,
      min: 1,
      max: 4,
      label: 'Order',
      help: 'First derivative, second derivative and so on.',
    },
    method: {
      kind: 'choice',
      default: 'gradient',
      options: [
        { value: 'gradient', label: 'Differences' },
        { value: 'savitzky_golay', label: 'Savitzky–Golay' },
      ],
      label: 'Method',
      help: 'Differences of neighbours, or the derivative of a polynomial fitted to a window, which is less noisy.',
    },
    window_length: { ...windowParams.window_length, when: { param: 'method', is: ['savitzky_golay'] } },
    polynomial_order: { ...windowParams.polynomial_order, when: { param: 'method', is: ['savitzky_golay'] } },
    axis: {
      kind: 'axis',
      default: null,
      among: 'signal',
      optional: 'the only signal axis',
      advanced: true,
      label: 'Axis',
      help: 'Signal axis along which the derivative is taken, where there are several.',
    },
  },
  conflict: ({ method, order, window_length: window, polynomial_order: degree }) => {
    if (method === 'gradient') return null;
    if (degree >= order) return windowConflict(window, degree);
    return {
      param: 'polynomial_order',
      message: `polynomial_order must be at least the order ${order} of the derivative; got ${degree}.`,
    };
  },
});
