import type { InputArray } from '../../workers/job.ts';
import type { GivenArray, ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { sizeText } from './memory.ts';

/*
 * Arrays that were given to a run as data of another file: masks of channels, starting values, weights. Small ones are
 * kept with the result, so that the session alone can make it again, whatever becomes of the file.
 */

/** What is larger is left where it is. A mask of 2048 × 2048 channels is as much. */
const mostGivenBytes = 4 * 2 ** 20;

/** What a parameter named: data by their name, and their values. */
export interface NamedArray {
  param: string;
  name: string;
  array: InputArray;
}

/** Name of the file of values in the result's folder. */
export const givenName = (param: string): string => `given_${param}`;

/** Masks take a byte per value; whatever else is kept as the algorithms get it. */
function packed({ dtype, shape, data }: InputArray): Exclude<ResultArray, { dtype: 'int32' }> {
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(data, (v) => (v === 0 ? 0 : 1)) };
  return { dtype: 'float64', shape, data };
}

/** What a record says of the arrays it was given, their values by the names of their files, and what was too large. */
export interface Given {
  given: Pick<ResultRecord, 'given'>;
  arrays: Record<string, ResultArray>;
  notes: string[];
}

export function keepGiven(named: readonly NamedArray[]): Given {
  const given: Record<string, GivenArray> = {};
  const arrays: Record<string, ResultArray> = {};
  const notes: string[] = [];
  for (const { param, name, array } of named) {
    const held = packed(array);
    if (held.data.byteLength > mostGivenBytes) {
      notes.push(
        `“${name}” (${param}) holds ${sizeText(held.data.byteLength)}, more than the ${sizeText(mostGivenBytes)} that are kept with a result. Keep its file: without it this result cannot be made again.`,
      );
      continue;
    }
    given[param] = { name, dtype: held.dtype, shape: held.shape };
    arrays[givenName(param)] = held;
  }
  return { given: Object.keys(given).length === 0 ? {} : { given }, arrays, notes };
}

/** What a record says of an array in its folder: one that it found, or one that it was given. */
export function arrayInFolder(record: ResultRecord, name: string): ResultRecord['arrays'][string] | undefined {
  const found = record.arrays[name];
  if (found !== undefined) return found;
  return Object.entries(record.given ?? {}).find(([param]) => givenName(param) === name)?.[1];
}

/** A kept array as a run takes it. */
export const inputOfGiven = ({ dtype, shape, data }: ResultArray): InputArray => ({
  dtype,
  shape,
  data: dtype === 'float64' ? data : Float64Array.from(data),
});
