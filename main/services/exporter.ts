import { extname } from 'node:path';
import type { InputArray } from '../../workers/job.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { toSvgText } from '../../workers/figure/svg.ts';
import type { FigureRequest } from '../contract/methods.ts';
import { writeAtomically } from '../io/atomic-write.ts';
import type { Platform } from '../platform.ts';
import type { DatasetStore } from './dataset-store.ts';
import { writeResultFile, writeSignalFile } from './export-files.ts';
import type { WrittenSignal } from '../io/signal-files/signal-to-write.ts';
import type { Generation } from './learning-fields.ts';
import { writeTables } from './export-tables.ts';
import { buildFigure } from './figures.ts';
import { givenName, inputOfGiven } from './given-arrays.ts';
import { loadInputArray } from './load-input.ts';
import { methodsText } from './methods-text.ts';
import { signalOfResult } from './prepare-run.ts';
import type { Pool } from './pool.ts';
import type { Project } from './project.ts';
import type { ResultStore } from './result-store.ts';
import { writeFigureFile } from './write-figure.ts';

/** A result with the data it was made from, as far as these are there. */
export interface ExportableResult {
  record: ResultRecord;
  output: Pick<AlgorithmOutput, 'arrays' | 'files' | 'scalars'>;
  signal: SignalHeader | null;
  source: RowSource | null;
  masks: { navigation?: InputArray; signal?: InputArray };
  /** what it was computed from, the nearest first */
  parents?: readonly Generation[];
}

/** Writes the numbers of a result in the format of the file's extension. @returns what was written. */
export async function exportResult(
  pool: Pool,
  path: string,
  item: ExportableResult,
  overwrite: boolean,
): Promise<WrittenSignal> {
  if (extname(path).toLowerCase() === '.csv' && item.record.kind !== 'model') {
    return { files: await writeTables(path, item.record, item.output.arrays, overwrite), notes: [] };
  }
  return writeResultFile(pool, path, item, overwrite);
}

export interface Exporter {
  methods(result: string): string;
  preview(figure: FigureRequest): Promise<{ svg: string; warnings: string[] }>;
  figure(figure: FigureRequest, path: string, overwrite: boolean): Promise<string[]>;
  result(result: string, path: string, overwrite: boolean): Promise<WrittenSignal>;
  dataset(dataset: string, path: string, overwrite: boolean): Promise<WrittenSignal>;
}

/** Exports of the open project: figures, numbers, methods. */
export function createExporter(
  platform: Platform,
  pool: Pool,
  datasets: DatasetStore,
  results: ResultStore,
  project: Project,
): Exporter {
  const arrayOf = (record: ResultRecord) => (name: string) =>
    results.array(project.store().resultFolder(record.id), record, name);

  const build = (request: FigureRequest) => {
    const record = project.result(request.result);
    return buildFigure(record, arrayOf(record), request);
  };

  /** The data a result was made from; null when the file is gone: the result alone can still be written. */
  const dataOf = async (record: ResultRecord): Promise<Pick<ExportableResult, 'signal' | 'source'>> => {
    try {
      const place = datasets.place(record.dataset);
      // What is not in memory is written from its file, block by block.
      const source = 'source' in place && place.source.kind === 'shared' ? place.source : null;
      return Promise.resolve({ signal: datasets.signal(record.dataset), source });
    } catch (error) {
      if (error instanceof EigenscopeError && (error.code === 'file-changed' || error.code === 'not-found')) {
        return { signal: null, source: null };
      }
      throw error;
    }
  };

  /** The masks of a result, as far as they are kept with it or the data sets that hold them are still open. */
  const masksOf = async (record: ResultRecord): Promise<ExportableResult['masks']> => {
    const load = async (param: string): Promise<InputArray | null> => {
      if (record.given?.[param] !== undefined) return inputOfGiven(await arrayOf(record)(givenName(param)));
      const id = record.parameters[param];
      const made = project.state().results.find((one) => one.id === id);
      if (made?.kind === 'mask')
        return signalOfResult({ navigation_mask: await arrayOf(made)('navigation_mask') }, made);
      return typeof id === 'string' && project.state().datasets.some((d) => d.id === id && d.missing === null)
        ? loadInputArray(pool, datasets.signal(id))
        : null;
    };
    const navigation = await load('navigation_mask');
    const signal = await load('signal_mask');
    return { ...(navigation === null ? {} : { navigation }), ...(signal === null ? {} : { signal }) };
  };

  /** What a result was computed from, the nearest first, as far as it is still in the project. */
  const parentsOf = async ({ parent }: ResultRecord): Promise<Generation[]> => {
    const record = project.state().results.find((one) => one.id === parent);
    if (record === undefined) return [];
    const { arrays } = await results.all(project.store().resultFolder(record.id), record);
    return [{ record, arrays, masks: await masksOf(record) }, ...(await parentsOf(record))];
  };

  /** The methods text of a result, with how its data were prepared. */
  const textOf = (record: ResultRecord): string =>
    methodsText(record, project.state().datasets.find(({ id }) => id === record.dataset)?.steps ?? []);

  return {
    methods: (id) => textOf(project.result(id)),
    async preview(request) {
      const { drawing, warnings } = await build(request);
      return { svg: toSvgText(drawing), warnings };
    },
    async figure(request, path, overwrite) {
      const { figure } = await build(request);
      await writeFigureFile(pool, path, figure, request.dpi, platform.assetsFolder, overwrite);
      // How the figure was made goes beside it: the picture alone does not tell a year later.
      const beside = `${path}.json`;
      const record = project.result(request.result);
      await writeAtomically(beside, { overwrite: true }, async (handle) => {
        await handle.writeFile(JSON.stringify({ figure: request, result: record, methods: textOf(record) }, null, 1));
      });
      return [path, beside];
    },
    async result(id, path, overwrite) {
      const record = project.result(id);
      const output = {
        ...(await results.all(project.store().resultFolder(record.id), record)),
        scalars: record.scalars,
      };
      const item = { record, output, ...(await dataOf(record)), masks: await masksOf(record) };
      return exportResult(pool, path, { ...item, parents: await parentsOf(record) }, overwrite);
    },
    async dataset(id, path, overwrite) {
      return writeSignalFile(pool, path, datasets.signal(id), null, overwrite);
    },
  };
}
