import { dirname, extname, join, basename } from 'node:path';
import { axisValues, type Axis } from '../../workers/model/axes.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import type { Column } from '../io/csv-writer.ts';
import { columnOf, columnTitle, matrixColumns, writeCsv } from '../io/csv-writer.ts';
import { clusterColumns, labelColumns } from './cluster-tables.ts';

/** Coordinates of every row of an unfolded matrix: one column per axis, slowest first. */
function axisColumns(axes: readonly Axis[]): Column[] {
  const rows = axes.reduce((n, axis) => n * axis.size, 1);
  let repeat = rows;
  return axes.map((axis) => {
    repeat /= axis.size;
    const along = axisValues(axis);
    const each = repeat;
    return {
      name: columnTitle(axis.name || 'axis', axis.units),
      rows,
      at: (row) => along[Math.floor(row / each) % axis.size],
    };
  });
}

interface Table {
  name: (typeof tableNames)[number];
  columns: Column[];
}

/**
 * The tables of a decomposition or separation: factors over the signal axis, loadings over the pixels, the scree;
 * of a clustering: the label of every pixel, the mean spectrum of every cluster.
 */
function tablesOf(record: ResultRecord, arrays: Readonly<Record<string, ResultArray>>): Table[] {
  const matrix = (name: 'factors' | 'loadings', word: string, axes: readonly Axis[]): Table[] => {
    const array = arrays[name] ?? arrays[`bss_${name}`];
    if (array === undefined) return [];
    const [rows = 0, count = 0] = array.shape;
    return [
      { name, columns: [...axisColumns(axes), ...matrixColumns(array.data, rows, count, (c) => `${word} ${c + 1}`)] },
    ];
  };
  const table = (name: Table['name'], columns: Column[] | null, axes: readonly Axis[]): Table[] =>
    columns === null ? [] : [{ name, columns: [...axisColumns(axes), ...columns] }];
  const variance = arrays['explained_variance'];
  const ratio = arrays['explained_variance_ratio'];
  const scree: Table[] =
    ratio === undefined
      ? []
      : [
          {
            name: 'scree',
            columns: [
              { name: 'component', rows: ratio.data.length, at: (row) => row + 1 },
              ...(variance === undefined ? [] : [columnOf('explained_variance', variance.data)]),
              columnOf('explained_variance_ratio', ratio.data),
            ],
          },
        ];
  return [
    ...matrix('factors', 'factor', signalAxes(record.axes)),
    ...matrix('loadings', 'loading', navigationAxes(record.axes)),
    ...scree,
    ...table('labels', labelColumns(record, arrays), navigationAxes(record.axes)),
    ...table('clusters', clusterColumns(record, arrays), signalAxes(record.axes)),
  ];
}

const tableNames = ['factors', 'loadings', 'scree', 'labels', 'clusters'] as const;

const tablePlace = (path: string, name: string): string =>
  join(dirname(path), `${basename(path, extname(path))}-${name}.csv`);

/** Where the tables of a decomposition go that is written as `path`. */
export const tablePlaces = (path: string): string[] => tableNames.map((name) => tablePlace(path, name));

/**
 * Writes the tables of a result beside each other: NAME-factors.csv, NAME-loadings.csv, NAME-scree.csv, or
 * NAME-labels.csv, NAME-clusters.csv.
 * @returns what was written.
 */
export async function writeTables(
  path: string,
  record: ResultRecord,
  arrays: Readonly<Record<string, ResultArray>>,
  overwrite: boolean,
): Promise<string[]> {
  const tables = tablesOf(record, arrays);
  if (tables.length === 0) {
    throw new EigenscopeError('bad-request', `“${record.name}” holds no tables; save it as .hspy or .npy.`, {
      result: record.id,
    });
  }
  const written: string[] = [];
  for (const { name, columns } of tables) {
    const file = tablePlace(path, name);
    await writeCsv(file, columns, { overwrite });
    written.push(file);
  }
  return written;
}
