import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams, requiredComponents } from '../../../specs/decomposition-params.ts';
import type { ParamSet } from '../../../specs/param.ts';
import { estimateOpnmf } from './estimate.ts';

/** How a fit is started and stopped; the selection of the rank takes the same, but for a given start. */
export const iterationParams = {
  max_iter: {
    kind: 'integer',
    default: 50000,
    min: 1,
    max: 10_000_000,
    label: 'Iterations at most',
    help: 'Stops after this many iterations even when the parts still change; the result then says so.',
    advanced: true,
  },
  tol: {
    kind: 'number',
    default: 1e-5,
    min: 0,
    max: 1,
    label: 'Tolerance',
    help: 'Stops when the parts change by less than this share of their size in one iteration.',
    advanced: true,
  },
  transpose: {
    kind: 'boolean',
    default: false,
    label: 'Divide the channels',
    help: 'Off: every pixel belongs mostly to one component. On: every channel does. The answers differ.',
  },
} as const satisfies ParamSet;

export const startOptions = [
  { value: 'nndsvd', label: 'Singular vectors (NNDSVD)' },
  { value: 'nndsvda', label: 'Singular vectors, zeros filled with the mean' },
  { value: 'nndsvdar', label: 'Singular vectors, zeros filled at random' },
  { value: 'random', label: 'Random' },
] as const;

const opnmfParams = {
  init: {
    kind: 'choice',
    default: 'nndsvd',
    options: [...startOptions, { value: 'custom', label: 'Given' }],
    label: 'Start from',
    help: 'Singular vectors always lead to the same answer; random starts depend on the seed.',
  },
  init_W: {
    kind: 'input',
    default: null,
    role: 'array',
    label: 'Start values',
    help: 'Maps to start from: one row per pixel (per channel with transpose), one column per component, none negative.',
    when: { param: 'init', is: ['custom'] },
  },
  ...iterationParams,
} as const satisfies ParamSet;

export const opnmf = defineAlgorithm({
  id: 'OPNMF',
  family: 'decomposition',
  title: 'Orthonormal projective NMF',
  summary: 'Divides the image into regions, or the spectrum into bands, that hardly overlap and are never negative.',
  question: 'Which parts do not overlap?',
  reference: 'Yang & Oja, IEEE Trans. Neural Netw. 21, 734 (2010)',
  params: { ...decompositionParams, output_dimension: requiredComponents, ...opnmfParams },
  phases: ['Reading the data', 'Adding up products', 'Iterating', 'Filling in'],
  canKeep: true,
  usesSeed: (values) => values.init === 'random' || values.init === 'nndsvdar',
  limits: (shape) => ({ output_dimension: componentLimit(shape) }),
  estimate: (shape, values, threads) =>
    estimateOpnmf(shape, values.output_dimension ?? 4, values.transpose, values.max_iter, threads),
  conflict: () => null,
});
