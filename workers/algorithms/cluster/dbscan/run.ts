import type { Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { clusterWith } from '../pipeline/cluster.ts';
import { fitDbscan } from './fit.ts';
import { dbscan } from './spec.ts';

const phases = { count: 1, join: 2, finish: 3 };

/** DBSCAN, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof dbscan.params>;
  return clusterWith(input, values, job, phases.finish, async (view) => {
    const { rows: samples, cols: features } = viewShape(view);
    assertLimits(dbscan, { samples, features, dtype: input.data.dtype }, values);
    const { labels, k, cores, kDistances } = await fitDbscan(view, values.eps, values.min_samples, job, phases);
    const noise = labels.reduce((count, label) => count + (label < 0 ? 1 : 0), 0);
    const notes =
      k === 0
        ? [
            `All ${samples} pixels are noise: none has ${values.min_samples} pixels within ${values.eps}. ` +
              'Raise eps (k_distances shows how far neighbours are) or lower min_samples.',
          ]
        : [];
    return {
      labels,
      k,
      scalars: { noise_pixels: noise, core_pixels: cores },
      notes,
      arrays: () => ({ k_distances: { dtype: 'float64', shape: [kDistances.length], data: kDistances } }),
    };
  });
};
