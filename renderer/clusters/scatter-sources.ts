import type { ResultRecord } from '../../workers/model/result.ts';

/** An array with values per pixel, two columns of which can be the axes of the scatter plot. */
export interface ScatterSource {
  /** unique among the sources */
  id: string;
  result: string;
  array: string;
  /** how many there are to choose from */
  columns: number;
  /** one row per column and one value per pixel in it, in place of the other way round */
  isByRow: boolean;
  /** "NMF 5" */
  title: string;
  /** "Loading": what one column is called */
  word: string;
}

const words: readonly (readonly [array: string, word: string])[] = [
  ['bss_loadings', 'Loading'],
  ['loadings', 'Loading'],
  ['embedding', 'Dimension'],
  ['parameter_maps', 'Parameter'],
];

type Result = Pick<ResultRecord, 'id' | 'name' | 'parent' | 'dataset' | 'parameters' | 'arrays'>;

/** The result itself and what it was made from, nearest first: what was clustered by name, then its parents. */
function lineage(record: Result, results: readonly Result[]): Result[] {
  const named = results.find(({ id }) => id === record.parameters['cluster_source']);
  const line: Result[] = named === undefined ? [] : [named];
  let parent = record.parent;
  for (let steps = 0; parent !== null && steps < 64; steps++) {
    const found = results.find(({ id }) => id === parent);
    if (found === undefined) break;
    line.push(found);
    parent = found.parent;
  }
  return line;
}

/** What the axes of the scatter plot can be: first what was clustered, then other results of the same pixels, newest first. */
export function scatterSources(record: Result, results: readonly Result[]): ScatterSource[] {
  const samples = record.arrays['labels']?.shape[0] ?? 0;
  const others = results.filter((one) => one.dataset === record.dataset && one.id !== record.id).toReversed();
  const sources: ScatterSource[] = [];
  for (const one of new Set([...lineage(record, results), ...others])) {
    for (const [array, word] of words) {
      const shape = one.arrays[array]?.shape;
      if (shape === undefined || shape.length !== 2 || shape[0] !== samples || (shape[1] ?? 0) < 1) continue;
      const columns = shape[1] ?? 0;
      sources.push({ id: `${one.id} ${array}`, result: one.id, array, columns, isByRow: false, title: one.name, word });
    }
  }
  const distances = record.arrays['cluster_distances']?.shape;
  if (distances?.[1] === samples && (distances[0] ?? 0) > 0) {
    sources.push({
      id: `${record.id} cluster_distances`,
      result: record.id,
      array: 'cluster_distances',
      columns: distances[0] ?? 0,
      isByRow: true,
      title: 'Distances to the centres',
      word: 'Distance to',
    });
  }
  return sources;
}
