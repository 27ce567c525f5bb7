import type { Run } from '../../../job.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { findComponents } from '../SVD/components.ts';
import { describeComponents } from '../SVD/run.ts';
import { sklearnPca } from './spec.ts';

const phases = { read: 0, gather: 1, solve: 2, write: 3, reproject: 4 };

/** Principal components: the mean spectrum removed, variance S²/(N − 1); see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof sklearnPca.params>;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels } = prepared;
  assertLimits(
    sklearnPca,
    { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype },
    values,
  );
  const components = await findComponents(
    prepared,
    {
      k: values.output_dimension,
      solver: values.svd_solver,
      centre: 'navigation',
      autoTranspose: false,
      reproject: values.reproject,
    },
    job,
    phases,
  );
  const mean = { dtype: 'float64' as const, shape: [channels.size], data: components.mean!.values };
  const size = { pixels: pixels.size, channels: channels.size };
  const output = describeComponents(components, pixels.keptCount - 1, size, mean);
  output.notes.push(...prepared.notes);
  return output;
};
