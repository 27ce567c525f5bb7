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
    return {
      labels: reduced.spread(cutTree(tree, k)),
      k,
      scalars: { iterations: tree.leaves - 1 },
      notes: reduced.notes,
      arrays: () => {
        const joins = tree.leaves - 1;
        const merges = new Float64Array(4 * joins);
        for (let j = 0; j < joins; j++) {
          merges.set([tree.joined[2 * j]!, tree.joined[2 * j + 1]!, tree.heights[j]!, tree.sizes[j]!], 4 * j);
        }
        return { merges: { dtype: 'float64', shape: [joins, 4], data: merges } };
      },
    };
  });
};
