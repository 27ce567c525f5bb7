import type { Job, Run, RunInput } from '../../../job.ts';
import type { AlgorithmOutput, ResultArray } from '../../../model/result.ts';
import { createMatrix, transpose } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { modelRowsPass } from '../../../passes/model-rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { chosenComponents, parentComponents, pickColumns, type ComponentArrays } from '../parent.ts';
import type { getDecompositionModel } from './spec.ts';

/** See `buildModel`. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof getDecompositionModel.params>;
  const { parent, ...components } = parentComponents(input);
  return buildModel(input, components, parent.arrays.mean ?? null, values, job);
};

/**
 * Model L·Fᵀ of chosen components plus the mean that was subtracted, or data minus model; NaN where pixels or channels were
 * left out and not filled in. `relative_error` is ‖X − model‖/‖X‖ over the values where both are finite.
 */
export async function buildModel(
  input: RunInput,
  components: ComponentArrays,
  mean: ResultArray | null,
  values: { components: number | readonly number[] | null; residual: boolean },
  job: Job,
): Promise<AlgorithmOutput> {
  const { samples, features } = input.data;
  const { factors, loadings } = components;
  if (factors.shape[0] !== features || loadings.shape[0] !== samples) {
    throw new EigenscopeError(
      'shape-mismatch',
      `The components belong to ${loadings.shape[0]} pixels × ${factors.shape[0]} channels, the data have ` +
        `${samples} × ${features}. Use the data that were decomposed.`,
      { samples, features },
    );
  }
  const chosen = chosenComponents(values.components, components.k);
  const k = chosen.length;
  const name = values.residual ? 'residual' : 'model';
  const out = job.allocateRows(name, samples * features);
  const state = await job.run(
    modelRowsPass,
    { source: input.data },
    {
      loadings: chosenRows(loadings, chosen, job),
      factors: shareFloats(job, transpose(createMatrix(features, k, pickColumns(factors, chosen))).data),
      k,
      ...meanVectors(mean, samples, features, job),
      residual: values.residual,
      out,
    },
    0,
  );
  const shape = [...input.navigationShape, ...input.signalShape];
  return {
    ...(out.kind === 'shared'
      ? { arrays: { [name]: { dtype: 'float64', shape, data: out.data } } }
      : { arrays: {}, files: { [name]: { dtype: 'float64', shape, path: out.path, offset: out.offset } } }),
    scalars: { relative_error: state.energy > 0 ? Math.sqrt(state.error / state.energy) : state.error > 0 ? null : 0 },
    notes:
      state.compared < samples * features
        ? ['Values that were left out or are not numbers do not count in the relative error.']
        : [],
  };
}

/** The chosen columns in shared memory; all of them are not copied when they are there already. */
function chosenRows(loadings: ComponentArrays['loadings'], chosen: readonly number[], job: Job): Float64Array {
  const { data, shape } = loadings;
  const [rows = 0, k = 1] = shape;
  if (data.buffer instanceof SharedArrayBuffer && chosen.length === k && chosen.every((c, j) => c === j)) return data;
  const out = job.allocate(rows * chosen.length);
  for (let i = 0, at = 0; i < rows; i++) for (const c of chosen) out[at++] = data[i * k + c]!;
  return out;
}

/** The mean as a vector per pixel or per channel: [pixels × 1], or [1 × channels] or [channels]. */
function meanVectors(
  mean: ResultArray | null,
  samples: number,
  features: number,
  job: Job,
): { rowMean?: Float64Array; columnMean?: Float64Array } {
  if (!mean || mean.dtype !== 'float64') return {};
  const perPixel = mean.shape.length === 2 && mean.shape[0] === samples && mean.shape[1] === 1;
  if (!perPixel && mean.data.length !== features) {
    throw new EigenscopeError(
      'shape-mismatch',
      `The stored mean has ${mean.data.length} values; ${features} channels or ${samples} pixels are needed.`,
      { found: mean.data.length },
    );
  }
  return perPixel ? { rowMean: shareFloats(job, mean.data) } : { columnMean: shareFloats(job, mean.data) };
}
