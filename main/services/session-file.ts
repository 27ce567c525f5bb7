import { randomUUID } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import type { InputArray } from '../../workers/job.ts';
import type { Metadata, SignalHeader } from '../../workers/model/signal.ts';
import { resolveStep } from '../../workers/specs/registry.ts';
import type { DataOrigin, PreparationStep, SessionDataset } from '../contract/session.ts';
import { writeZipOfFolder } from '../io/zip-store.ts';
import type { ExportableResult } from './exporter.ts';
import { keepGiven, type NamedArray } from './given-arrays.ts';
import { maskResult } from './mask-result.ts';
import { namedSignals, preparationSpec } from './preparations.ts';
import { namedInputs } from './prepare-run.ts';
import { openProjectStore } from './project-store.ts';
import { createResultStore } from './result-store.ts';
import { makeWorkFolder } from './work-folder.ts';

/** Data of a recipe, as a file has them or prepared from it. */
export interface RecipeData {
  format: string;
  origin: DataOrigin;
  signal: SignalHeader;
  /** what prepared data were made of */
  of: string | null;
}

/** What a recipe has made, by its own ids. */
export interface RecipeOutcome {
  results: readonly ExportableResult[];
  /** inputs that were read and what was prepared of them, in the order of the recipe */
  data: ReadonlyMap<string, RecipeData>;
  /** values of a mask or an array that a parameter names */
  arrayOf(id: string): Promise<InputArray>;
}

/**
 * Writes what a recipe has made as a session that the window opens. Parameters name data and results by their ids in the
 * session; navigation masks that were given as data become results, other small arrays are kept with the results that
 * were made with them, so that the session holds them.
 * @returns what could not be kept, in words
 */
export async function writeSessionFile(
  path: string,
  { results, data, arrayOf }: RecipeOutcome,
  overwrite: boolean,
  version: string,
): Promise<string[]> {
  const work = await makeWorkFolder();
  try {
    const store = await openProjectStore(join(work.folder, `${basename(path, extname(path))}.eigenproject`), version);
    const saved = createResultStore();
    /** ids of the recipe → ids of the session */
    const resultIds = new Map(results.map(({ record }) => [record.id, `result-${randomUUID().slice(0, 8)}`]));
    const dataIds = new Map<string, string>();
    const notes = new Set<string>();
    const fileOf = (id: string): string => data.get(id)!.origin.file;
    let resultCount = 0;

    /** The data set of the session that these data are or were prepared from. */
    const nearest = (id: string): string => {
      for (let at: string | null = id; at !== null; at = data.get(at)!.of) {
        const there = dataIds.get(at);
        if (there !== undefined) return there;
      }
      return id;
    };

    const addData = async (id: string): Promise<string> => {
      const there = dataIds.get(id);
      if (there !== undefined) return there;
      const { format, origin, of, signal } = data.get(id)!;
      const { axes, steps, ...source } = origin;
      const dataset: SessionDataset = {
        ...source,
        id: `data-${randomUUID().slice(0, 8)}`,
        name: id,
        ...(of === null
          ? {}
          : {
              derivation: {
                of: nearest(of),
                axes: axes ?? signal.axes,
                steps: steps.map(namedAnew),
                made: signal.axes,
              },
            }),
        format,
        title: signal.title,
        signalType: signal.signalType,
        shape: signal.shape,
        dtype: signal.dtype,
        axes: signal.axes,
        quantity: signal.quantity,
      };
      dataIds.set(id, dataset.id);
      await store.perform(`Open ${dataset.name}`, { do: 'dataset.add', dataset, at: dataIds.size - 1 });
      return dataset.id;
    };

    /** What a step names is kept in full beside its values; the values follow as far as the session has it. */
    const namedAnew = (step: PreparationStep): PreparationStep => {
      const spec = preparationSpec(step.operation);
      const idOf = (id: string): string => resultIds.get(id) ?? dataIds.get(id) ?? id;
      const named = namedSignals(spec, step.values).map(([param, ids]): [string, string | string[]] => {
        const known = ids.map(idOf);
        return [param, spec.params[param]!.kind === 'inputs' ? known : known[0]!];
      });
      return { ...step, values: { ...step.values, ...Object.fromEntries(named) } as Metadata };
    };

    const addResult = async (item: Pick<ExportableResult, 'record' | 'output'>): Promise<void> => {
      const { record, output } = item;
      await saved.save(store.resultFolder(record.id), record, { ...output, notes: [...record.notes] });
      await store.perform(`Run ${record.name}`, { do: 'result.add', record, at: resultCount++ });
    };

    /** masks given as data, one for all results of the same data */
    const masks = new Map<string, string>();
    const addMask = async (id: string, of: ExportableResult['record'], dataset: string): Promise<string> => {
      const key = `${id} ${dataset}`;
      const there = masks.get(key);
      if (there !== undefined) return there;
      const mask = maskResult({ id: dataset, axes: of.axes }, (await arrayOf(id)).data, id, null, version);
      await addResult(mask);
      masks.set(key, mask.record.id);
      return mask.record.id;
    };

    // what results were made of, and what was prepared for its own sake: steps on the way are part of what they led to
    const roots = new Set(results.map(({ record }) => record.dataset));
    const onTheWay = new Set([...data.values()].map(({ of }) => of));
    for (const [id, { of }] of data) {
      if (roots.has(id) || (of !== null && !onTheWay.has(id))) await addData(id);
    }

    for (const { record, output } of results) {
      const dataset = await addData(record.dataset);
      const { spec } = resolveStep(record.operation, record.algorithm);
      const parameters = { ...record.parameters };
      const named: NamedArray[] = [];
      for (const [param, id] of namedInputs(spec, record.parameters)) {
        const isMask = spec.params[param]?.kind === 'input' && spec.params[param].role === 'navigation_mask';
        const made = resultIds.get(id);
        parameters[param] = made ?? (isMask ? await addMask(id, record, dataset) : await addData(id));
        if (made === undefined && !isMask && fileOf(id) !== fileOf(record.dataset))
          named.push({ param, name: id, array: await arrayOf(id) });
      }
      const kept = keepGiven(named);
      for (const note of kept.notes) notes.add(note);
      const parent = record.parent === null ? null : (resultIds.get(record.parent) ?? null);
      await addResult({
        record: {
          ...record,
          ...kept.given,
          id: resultIds.get(record.id)!,
          dataset,
          parent,
          parameters,
          notes: [...record.notes, ...kept.notes],
        },
        output: { ...output, arrays: { ...output.arrays, ...kept.arrays } },
      });
    }
    const { folder } = store;
    await store.close();
    await writeZipOfFolder(path, folder, { overwrite });
    return [...notes];
  } finally {
    await work.remove();
  }
}
