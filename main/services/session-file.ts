import { randomUUID } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import type { DataOrigin, SessionDataset } from '../contract/session.ts';
import { writeZipOfFolder } from '../io/zip-store.ts';
import type { ExportableResult } from './exporter.ts';
import { openProjectStore } from './project-store.ts';
import { createResultStore } from './result-store.ts';
import { makeWorkFolder } from './work-folder.ts';

/** Data of a recipe, as a file has them or prepared from it. */
export interface RecipeData {
  format: string;
  origin: DataOrigin;
  /** what prepared data were made of */
  of: string | null;
}

/**
 * Writes the results of a recipe as a session that the window opens.
 * @param data by the id of the input or of the step that prepared it
 */
export async function writeSessionFile(
  path: string,
  results: readonly ExportableResult[],
  data: ReadonlyMap<string, RecipeData>,
  overwrite: boolean,
  version: string,
): Promise<void> {
  const work = await makeWorkFolder();
  try {
    const store = await openProjectStore(join(work.folder, `${basename(path, extname(path))}.eigenproject`), version);
    const ids = new Map<string, string>();
    for (const { record, signal } of results) {
      if (ids.has(record.dataset) || signal === null) continue;
      const { format, origin, of } = data.get(record.dataset)!;
      const { axes, steps, ...source } = origin;
      const dataset: SessionDataset = {
        ...source,
        id: `data-${randomUUID().slice(0, 8)}`,
        name: record.dataset,
        ...(of === null
          ? {}
          : { derivation: { of: ids.get(of) ?? of, axes: axes ?? signal.axes, steps, made: signal.axes } }),
        format,
        title: signal.title,
        signalType: signal.signalType,
        shape: signal.shape,
        dtype: signal.dtype,
        axes: signal.axes,
        quantity: signal.quantity,
      };
      ids.set(record.dataset, dataset.id);
      await store.perform(`Open ${dataset.name}`, { do: 'dataset.add', dataset, at: ids.size - 1 });
    }
    const resultIds = new Map(results.map(({ record }) => [record.id, `result-${randomUUID().slice(0, 8)}`]));
    const saved = createResultStore();
    for (const [at, { record, output }] of results.entries()) {
      const id = resultIds.get(record.id)!;
      const kept = {
        ...record,
        id,
        dataset: ids.get(record.dataset) ?? record.dataset,
        parent: record.parent === null ? null : (resultIds.get(record.parent) ?? null),
      };
      await saved.save(store.resultFolder(id), kept, { ...output, notes: [...record.notes] });
      await store.perform(`Run ${record.name}`, { do: 'result.add', record: kept, at });
    }
    const { folder } = store;
    await store.close();
    await writeZipOfFolder(path, folder, { overwrite });
  } finally {
    await work.remove();
  }
}
