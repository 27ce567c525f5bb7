import type { Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { componentsOf, notesOf, scalarsOf } from '../online/describe-run.ts';
import { learnOnline } from '../online/learn.ts';
import { sampleView } from '../online/samples.ts';
import { createSparseOutput, sparseArray } from '../online/sparse-output.ts';
import { finishDecomposition } from '../pipeline/finish.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { ornmf } from './spec.ts';
import { startSubspace } from './start.ts';
import { ornmfUpdate } from './update.ts';

const phases = { read: 0, learn: 1, code: 2, fill: 3 };

/**
 * Holds a code to the one before where the subspace tells next to nothing about it: a component that a step has emptied
 * would otherwise get any code, however large. Projected gradients that stop after n steps do the same with 1/n.
 */
const inertia = 1e-6;

/** Online robust non-negative factors, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof ornmf.params>;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels } = prepared;
  assertLimits(ornmf, { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype }, values);
  const { stream } = values;
  const samples = sampleView(prepared.view, stream);
  const sparse = values.return_info ? createSparseOutput(prepared, stream, job) : null;
  const learned = await learnOnline(
    {
      samples,
      start: await startSubspace(prepared, viewShape(samples).cols, values.output_dimension!, job, phases.read),
      problem: {
        sparsity: values.lambda1,
        ridge: 0,
        inertia,
        nonNegative: true,
        gradientStep: values.kappa,
        // its subspace jumps: codes in the minimum would follow each jump, those of steps that stop early do not
        published: values.method === 'MomentumSGD' ? 'gradient' : null,
      },
      createUpdate: ornmfUpdate({
        method: values.method,
        kappa: values.kappa,
        lambda1: values.lambda1,
        learningRate: values.subspace_learning_rate,
        momentum: values.subspace_momentum,
      }),
      batchSize: values.batch_size,
      bounded: true,
      project: values.project,
      sparse,
    },
    job,
    phases,
  );
  const output = await finishDecomposition(
    prepared,
    componentsOf(learned, stream),
    { reproject: values.reproject, fit: 'non-negative', phase: phases.fill },
    scalarsOf(learned),
    job,
  );
  if (sparse) output.arrays['error_matrix'] = sparseArray(sparse);
  output.notes.push(...notesOf(learned, stream, 'lambda1', values.lambda1));
  return output;
};
