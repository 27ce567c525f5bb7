import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';

/** One line of the data list. */
export type TreeRow = {
  id: string;
  depth: number;
  hasChildren: boolean;
  isOpen: boolean;
  parent: string | null;
} & ({ kind: 'dataset'; dataset: DatasetSummary } | { kind: 'result'; result: ResultRecord } | { kind: 'orphans' });

export const orphansId = 'results without data';

/**
 * Datasets with their results beneath, derived results under what they were made from, then the datasets that were made
 * of them; oldest first. A dataset whose own one is closed stands alone. Results whose data are not open stand under a
 * line of their own. `closed` = ids whose children are not shown.
 */
export function treeRows(
  datasets: readonly DatasetSummary[],
  results: readonly ResultRecord[],
  closed: ReadonlySet<string>,
): TreeRow[] {
  const rows: TreeRow[] = [];
  const ids = new Set(results.map((r) => r.id));

  function addResults(list: readonly ResultRecord[], depth: number, parent: string): void {
    for (const result of list) {
      const children = results.filter((r) => r.parent === result.id);
      const isOpen = !closed.has(result.id);
      rows.push({ id: result.id, kind: 'result', result, depth, parent, hasChildren: children.length > 0, isOpen });
      if (isOpen) addResults(children, depth + 1, result.id);
    }
  }
  const isTop = (r: ResultRecord): boolean => r.parent === null || !ids.has(r.parent);

  function addDatasets(list: readonly DatasetSummary[], depth: number, parent: string | null): void {
    for (const dataset of list) {
      const own = results.filter((r) => r.dataset === dataset.id && isTop(r));
      const made = datasets.filter((d) => d.madeOf === dataset.id && d.id !== dataset.id);
      const isOpen = !closed.has(dataset.id);
      const hasChildren = own.length + made.length > 0;
      rows.push({ id: dataset.id, kind: 'dataset', dataset, depth, parent, hasChildren, isOpen });
      if (!isOpen) continue;
      addResults(own, depth + 1, dataset.id);
      addDatasets(made, depth + 1, dataset.id);
    }
  }
  const isOpened = (id: string | null): boolean => datasets.some((d) => d.id === id);
  addDatasets(
    datasets.filter((d) => !isOpened(d.madeOf)),
    0,
    null,
  );
  const orphans = results.filter((r) => isTop(r) && !datasets.some((d) => d.id === r.dataset));
  if (orphans.length > 0) {
    const isOpen = !closed.has(orphansId);
    rows.push({ id: orphansId, kind: 'orphans', depth: 0, parent: null, hasChildren: true, isOpen });
    if (isOpen) addResults(orphans, 1, orphansId);
  }
  return rows;
}

/** What an arrow key does at a row: the row to go to, or a change of what is open. */
export function treeStep(
  rows: readonly TreeRow[],
  id: string | null,
  key: string,
): { focus: string | null; open?: string; close?: string } {
  const at = rows.findIndex((r) => r.id === id);
  const row = rows[at];
  const to = (index: number): { focus: string | null } => ({
    focus: rows[Math.min(rows.length - 1, Math.max(0, index))]?.id ?? null,
  });
  if (key === 'Home' || row === undefined) return to(0);
  if (key === 'End') return to(rows.length - 1);
  if (key === 'ArrowDown') return to(at + 1);
  if (key === 'ArrowUp') return to(at - 1);
  if (key === 'ArrowRight' && row.hasChildren) return row.isOpen ? to(at + 1) : { focus: row.id, open: row.id };
  if (key === 'ArrowLeft') {
    if (row.hasChildren && row.isOpen) return { focus: row.id, close: row.id };
    return { focus: row.parent ?? row.id };
  }
  return { focus: row.id };
}
