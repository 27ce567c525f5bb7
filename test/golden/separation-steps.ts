import { laplaceMixture, smoothMixture } from '../../workers/algorithms/bss/test-data.ts';
import type { InputArray } from '../../workers/job.ts';
import { multiply } from '../../workers/linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../workers/linalg/matrix.ts';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import { floatData, floats, type Step } from './run-step.ts';

/* Steps and data that the tests of separations share. */

export const svd = (k: number, more: Record<string, unknown> = {}): Step => ({
  do: 'decomposition',
  parameters: { output_dimension: k, ...more },
});
export const separation = (algorithm: string, parameters: Record<string, unknown> = {}): Step => ({
  do: 'blind_source_separation',
  algorithm,
  parameters: { diff_order: 0, ...parameters },
});
export const matrixOf = (output: AlgorithmOutput, name: string): Matrix =>
  createMatrix(output.arrays[name]!.shape[0]!, output.arrays[name]!.shape[1]!, floats(output, name));
export const dataOf = (x: Matrix, inputs: Record<string, InputArray> = {}) =>
  floatData(x.data, [6, x.rows / 6], [x.cols], inputs);
export const modelOf = (output: AlgorithmOutput): Float64Array =>
  multiply(matrixOf(output, 'bss_loadings'), matrixOf(output, 'bss_factors'), { transposeB: true }).data;

export const algorithms = ['sklearn_fastica', 'orthomax', 'FastICA', 'JADE', 'CuBICA', 'TDSEP'];
/** What tells sources apart by their distribution; TDSEP needs other ones. */
export const mixtureFor = (algorithm: string) => (algorithm === 'TDSEP' ? smoothMixture(1) : laplaceMixture(1));
