import type { Axis } from '../../workers/model/axes.ts';
import type { Metadata, MetadataValue } from '../../workers/model/signal.ts';
import type { FormValues } from './form-model.ts';

/** What was run last on this kind of data. */
export interface LastUsed {
  algorithm: string;
  values: FormValues;
}

const KEY = 'lastUsed';

/** Data of one kind share settings: the signal type where the file tells it, else the number of axes. */
export function dataKindOf(dataset: { signalType: string; axes: readonly Axis[] }): string {
  if (dataset.signalType !== '') return dataset.signalType;
  const navigation = dataset.axes.filter((axis) => axis.navigate).length;
  return `${navigation}|${dataset.axes.length - navigation}`;
}

const isRecord = (value: unknown): value is Record<string, MetadataValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings of the last run on this kind of data by this operation, or null. Anything malformed counts as nothing. */
export function lastUsedOf(settings: Metadata, operation: string, kind: string): LastUsed | null {
  const all = settings[KEY];
  const found = isRecord(all) ? all[`${operation} ${kind}`] : undefined;
  if (!isRecord(found) || typeof found['algorithm'] !== 'string' || !isRecord(found['values'])) return null;
  return { algorithm: found['algorithm'], values: found['values'] };
}

/**
 * Settings with this run remembered. Masks and other inputs are left out: they belong to one data set, not to a kind.
 */
export function rememberUse(
  settings: Metadata,
  operation: string,
  kind: string,
  used: LastUsed,
  isInput: (id: string) => boolean,
): Metadata {
  const values = Object.fromEntries(Object.entries(used.values).filter(([id]) => !isInput(id))) as Metadata;
  const all = isRecord(settings[KEY]) ? settings[KEY] : {};
  return { ...settings, [KEY]: { ...all, [`${operation} ${kind}`]: { algorithm: used.algorithm, values } } };
}
