import { plainDisplay } from '../../workers/model/cluster-display.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { columnOf, type Column } from '../io/csv-writer.ts';

/** What a clustering is called and merged to, as a person set it. */
interface Shown {
  name: (label: number) => string;
  /** cluster that a label is shown as */
  leader: (label: number) => number;
}

function shownOf({ display }: Pick<ResultRecord, 'display'>, clusters: number): Shown {
  const { names, shownAs } = display ?? plainDisplay(clusters);
  const leader = (label: number): number => shownAs[label] ?? label;
  return { leader, name: (label) => (label < 0 ? '' : (names[leader(label)] ?? `Cluster ${leader(label) + 1}`)) };
}

const clustersIn = (arrays: Readonly<Record<string, ResultArray>>, labels: ArrayLike<number>): number => {
  const told = arrays['cluster_sum_signals']?.shape[0] ?? arrays['weights']?.shape[0];
  if (told !== undefined) return told;
  let most = -1;
  for (let p = 0; p < labels.length; p++) most = Math.max(most, labels[p]!);
  return most + 1;
};

/** Columns of every pixel: its label as computed (−1 = none), and the name of the cluster it is shown in. */
export function labelColumns(record: ResultRecord, arrays: Readonly<Record<string, ResultArray>>): Column[] | null {
  const labels = arrays['labels'];
  if (labels === undefined) return null;
  const { name } = shownOf(record, clustersIn(arrays, labels.data));
  return [
    columnOf('label', labels.data),
    { name: 'cluster', rows: labels.data.length, at: (row) => name(labels.data[row]!) },
  ];
}

/** The mean spectrum of every cluster as it is shown (merged ones together), headed by its name. */
export function clusterColumns(record: ResultRecord, arrays: Readonly<Record<string, ResultArray>>): Column[] | null {
  const labels = arrays['labels'];
  const sums = arrays['cluster_sum_signals'];
  if (labels === undefined || sums === undefined) return null;
  const [clusters = 0, channels = 0] = sums.shape;
  const { name, leader } = shownOf(record, clusters);
  const pixels = new Float64Array(clusters);
  for (const label of labels.data) if (label >= 0 && label < clusters) pixels[leader(label)]! += 1;
  const totals = Array.from({ length: clusters }, () => new Float64Array(channels));
  for (let c = 0; c < clusters; c++) {
    const total = totals[leader(c)]!;
    for (let j = 0; j < channels; j++) total[j]! += sums.data[c * channels + j]!;
  }
  return totals.flatMap((total, c) =>
    leader(c) === c
      ? [
          columnOf(
            name(c),
            total.map((sum) => sum / pixels[c]!),
          ),
        ]
      : [],
  );
}
