import { describePreparation } from '../../../specs/preparation-spec.ts';

const fitted = ['power_law', 'polynomial'] as const;
const rangeOf = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE } as const;

export const removeBackground = describePreparation({
  id: 'remove_background',
  title: 'Remove background',
  summary: 'Estimates what lies beneath the peaks or the edge of every spectrum, and subtracts it.',
  question: 'Does everything stand on a background?',
  reference: 'R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, Springer (2011)',
  params: {
    method: {
      kind: 'choice',
      default: 'power_law',
      options: [
        { value: 'power_law', label: 'Power law (EELS)' },
        { value: 'polynomial', label: 'Polynomial' },
        { value: 'snip', label: 'SNIP (X-rays)' },
        { value: 'asymmetric', label: 'Asymmetric least squares (Raman)' },
      ],
      label: 'Method',
      help: 'The first two are fitted to a window and go on beyond it; the others find their way beneath all peaks.',
    },
    start: {
      kind: 'number',
      default: null,
      ...rangeOf,
      when: { param: 'method', is: fitted },
      label: 'Window from',
      help: 'Where the window begins that the background is fitted to, in the units of the axis.',
    },
    end: {
      kind: 'number',
      default: null,
      ...rangeOf,
      when: { param: 'method', is: fitted },
      label: 'Window to',
      help: 'Where the window ends, before the edge or the peak.',
    },
    fit: {
      kind: 'choice',
      default: 'two_areas',
      options: [
        { value: 'two_areas', label: 'Two areas' },
        { value: 'least_squares', label: 'Least squares' },
      ],
      when: { param: 'method', is: ['power_law'] },
      advanced: true,
      label: 'Fit',
      help: 'Two areas is the usual estimate of the field; least squares is slower and best for the window itself.',
    },
    polynomial_order: {
      kind: 'integer',
      default: 1,
      min: 0,
      max: 8,
      when: { param: 'method', is: ['polynomial'] },
      label: 'Order',
      help: '0 is a constant, 1 a straight line; high orders go astray beyond the window.',
    },
    zero_fill: {
      kind: 'boolean',
      default: false,
      when: { param: 'method', is: fitted },
      label: 'Zero before the window',
      help: 'Sets channels below the window to 0, where a power law says nothing.',
    },
    width: {
      kind: 'integer',
      default: 24,
      min: 1,
      max: 10_000,
      unit: 'channels',
      when: { param: 'method', is: ['snip'] },
      label: 'Width',
      help: 'Half the width of the widest peak, in channels; what is wider counts as background.',
    },
    smoothness: {
      kind: 'number',
      default: 1e5,
      min: 1,
      max: 1e12,
      when: { param: 'method', is: ['asymmetric'] },
      label: 'Smoothness',
      help: 'Weight of the curvature (λ): larger is stiffer, usually between 100 and a thousand million.',
    },
    asymmetry: {
      kind: 'number',
      default: 0.01,
      min: 1e-6,
      max: 0.5,
      when: { param: 'method', is: ['asymmetric'] },
      label: 'Asymmetry',
      help: 'Weight of channels above the background (p): small, so that peaks do not lift it.',
    },
    output: {
      kind: 'choice',
      default: 'subtracted',
      options: [
        { value: 'subtracted', label: 'Data without it' },
        { value: 'background', label: 'The background itself' },
      ],
      advanced: true,
      label: 'Outcome',
      help: 'The background itself shows whether the estimate is good.',
    },
  },
  conflict: ({ method, start, end }) => {
    if (!fitted.some((one) => one === method) || start === null || end === null || start !== end) return null;
    return { param: 'end', message: `end must differ from start; both are ${start}.` };
  },
});
