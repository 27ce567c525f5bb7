import { formatSignificant } from '../../workers/figure/format-number.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { textOf } from '../forms/form-model.ts';
import { shortMethodName } from '../results/result-names.ts';
import type { ParamSet } from '../../workers/specs/param.ts';

/** One setting across results: a row of the table "What differs". */
export interface SettingRow {
  id: string;
  label: string;
  /** in words, one per result; null where the method has no such setting */
  values: readonly (string | null)[];
  /** not all the same */
  differs: boolean;
}

type Compared = Pick<ResultRecord, 'algorithm' | 'parameters' | 'seed'>;

/** A value in the words of its description: labels of choices, "all" where nothing is given, yes and no. */
export function valueInWords(
  params: ParamSet | undefined,
  id: string,
  value: unknown,
  nameOf: (id: string) => string = (other) => other,
): string {
  const param = params?.[id];
  if (value === null || value === undefined) return param?.optional ?? 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatSignificant(value, 6);
  if (param?.kind === 'choice') return param.options.find((option) => option.value === value)?.label ?? String(value);
  if (param?.kind === 'input') {
    return param.words?.find((word) => word.value === value)?.label ?? nameOf(String(value));
  }
  if (param?.kind === 'components') return textOf(param, value);
  return Array.isArray(value) ? value.map((v) => String(v)).join(', ') : String(value);
}

/**
 * All settings of several results side by side, method first; those of the descriptions in their order.
 * @param paramsOf  the description of a method, or undefined when it is not known any more
 */
export function settingRows(
  results: readonly Compared[],
  paramsOf: (algorithm: string | null) => ParamSet | undefined,
  nameOf: (id: string) => string = (id) => id,
): SettingRow[] {
  const sets = results.map((result) => paramsOf(result.algorithm));
  const ids = new Set([
    ...sets.flatMap((set) => Object.keys(set ?? {})),
    ...results.flatMap((r) => Object.keys(r.parameters)),
  ]);
  const rows = [...ids].map((id) => {
    const label = sets.find((set) => set?.[id] !== undefined)?.[id]?.label ?? id;
    const values = results.map((result, i) =>
      id in result.parameters ? valueInWords(sets[i], id, result.parameters[id], nameOf) : null,
    );
    // a setting that only one method has does not set results of it apart
    return { id, label, values, differs: new Set(values.filter((value) => value !== null)).size > 1 };
  });
  const methods = results.map((result) => (result.algorithm === null ? 'unknown' : shortMethodName(result.algorithm)));
  const seeds = results.map((result) => String(result.seed));
  return [
    { id: 'algorithm', label: 'Method', values: methods, differs: new Set(methods).size > 1 },
    ...rows,
    { id: 'seed', label: 'Seed', values: seeds, differs: new Set(seeds).size > 1 },
  ];
}

/** More differences than these are counted beside a result: the table of settings has them all. */
const mostTold = 2;

/** "Components 5 → 6, Noise model Frobenius → Poisson" for one result against the reference; empty when they agree. */
export function differenceInWords(rows: readonly SettingRow[], index: number): string {
  const told = rows
    .filter(({ values }) => values[index] !== values[0] && values[index] !== null && values[0] !== null)
    .map(({ label, values }) => `${label} ${values[0]} → ${values[index]}`);
  const more = told.length - mostTold;
  return `${told.slice(0, mostTold).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
