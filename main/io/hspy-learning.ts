import type { ResultArray, ResultRecord, Scalar } from '../../workers/model/result.ts';
import { dataset, group, integer, text, type GroupNode } from './hdf5-writer/tree.ts';
import { putValue, safeName } from './hspy-values.ts';

/** HyperSpy's `learning_results` of a signal, by its field names; fields that are not set are left out. */
export interface LearningFields {
  arrays: Readonly<Record<string, ResultArray>>;
  scalars: Readonly<Record<string, Scalar>>;
}

/** One result with all that is known about it. */
export interface StoredResult {
  record: ResultRecord;
  arrays: Readonly<Record<string, ResultArray>>;
}

/** Fields that HyperSpy keeps as a tuple or a list of numbers instead of an array. */
const prefixes: Readonly<Record<string, string>> = {
  original_shape: '_tuple_',
  cluster_metric_index: '_list_',
  estimated_number_of_clusters: '_list_',
};

/** Whole numbers are int64 in HyperSpy's files. */
function arrayNode({ dtype, shape, data }: ResultArray) {
  return dtype === 'int32' ? dataset('int64', shape, BigInt64Array.from(data, BigInt)) : dataset(dtype, shape, data);
}

/**
 * The group `learning_results`. The provenance (JSON text) goes along as a field of its own: HyperSpy keeps what it
 * does not know when it saves the file again.
 */
export function learningGroup(fields: LearningFields | null, provenance: string | null): GroupNode {
  const node = group();
  for (const [name, array] of Object.entries(fields?.arrays ?? {})) {
    const prefix = array.shape.length === 1 && Object.hasOwn(prefixes, name) ? prefixes[name]! : '';
    node.children.set(`${prefix}${safeName(name)}`, arrayNode(array));
  }
  for (const [name, value] of Object.entries(fields?.scalars ?? {})) {
    if (value !== null && !Object.hasOwn(fields?.arrays ?? {}, name)) putValue(node, name, value);
  }
  if (provenance !== null) node.attributes.set('eigenscope_provenance', text(provenance));
  return node;
}

/** The top-level group /Eigenscope: every result with its parameters, arrays and record. HyperSpy passes over it. */
export function eigenscopeGroup(results: readonly StoredResult[]): GroupNode {
  const stored = group();
  for (const { record, arrays } of results) {
    const { parameters, seed, version } = record;
    const node = group({
      kind: text(record.kind),
      name: text(record.name),
      params: text(
        JSON.stringify({ operation: record.operation, algorithm: record.algorithm, parameters, seed, version }),
      ),
      record: text(JSON.stringify(record)),
    });
    if (record.parent !== null) node.attributes.set('parent', text(record.parent));
    if (record.notes.length > 0) node.children.set('notes', { kind: 'texts', values: record.notes });
    const members = group();
    for (const [name, array] of Object.entries(arrays))
      members.children.set(safeName(name), dataset(array.dtype, array.shape, array.data));
    node.children.set('arrays', members);
    stored.children.set(safeName(record.id), node);
  }
  return group({ schema: integer(1) }, { results: stored });
}
