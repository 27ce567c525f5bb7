import type { Job, RunInput } from '../../../job.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { finishClustering, type Clustering } from './finish.ts';
import { preparationScalars, preprocess, type PreprocessValues } from './scaling.ts';
import { centreSource, clusterSource, type SourceValues } from './source.ts';

export type ClusterValues = SourceValues & PreprocessValues;

/** Phases before and after the search; those of the algorithm stand between. */
export const clusterPhases = (own: readonly string[]): string[] => [
  'Reading the data',
  ...own,
  'Describing the clusters',
];

/**
 * The steps that every clustering shares: choose what is clustered, leave out pixels, scale, search, describe (spec
 * section 12).
 * @param last index of the last phase
 * @param find the search in B [kept pixels × columns]
 */
export async function clusterWith(
  input: RunInput,
  values: ClusterValues,
  job: Job,
  last: number,
  find: (view: MatrixView) => Promise<Clustering>,
): Promise<AlgorithmOutput> {
  const source = await clusterSource(input, values, job, 0);
  const centres = centreSource(input, values, source.origin, job);
  const view = await preprocess(source.view, values, job, 0);
  const found = await find(view);
  job.control.check();
  const output = await finishClustering(found, source, view, centres, job, last);
  Object.assign(output.scalars, preparationScalars(values, job));
  job.control.progress(last, 1, 1);
  return output;
}
