import type { Run } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import type { AlgorithmOutput, ResultArray } from '../../../model/result.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { summarizeVariance } from '../pipeline/variance.ts';
import { findComponents, type SingularComponents } from './components.ts';
import { svd } from './spec.ts';

const phases = { read: 0, gather: 1, solve: 2, write: 3, reproject: 4 };

/** Singular value decomposition, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof svd.params>;
  const preparing = prepareDecomposition(input, values, job, phases.read);
  // compiled while other threads look at the data
  kernels();
  const prepared = await preparing;
  const { pixels, channels } = prepared;
  assertLimits(svd, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const components = await findComponents(
    prepared,
    {
      k: values.output_dimension,
      solver: values.svd_solver,
      centre: values.centre,
      autoTranspose: values.auto_transpose,
      reproject: values.reproject,
    },
    job,
    phases,
  );
  const mean = components.mean && {
    dtype: 'float64' as const,
    shape: components.mean.centre === 'navigation' ? [1, channels.size] : [pixels.size, 1],
    data: components.mean.values,
  };
  const output = describeComponents(
    components,
    pixels.keptCount,
    { pixels: pixels.size, channels: channels.size },
    mean,
  );
  output.notes.push(...prepared.notes);
  return output;
};

/**
 * Arrays and scalars of a decomposition by singular values.
 * @param count denominator of the explained variance: S²/count
 */
export function describeComponents(
  components: SingularComponents,
  count: number,
  size: { pixels: number; channels: number },
  mean: ResultArray | null,
): AlgorithmOutput {
  const { k, factors, loadings, singularValues, energy, method } = components;
  const { explainedVariance, ratio, significant } = summarizeVariance(singularValues, count);
  const captured = singularValues.map((s) => s * s);
  for (let j = 1; j < k; j++) captured[j]! += captured[j - 1]!;
  for (let j = 0; j < k; j++) captured[j] = energy > 0 ? Math.min(1, captured[j]! / energy) : 1;
  return {
    arrays: {
      factors: { dtype: 'float64', shape: [size.channels, k], data: factors },
      loadings: { dtype: 'float64', shape: [size.pixels, k], data: loadings },
      explained_variance: { dtype: 'float64', shape: [k], data: explainedVariance },
      explained_variance_ratio: { dtype: 'float64', shape: [k], data: ratio },
      captured_fractions: { dtype: 'float64', shape: [k], data: captured },
      ...(mean ? { mean } : {}),
    },
    scalars: {
      number_significant_components: significant,
      captured_fraction: captured[k - 1] ?? 1,
      solver: method,
    },
    notes: [],
  };
}
