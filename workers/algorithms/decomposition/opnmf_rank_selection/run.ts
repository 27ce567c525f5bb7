import type { Job, Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { componentLimit } from '../../../specs/decomposition-params.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { fitOpnmf } from '../OPNMF/fit.ts';
import { requireNonNegative } from '../pipeline/non-negative.ts';
import { measure } from '../NMF/measure.ts';
import { startOf } from '../OPNMF/start.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { relative, selectRank } from './select-rank.ts';
import { shufflePass } from './shuffle-pass.ts';
import type { opnmfRankSelection } from './spec.ts';

const phases = { read: 0, shuffle: 1, gather: 2, solve: 3 };

/** Fits every rank to the data and to data whose channels are shuffled over the pixels, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as ValuesOf<typeof opnmfRankSelection.params>;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  requireNonNegative(prepared.sums);
  const shape = { samples: prepared.pixels.keptCount, features: prepared.channels.keptCount, dtype: input.data.dtype };
  const { why, max: most } = componentLimit(shape);
  const [from, to] = [values.min_components, Math.min(values.max_components, most)];
  if (to <= from) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `min_components must be below ${most} for this data, because ${why}; got ${from}.`,
      { parameter: 'min_components', most },
    );
  }
  const notes = [...prepared.notes];
  if (to < values.max_components) notes.push(`max_components was lowered to ${to}, because ${why}.`);
  const ranks = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const { energy, mean } = await measure(prepared, job, phases.read);
  const turn = (view: MatrixView): MatrixView => (values.transpose ? { ...view, transpose: !view.transpose } : view);
  const shuffled = await shuffleColumns(prepared.view, job);

  const fits = { error: new Float64Array(ranks.length), shuffled: new Float64Array(ranks.length) };
  let unsettled = 0;
  for (const [i, k] of ranks.entries()) {
    for (const [name, view] of [
      ['error', prepared.view],
      ['shuffled', shuffled],
    ] as const) {
      const a = turn(view);
      const start = await startOf(a, k, values.init, mean, job, phases.gather);
      const fit = await fitOpnmf(a, start, { k, maxIter: values.max_iter, tol: values.tol, energy, phases }, job);
      fits[name][i] = fit.error;
      if (!fit.converged) unsettled++;
    }
  }
  return describe(ranks, fits, unsettled, notes);
};

function describe(
  ranks: number[],
  { error, shuffled }: { error: Float64Array; shuffled: Float64Array },
  unsettled: number,
  notes: string[],
): AlgorithmOutput {
  const { good, best } = selectRank(ranks, error, shuffled);
  const shape = [ranks.length];
  const output: AlgorithmOutput = {
    arrays: {
      ranks: { dtype: 'int32', shape, data: Int32Array.from(ranks) },
      error: { dtype: 'float64', shape, data: error },
      error_permuted: { dtype: 'float64', shape, data: shuffled },
      relative_error: { dtype: 'float64', shape, data: relative(error) },
      relative_error_permuted: { dtype: 'float64', shape, data: relative(shuffled) },
      good_ranks: { dtype: 'int32', shape: [good.length], data: Int32Array.from(good) },
    },
    scalars: { best_rank: best, converged: unsettled === 0 },
    notes,
  };
  if (good.length === 0) {
    output.notes.push(
      `Every further part up to ${best} helps more than in shuffled data. Raise max_components to see where that ends.`,
    );
  }
  if (unsettled > 0) {
    output.notes.push(
      `${unsettled} of ${2 * ranks.length} fits had not settled when max_iter ended them; their errors may still fall a little.`,
    );
  }
  return output;
}

/** A copy of A with the values of every column in random order, each column on its own. */
async function shuffleColumns(view: MatrixView, job: Job): Promise<MatrixView> {
  const { rows, cols } = viewShape(view);
  const out = job.allocate(rows * cols);
  await job.run(shufflePass, { ...view, transpose: !view.transpose }, { out, seed: job.seed }, phases.shuffle);
  return {
    source: { kind: 'shared', buffer: out.buffer, dtype: 'float64', samples: cols, features: rows },
    transpose: true,
  };
}
