import type { Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { clusterWith } from '../pipeline/cluster.ts';
import { reduceRows } from '../pipeline/reduce.ts';
import { fitTree } from './fit.ts';
import { clustersBelow, cutTree } from './link.ts';
import { agglomerative } from './spec.ts';

const phases = { compare: 1, join: 2, finish: 3 };

/** Agglomerative clustering, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof agglomerative.params>;
  return clusterWith(input, values, job, phases.finish, async (view) => {
    const { rows: samples, cols: features } = viewShape(view);
    assertLimits(agglomerative, { samples, features, dtype: input.data.dtype }, values);
    const reduced = await reduceRows(view, values, job, phases.compare);
    const tree = await fitTree(reduced.view, values.linkage, reduced.weights, job, phases.compare);
    job.control.progress(phases.join, 1, 1);
    const { distance_threshold: threshold, n_clusters: wanted } = values;
    const k = threshold === null ? Math.min(wanted, tree.leaves) : clustersBelow(tree, threshold);
    const cut = cutTree(tree, k);
    return {
      labels: reduced.spread(cut),
      k,
      scalars: { iterations: tree.leaves - 1 },
      notes: reduced.notes,
      arrays: (order, { samples, kept }) => {
        const joins = tree.leaves - 1;
        const merges = new Float64Array(4 * joins);
        for (let j = 0; j < joins; j++) {
          merges.set([tree.joined[2 * j]!, tree.joined[2 * j + 1]!, tree.heights[j]!, tree.sizes[j]!], 4 * j);
        }
        const leafOfRow = reduced.spread(Int32Array.from({ length: tree.leaves }, (_, leaf) => leaf));
        const leaves = new Int32Array(samples).fill(-1);
        leafOfRow.forEach((leaf, row) => (leaves[kept ? kept[row]! : row] = leaf));
        const place = new Map(order.map((old, label) => [old, label]));
        return {
          merges: { dtype: 'float64', shape: [joins, 4], data: merges },
          leaf_labels: {
            dtype: 'int32',
            shape: [tree.leaves],
            // a leaf of the sample that is no pixel's nearest one may leave a cluster empty, which has no number
            data: cut.map((old) => place.get(old) ?? -1),
          },
          leaves: { dtype: 'int32', shape: [samples], data: leaves },
        };
      },
    };
  });
};
