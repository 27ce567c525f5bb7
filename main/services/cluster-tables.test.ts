import { describe, expect, it } from 'vitest';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import type { Column } from '../io/csv-writer.ts';
import { clusterColumns, labelColumns } from './cluster-tables.ts';

const arrays: Record<string, ResultArray> = {
  labels: { dtype: 'int32', shape: [5], data: Int32Array.of(0, 1, 2, 2, -1) },
  // sums of 1, 1 and 2 pixels over two channels
  cluster_sum_signals: { dtype: 'float64', shape: [3, 2], data: Float64Array.of(3, 6, 5, 5, 8, 2) },
};
const valuesOf = ({ rows, at }: Column): unknown[] => Array.from({ length: rows }, (_, row) => at(row));
const record = { display: { names: ['rim', null, null], colours: [null, null, null], shownAs: [0, 1, 0] } };

describe('tables of clusters', () => {
  it('have the label and the name of every pixel', () => {
    const [labels, names] = labelColumns(record as unknown as ResultRecord, arrays) ?? [];
    expect(valuesOf(labels!)).toEqual([0, 1, 2, 2, -1]);
    expect(valuesOf(names!)).toEqual(['rim', 'Cluster 2', 'rim', 'rim', '']);
  });
  it('have one mean spectrum for clusters that are shown as one', () => {
    // (3 + 8) / 3 and (6 + 2) / 3
    const columns = clusterColumns(record as unknown as ResultRecord, arrays) ?? [];
    expect(columns.map((column) => [column.name, ...valuesOf(column)])).toEqual([
      ['rim', 11 / 3, 8 / 3],
      ['Cluster 2', 5, 5],
    ]);
  });
  it('are plain where nothing was named, and not there for other results', () => {
    const plain = {} as ResultRecord;
    expect(valuesOf(labelColumns(plain, arrays)![1]!)).toEqual([
      'Cluster 1',
      'Cluster 2',
      'Cluster 3',
      'Cluster 3',
      '',
    ]);
    expect(labelColumns(plain, {})).toBeNull();
    expect(clusterColumns(plain, { labels: arrays['labels']! })).toBeNull();
  });
});
