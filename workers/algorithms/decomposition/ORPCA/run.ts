import type { Run } from '../../../job.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { componentsOf, notesOf, scalarsOf } from '../online/describe-run.ts';
import { learnOnline } from '../online/learn.ts';
import { sampleView } from '../online/samples.ts';
import { createSparseOutput, sparseArray } from '../online/sparse-output.ts';
import { finishDecomposition } from '../pipeline/finish.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { summarizeVariance } from '../pipeline/variance.ts';
import { rotateToSingular } from './rotate.ts';
import { orpca } from './spec.ts';
import { startSubspace } from './start.ts';
import { orpcaUpdate } from './update.ts';

const phases = { read: 0, learn: 1, code: 2, fill: 3 };

/** Online robust principal components, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof orpca.params>;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels } = prepared;
  assertLimits(orpca, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const { stream } = values;
  const samples = sampleView(prepared.view, stream);
  const sparse = values.return_info ? createSparseOutput(prepared, stream, job) : null;
  const learned = await learnOnline(
    {
      samples,
      start: startSubspace(samples, {
        init: values.init,
        k: values.output_dimension!,
        seed: job.seed,
        array: input.inputs['init_array'],
        entries: stream === 'channels' ? pixels : channels,
        what: stream === 'channels' ? 'pixels' : 'channels',
      }),
      problem: {
        sparsity: values.lambda2,
        ridge: values.lambda1,
        inertia: 0,
        nonNegative: false,
        gradientStep: 1,
        published: 'alternation',
      },
      createUpdate: orpcaUpdate({
        method: values.method,
        lambda1: values.lambda1,
        learningRate: values.subspace_learning_rate,
        momentum: values.subspace_momentum,
      }),
      batchSize: values.batch_size,
      bounded: false,
      project: values.project,
      sparse,
    },
    job,
    phases,
  );
  const components = componentsOf(learned, stream);
  const rotated = values.return_info ? rotateToSingular(components) : null;
  const output = await finishDecomposition(
    prepared,
    rotated ?? components,
    { reproject: values.reproject, phase: phases.fill },
    scalarsOf(learned),
    job,
  );
  if (rotated) {
    const { explainedVariance, ratio, significant } = summarizeVariance(rotated.singularValues, channels.keptCount);
    const shape = [rotated.k];
    output.arrays['explained_variance'] = { dtype: 'float64', shape, data: explainedVariance };
    output.arrays['explained_variance_ratio'] = { dtype: 'float64', shape, data: ratio };
    output.scalars['number_significant_components'] = significant;
  }
  if (sparse) output.arrays['error_matrix'] = sparseArray(sparse);
  output.notes.push(...notesOf(learned, stream, 'lambda2', values.lambda2));
  return output;
};
