import { EigenscopeError } from '../model/errors.ts';
import type { ResultArray } from '../model/result.ts';
import { withHdf5 } from './hdf5-open.ts';
import { childNames, childPath, kindOf } from './hdf5-tree.ts';
import { readAttributes } from './hdf5-values.ts';
import { readResultArray } from './learning-results-hspy.ts';

/** One result out of the group /Eigenscope: its record as JSON of an unknown age, to be checked by who takes it. */
export interface FoundResult {
  id: string;
  record: unknown;
  arrays: Record<string, ResultArray>;
}

const newestSchema = 1;

/**
 * All results that Eigenscope stored beside HyperSpy's own; none when the file has no such group.
 * @throws EigenscopeError `newer-version`, `corrupt-file`, and those of reading HDF5
 */
export function readEigenscopeResults(path: string): Promise<FoundResult[]> {
  return withHdf5(path, async (file) => {
    if (kindOf(file, '/Eigenscope') !== 'group' || kindOf(file, '/Eigenscope/results') !== 'group') return [];
    const schema = readAttributes(file, '/Eigenscope', []).get('schema');
    if (typeof schema !== 'number' || schema > newestSchema) {
      throw new EigenscopeError(
        'newer-version',
        `${path} was written by a newer Eigenscope (schema ${String(schema)}). Update Eigenscope to read its results.`,
        { path },
      );
    }
    const found: FoundResult[] = [];
    for (const id of childNames(file, '/Eigenscope/results')) {
      const group = childPath('/Eigenscope/results', id);
      const text = readAttributes(file, group, []).get('record');
      const arrays: Record<string, ResultArray> = {};
      const members = childPath(group, 'arrays');
      if (kindOf(file, members) === 'group') {
        for (const name of childNames(file, members)) {
          const array = await readResultArray(file, childPath(members, name));
          if (array && name !== '__proto__') arrays[name] = array;
        }
      }
      found.push({ id, record: parseRecord(path, text), arrays });
    }
    return found;
  });
}

function parseRecord(path: string, text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : null;
  } catch (thrown) {
    throw new EigenscopeError(
      'corrupt-file',
      `${path}: the record of a result is not JSON. Copy the file again.`,
      { path },
      thrown,
    );
  }
}
