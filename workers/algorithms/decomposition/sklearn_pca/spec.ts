import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams, svdSolver } from '../../../specs/decomposition-params.ts';
import { estimateSvd } from '../SVD/estimate.ts';

export const sklearnPca = defineAlgorithm({
  id: 'sklearn_pca',
  family: 'decomposition',
  title: 'Principal component analysis',
  summary: 'Subtracts the mean spectrum and finds the directions in which the spectra differ most from it.',
  question: 'What differs from the mean spectrum?',
  reference: 'Hotelling, J. Educ. Psychol. 24, 417 (1933)',
  params: {
    ...decompositionParams,
    svd_solver: svdSolver,
  },
  phases: ['Reading the data', 'Adding up products', 'Solving', 'Computing the maps', 'Filling in'],
  usesSeed: (values) => values.svd_solver === 'randomized' || values.svd_solver === 'auto',
  limits: (shape, values) => ({ output_dimension: componentLimit(shape, values.svd_solver === 'arpack' ? 1 : 0) }),
  estimate: (shape, values, threads) => estimateSvd(shape, values, threads),
  conflict(values) {
    if (values.normalize_poissonian_noise) {
      return {
        param: 'normalize_poissonian_noise',
        message:
          'normalize_poissonian_noise must be off: this method subtracts the mean, and scaled counts are not centred. Use SVD for counts.',
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
