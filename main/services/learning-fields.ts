import type { InputArray } from '../../workers/job.ts';
import type { ResultArray, ResultRecord, Scalar } from '../../workers/model/result.ts';
import type { LearningFields } from '../io/hspy-learning.ts';
import { clusterFields, clusterMetricFields } from './cluster-fields.ts';

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

/** A result and its arrays and masks, one of a line of results that were computed from each other. */
export interface Generation {
  record: ResultRecord;
  arrays: Readonly<Record<string, ResultArray>>;
  masks: { navigation?: InputArray; signal?: InputArray };
}

/** Kinds of results that HyperSpy has fields for. */
const kindsWithFields: readonly string[] = ['decomposition', 'blind_source_separation', 'cluster_analysis'];
const comparison = 'estimate_number_of_clusters';
export const hasLearningFields = ({ kind, operation }: ResultRecord): boolean =>
  kindsWithFields.includes(kind) || operation === comparison;

/**
 * A result with those it was computed from as one `learning_results`, as HyperSpy has it after these calls.
 * @param lineage the result first, then its parent, and so on
 */
export function fieldsOfLineage(lineage: readonly Generation[]): LearningFields {
  const nearest = lineage.find(({ record }) => record.kind === 'decomposition');
  const root = lineage.findLast(({ record }) => record.operation === 'decomposition') ?? nearest;
  const separation = lineage.find(({ record }) => record.kind === 'blind_source_separation');
  const search = lineage.findLast(({ record }) => record.operation === 'blind_source_separation') ?? separation;
  const decomposed = nearest && root ? learningFields(root.record, nearest.arrays, root.masks) : null;
  const clusters = lineage.find(({ record }) => record.kind === 'cluster_analysis');
  const clustered = clusters ? clusterFields(clusters.record, clusters.arrays) : null;
  const numbers = lineage.find(({ record }) => record.operation === comparison);
  const compared = numbers ? clusterMetricFields(numbers.record, numbers.arrays) : null;
  const separated = separation && search ? separationFields(search.record, separation.arrays) : null;
  return {
    arrays: { ...decomposed?.arrays, ...separated?.arrays, ...clustered?.arrays, ...compared?.arrays },
    scalars: { ...decomposed?.scalars, ...separated?.scalars, ...clustered?.scalars, ...compared?.scalars },
  };
}

/** A separation as HyperSpy keeps it; what it has no fields for goes along under names of ours. */
function separationFields(record: ResultRecord, arrays: Generation['arrays']): LearningFields {
  const fields: Record<string, ResultArray> = {};
  for (const name of ['bss_factors', 'bss_loadings', 'unmixing_matrix']) {
    const array = arrays[name];
    if (array !== undefined) fields[name] = array;
  }
  for (const name of ['comp_list', 'stability']) {
    const array = arrays[name];
    if (array !== undefined) fields[`eigenscope_${name}`] = array;
  }
  const { algorithm, parameters } = record;
  const scalars: Record<string, Scalar> = {
    bss_algorithm: algorithm,
    bss_node: algorithm === null ? null : describeNode(algorithm, parameters),
    on_loadings: parameters['on_loadings'] === true,
  };
  return { arrays: fields, scalars };
}

/** The estimator and its settings in one line, as Python prints an object. */
const describeNode = (algorithm: string, parameters: Readonly<Record<string, unknown>>): string => {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && typeof value !== 'object');
  return `${algorithm}(${given.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')})`;
};

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
