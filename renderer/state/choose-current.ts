import type { DatasetId, ProjectState, ResultId } from '../../main/contract/methods.ts';

/** What is current after a change: the same if it is still there, else the newest dataset, and no result. */
export function chooseCurrent(
  state: Pick<ProjectState, 'datasets' | 'results'>,
  dataset: DatasetId | null,
  result: ResultId | null,
): { dataset: DatasetId | null; result: ResultId | null } {
  const keptResult = state.results.find((r) => r.id === result) ?? null;
  const keptDataset = state.datasets.find((d) => d.id === dataset) ?? null;
  return {
    dataset: (keptDataset ?? state.datasets.at(-1))?.id ?? null,
    result: keptResult === null ? null : (keptResult.id as ResultId),
  };
}
