import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { decompositionParams } from '../../../specs/decomposition-params.ts';

const { navigation_mask, signal_mask } = decompositionParams;

/** Peaks of one fit at most. */
export const mostPeaks = 20;

export const fitPeaks = defineAlgorithm({
  id: 'fit_peaks',
  family: 'estimate',
  takes: ['data'],
  title: 'Peak parameters',
  summary: 'Fits Gaussian peaks on a background to every spectrum and maps their positions, widths and heights.',
  question: 'Where do my peaks shift, broaden or grow?',
  reference: 'Golub & Pereyra, SIAM J. Numer. Anal. 10, 413 (1973)',
  params: {
    n_peaks: {
      kind: 'integer',
      default: 1,
      min: 1,
      max: mostPeaks,
      label: 'Peaks',
      help: 'How many peaks to look for in the mean spectrum: those that stand out most.',
      when: { param: 'positions', is: [null] },
    },
    positions: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: mostPeaks,
      label: 'Positions',
      help: 'Where the peaks are about, in units of the axis, in place of looking for them.',
      optional: 'looked for in the mean spectrum',
    },
    window: {
      kind: 'numbers',
      default: null,
      least: 2,
      most: 2,
      label: 'Range',
      help: 'First and last coordinate that take part, in units of the axis. A narrow range needs a simple background only.',
      optional: 'the whole spectrum',
    },
    background: {
      kind: 'choice',
      default: 'linear',
      options: [
        { value: 'none', label: 'None' },
        { value: 'linear', label: 'Straight line' },
        { value: 'power_law', label: 'Power law' },
      ],
      label: 'Background',
      help: 'What the peaks stand on; a power law for EELS edges and other tails.',
    },
    weights: {
      kind: 'choice',
      default: 'uniform',
      options: [
        { value: 'uniform', label: 'The same for all channels' },
        { value: 'poisson', label: 'For counts' },
      ],
      label: 'Weights',
      help: 'For counts the noise grows with the signal; weights by the fitted counts give the most likely parameters.',
    },
    width: {
      kind: 'choice',
      default: 'fwhm',
      options: [
        { value: 'fwhm', label: 'Full width at half maximum' },
        { value: 'sigma', label: 'Standard deviation' },
      ],
      label: 'Width as',
      help: 'How the width of a peak is given; the full width is 2.3548 standard deviations.',
    },
    min_distance: {
      kind: 'number',
      default: null,
      min: 0,
      max: 1e300,
      label: 'Least distance',
      help: 'Of two peaks closer than this, in units of the axis, only the one that stands out more is taken.',
      optional: 'three channels',
      when: { param: 'positions', is: [null] },
      advanced: true,
    },
    min_prominence: {
      kind: 'number',
      default: 0.05,
      min: 0,
      max: 1,
      label: 'Least prominence',
      help: 'How far a peak must rise above its surroundings, as a share of the range of the mean spectrum.',
      when: { param: 'positions', is: [null] },
      advanced: true,
    },
    max_shift: {
      kind: 'number',
      default: null,
      min: 0,
      max: 1e300,
      label: 'Most shift',
      help: 'How far a peak may lie from its place in the mean spectrum, in units of the axis.',
      optional: 'half way to the next peak',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 100,
      min: 1,
      max: 10_000,
      label: 'Most iterations',
      help: 'A fit that has not settled after so many steps counts as failed.',
      advanced: true,
    },
    tol: {
      kind: 'number',
      default: 1e-6,
      min: 1e-12,
      max: 0.1,
      label: 'Tolerance',
      help: 'A fit has settled when no peak moves by more than this share of its width.',
      advanced: true,
    },
    navigation_mask,
    signal_mask,
  },
  phases: ['Adding up spectra', 'Fitting'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate({ samples, features }, { positions, n_peaks: asked, weights }, threads) {
    const n = positions?.length ?? asked;
    const perStep = features * (4 * n + 2) ** 2;
    const steps = weights === 'poisson' ? 25 : 12;
    return {
      bytes: 8 * samples * (6 * n + 8),
      seconds: 0.05 + (samples * steps * perStep) / (8e8 * Math.max(1, threads)),
    };
  },
  conflict({ window, positions }) {
    if (window !== null && !(window[0]! < window[1]!)) {
      return {
        param: 'window',
        message: `window must be the smaller coordinate, then the larger; got ${window.join(', ')}.`,
      };
    }
    const outside = window === null ? undefined : positions?.find((x) => x < window[0]! || x > window[1]!);
    if (outside !== undefined) {
      return {
        param: 'positions',
        message: `positions must lie in the window from ${window![0]} to ${window![1]}; got ${outside}.`,
      };
    }
    const twice = positions?.find((x, i) => positions.indexOf(x) < i);
    if (twice !== undefined) {
      return { param: 'positions', message: `positions must differ from each other; got ${twice} twice.` };
    }
    return null;
  },
});
