import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  separationConflict,
  separationEstimate,
  separationLimits,
  separationParams,
} from '../../../specs/separation-params.ts';

export const tdsep = defineAlgorithm({
  id: 'TDSEP',
  family: 'blind_source_separation',
  title: 'TDSEP',
  summary:
    'Finds sources that differ in how each continues along the channels: peaks of different width, noise, backgrounds.',
  question: 'What is smooth?',
  reference: 'Ziehe & Müller, Proc. ICANN, 675 (1998)',
  params: {
    ...separationParams,
    lags: {
      kind: 'components',
      countedFrom: 1,
      default: null,
      label: 'Delays',
      help: 'Distances in channels: a number n takes 1 to n, a list takes those.',
      optional: '1 alone',
    },
    limit: {
      kind: 'number',
      default: 1e-5,
      min: 1e-15,
      max: 1,
      label: 'Tolerance',
      help: 'Stops when no rotation of a sweep lowers the objective by more than this share of it.',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 10_000,
      min: 1,
      max: 100_000_000,
      label: 'Sweeps at most',
      help: 'Stops after this many sweeps over all pairs of sources; the result then says so.',
      advanced: true,
    },
  },
  phases: ['Separating'],
  canKeep: true,
  usesSeed: () => true,
  limits: separationLimits,
  estimate: (shape, values) => {
    const { bytes, seconds } = separationEstimate(shape, values);
    return { bytes, seconds: seconds / 10 };
  },
  conflict: (values) => {
    const { lags } = values;
    const twice = typeof lags === 'object' ? lags?.find((lag, i) => lags.indexOf(lag) !== i) : undefined;
    if (twice !== undefined) return { param: 'lags', message: `lags must hold every delay once; got ${twice} twice.` };
    return separationConflict(values);
  },
});
