import type { Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { clusterWith } from '../pipeline/cluster.ts';
import { reduceRows } from '../pipeline/reduce.ts';
import { fitSpectral } from './fit.ts';
import { spectralclustering } from './spec.ts';

const phases = { start: 1, refine: 2, finish: 3 };

/** Spectral clustering, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof spectralclustering.params>;
  return clusterWith(input, values, job, phases.finish, async (view) => {
    const { rows: samples, cols: features } = viewShape(view);
    assertLimits(spectralclustering, { samples, features, dtype: input.data.dtype }, values);
    const reduced = await reduceRows(view, values, job, phases.start);
    const notes = [...reduced.notes];
    const { n_clusters: k, gamma, n_init: nInit, affinity } = values;
    const neighbours = affinity === 'rbf' ? null : values.n_neighbors;
    const [labels] = await fitSpectral(reduced.view, [k], { gamma, neighbours, nInit }, job, phases, notes);
    return { labels: reduced.spread(labels!), k, notes };
  });
};
