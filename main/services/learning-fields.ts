import type { InputArray } from '../../workers/job.ts';
import type { ResultArray, ResultRecord, Scalar } from '../../workers/model/result.ts';
import type { LearningFields } from '../io/hspy-learning.ts';

/** Arrays of ours that HyperSpy has fields for. */
const hyperspyArrays = ['factors', 'loadings', 'explained_variance', 'explained_variance_ratio', 'mean'] as const;

const maskField = (mask: InputArray): ResultArray => ({
  dtype: 'bool',
  shape: [mask.data.length],
  data: Uint8Array.from(mask.data, (value) => (value !== 0 ? 1 : 0)),
});

/** A decomposition as HyperSpy keeps it in `learning_results`; fields that are not set are left out. */
export function learningFields(
  record: ResultRecord,
  arrays: Readonly<Record<string, ResultArray>>,
  masks: { navigation?: InputArray; signal?: InputArray },
): LearningFields {
  const { parameters } = record;
  const shape = record.axes.map((axis) => axis.size);
  // as scikit-learn's estimators have it: a mean spectrum without a dimension for the pixels
  const isPlainMean = arrays['mean']?.shape.length === 1;
  const centre = isPlainMean ? 'samples' : ((parameters['centre'] as string | null | undefined) ?? null);
  const significant = record.scalars['number_significant_components'];
  const fields: Record<string, ResultArray> = {
    original_shape: { dtype: 'int32', shape: [shape.length], data: Int32Array.from(shape) },
  };
  for (const name of hyperspyArrays) {
    const array = arrays[name];
    if (array !== undefined) fields[name] = array;
  }
  if (masks.navigation !== undefined) fields['navigation_mask'] = maskField(masks.navigation);
  if (masks.signal !== undefined) fields['signal_mask'] = maskField(masks.signal);
  const scalars: Record<string, Scalar> = {
    decomposition_algorithm: record.algorithm,
    output_dimension: (parameters['output_dimension'] as number | null) ?? null,
    poissonian_noise_normalized: parameters['normalize_poissonian_noise'] === true,
    centre,
    unfolded: shape.length > 2,
    number_significant_components: typeof significant === 'number' ? significant : null,
  };
  return { arrays: fields, scalars };
}

/** How a result came about, as the short text that survives HyperSpy's saving. */
export const provenanceOf = (record: ResultRecord): string => {
  const { algorithm, operation, parameters, seed, version, made, seconds, name } = record;
  return JSON.stringify({
    program: 'Eigenscope',
    version,
    name,
    operation,
    algorithm,
    parameters,
    seed,
    made,
    seconds,
  });
};
