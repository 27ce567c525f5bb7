import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { centre, componentLimit, decompositionParams, svdSolver } from '../../../specs/decomposition-params.ts';
import { estimateSvd } from './estimate.ts';

export const svd = defineAlgorithm({
  id: 'SVD',
  family: 'decomposition',
  title: 'Singular value decomposition (PCA)',
  summary: 'Finds the fewest spectra and maps that describe the data best, ordered by how much they explain.',
  question: 'How many things vary in my data?',
  reference: 'Eckart & Young, Psychometrika 1, 211 (1936); Keenan & Kotula, Surf. Interface Anal. 36, 203 (2004)',
  params: {
    ...decompositionParams,
    centre,
    svd_solver: svdSolver,
    auto_transpose: {
      kind: 'boolean',
      default: true,
      label: 'Transpose when pixels are fewer than channels',
      help: 'Puts the size of the components into the factors when there are fewer pixels than channels, as HyperSpy does.',
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Adding up products', 'Solving', 'Computing the maps', 'Filling in'],
  usesSeed: (values) => values.svd_solver === 'randomized' || values.svd_solver === 'auto',
  limits: (shape, values) => ({ output_dimension: componentLimit(shape, values.svd_solver === 'arpack' ? 1 : 0) }),
  estimate: (shape, values, threads) => estimateSvd(shape, values, threads),
  conflict(values) {
    if (values.normalize_poissonian_noise && values.centre !== null) {
      return {
        param: 'centre',
        message: `centre must be empty when normalize_poissonian_noise is on: scaled counts are not centred; got ${values.centre}.`,
      };
    }
    if (values.svd_solver === 'arpack' && values.output_dimension === null) {
      return {
        param: 'output_dimension',
        message: 'output_dimension must be given with svd_solver arpack, below all.',
      };
    }
    return null;
  },
});
