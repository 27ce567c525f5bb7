import { describePreparation } from '../../../specs/preparation-spec.ts';

/** What Savitzky–Golay filters have in common, for smoothing and for derivatives. */
export const windowParams = {
  window_length: {
    kind: 'integer',
    default: 5,
    min: 3,
    max: 10_001,
    unit: 'channels',
    label: 'Window',
    help: 'Channels that the polynomial is fitted to, an odd number.',
  },
  polynomial_order: {
    kind: 'integer',
    default: 2,
    min: 0,
    max: 12,
    label: 'Polynomial order',
    help: 'Degree of the polynomial, below the window; higher keeps sharper peaks and more noise.',
  },
} as const;

/** @returns what is wrong with a window and its polynomial, or null */
export function windowConflict(window: number, order: number): { param: string; message: string } | null {
  if (window % 2 === 0) return { param: 'window_length', message: `window_length must be odd; got ${window}.` };
  if (order < window) return null;
  return {
    param: 'polynomial_order',
    message: `polynomial_order must be below the window of ${window}; got ${order}.`,
  };
}

export const smooth = describePreparation({
  id: 'smooth',
  title: 'Smooth',
  summary: 'Takes noise out of every spectrum by what its neighbouring channels say; peaks get wider or lower by it.',
  question: 'Is the noise between channels in the way?',
  reference: 'A. Savitzky, M. J. E. Golay, Analytical Chemistry 36, 1627 (1964)',
  params: {
    method: {
      kind: 'choice',
      default: 'savitzky_golay',
      options: [
        { value: 'savitzky_golay', label: 'Savitzky–Golay' },
        { value: 'gaussian', label: 'Gaussian' },
        { value: 'median', label: 'Median' },
      ],
      label: 'Method',
      help: 'A fitted polynomial keeps heights of peaks, a Gaussian is gentle, a median takes out single outliers.',
    },
    window_length: { ...windowParams.window_length, when: { param: 'method', is: ['savitzky_golay', 'median'] } },
    polynomial_order: { ...windowParams.polynomial_order, when: { param: 'method', is: ['savitzky_golay'] } },
    sigma: {
      kind: 'number',
      default: 1,
      min: 0.05,
      max: 1000,
      unit: 'channels',
      when: { param: 'method', is: ['gaussian'] },
      label: 'Width',
      help: 'Standard deviation of the Gaussian in channels.',
    },
    axis: {
      kind: 'axis',
      default: null,
      among: 'signal',
      optional: 'the only signal axis',
      advanced: true,
      label: 'Axis',
      help: 'Signal axis along which it is smoothed, where there are several.',
    },
  },
  conflict: ({ method, window_length: window, polynomial_order: order }) =>
    method === 'gaussian' ? null : windowConflict(window, method === 'median' ? 0 : order),
});
