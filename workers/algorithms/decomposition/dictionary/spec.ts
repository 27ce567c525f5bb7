import type { ParamSet } from '../../../specs/param.ts';

/** Parameters of both sparse methods, with scikit-learn's names and defaults. */
export const sparseParams = {
  alpha: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1e300,
    label: 'Sparsity',
    help: 'Weight of the penalty, in units of the data: more makes more channels of each spectrum exactly zero.',
  },
  ridge_alpha: {
    kind: 'number',
    default: 0.01,
    min: 0,
    max: 1e300,
    label: 'Ridge for the maps',
    help: 'Keeps the maps bounded where spectra look alike; 0 is plain least squares.',
    advanced: true,
  },
  method: {
    kind: 'choice',
    default: 'lars',
    options: [
      { value: 'lars', label: 'Least angle regression' },
      { value: 'cd', label: 'Coordinate descent' },
    ],
    label: 'Lasso solver',
    help: 'Both find the same optimum; least angle regression is faster for up to a few dozen components.',
    advanced: true,
  },
} as const satisfies ParamSet;
