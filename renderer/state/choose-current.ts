import type { DatasetId, ProjectState, ResultId } from '../../main/contract/methods.ts';

/**
 * What is current after a change: the same if it is still there, else what it was made of, else the newest dataset; and
 * no result.
 */
export function chooseCurrent(
  state: Pick<ProjectState, 'datasets' | 'results'>,
  dataset: DatasetId | null,
  result: ResultId | null,
  madeOf: string | null = null,
): { dataset: DatasetId | null; result: ResultId | null } {
  const keptResult = state.results.find((r) => r.id === result) ?? null;
  const keptDataset = [dataset, madeOf].flatMap((id) => state.datasets.filter((d) => d.id === id))[0] ?? null;
  return {
    dataset: (keptDataset ?? state.datasets.at(-1))?.id ?? null,
    result: keptResult === null ? null : (keptResult.id as ResultId),
  };
}
