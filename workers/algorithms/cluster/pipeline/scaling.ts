import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { Scalar } from '../../../model/result.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { sumsPass } from '../../../passes/sums.ts';
import { denseView } from './dense-rows.ts';
import { columnSpreadPass, rowLengthsPass, shareOfMaximumPass, unitRowsPass } from './scaling-passes.ts';

export interface PreprocessValues {
  /** one of ours, or the id of a custom one */
  preprocessing: string | null;
  norm: 'l1' | 'l2' | 'max';
  with_mean: boolean;
  with_std: boolean;
  feature_range: readonly number[] | null;
  power: number;
}

/** B: the rows in which clusters are looked for. Where it can be, scaling is part of the view. */
export async function preprocess(
  view: MatrixView,
  values: PreprocessValues,
  job: Job,
  phase: number,
): Promise<MatrixView> {
  switch (values.preprocessing) {
    case null:
      return view;
    case 'norm':
      return shorten(view, values.norm, job, phase);
    case 'standard':
      return standardize(view, values, job, phase);
    case 'minmax':
      return toRange(view, values.feature_range ?? [0, 1], job, phase);
    case 'power':
      return raise(view, values.power, job, phase);
    default:
      return custom(view, values, job);
  }
}

/** Up to this many columns every method copies B anyway. */
const narrow = 32;

/**
 * Rows of length 1. Those of few columns are really divided: times the inverse, pixels of one column would not all become
 * 1, and what rounding makes of them would be taken for clusters.
 */
async function shorten(view: MatrixView, norm: PreprocessValues['norm'], job: Job, phase: number): Promise<MatrixView> {
  const { rows, cols } = viewShape(view);
  if (cols <= narrow) {
    const out = job.allocate(rows * cols);
    await job.run(unitRowsPass, view, { out, norm }, phase);
    return denseView({ data: out, n: rows, cols });
  }
  const rowScale = job.allocate(rows);
  await job.run(rowLengthsPass, view, { out: rowScale, norm }, phase);
  return { ...view, rowScale };
}

/** B of a custom preparation, whose thread has checked that it has the rows of A and finite numbers alone. */
async function custom(view: MatrixView, values: PreprocessValues, job: Job): Promise<MatrixView> {
  const preparation = job.preprocessing;
  if (preparation === undefined || preparation.id !== values.preprocessing) {
    throw new Error(`preprocessing ${values.preprocessing} was not loaded`);
  }
  const { rows } = viewShape(view);
  const { data, columns } = await preparation.apply(view, { ...values });
  job.control.check();
  const out = job.allocate(rows * columns);
  out.set(data);
  return denseView({ data: out, n: rows, cols: columns });
}

/** What a result keeps of the preparation it was made with. */
export const preparationScalars = (values: PreprocessValues, job: Job): Record<string, Scalar> =>
  job.preprocessing !== undefined && values.preprocessing === job.preprocessing.id
    ? { preprocessing_version: job.preprocessing.version }
    : {};

async function standardize(
  view: MatrixView,
  { with_mean, with_std }: PreprocessValues,
  job: Job,
  phase: number,
): Promise<MatrixView> {
  const { rows } = viewShape(view);
  const { columnSums } = await job.run(sumsPass, view, { rowSums: job.allocate(rows) }, phase);
  const mean = shareFloats(
    job,
    columnSums.map((sum) => sum / rows),
  );
  const { squares } = await job.run(columnSpreadPass, view, { mean }, phase);
  const deviation = squares.map((sum, j) => {
    const variance = sum / rows;
    // what rounding alone gives a constant column
    const rounding = rows * Number.EPSILON * variance + (rows * mean[j]! * Number.EPSILON) ** 2;
    return variance <= rounding ? 1 : Math.sqrt(variance);
  });
  return {
    ...view,
    ...(with_mean ? { columnMean: mean } : {}),
    ...(with_std ? { columnScale: shareFloats(job, deviation) } : {}),
  };
}

/** (x − min)/(max − min)·(high − low) + low as a mean and a scale; a constant column becomes `low`. */
async function toRange(
  view: MatrixView,
  [low = 0, high = 1]: readonly number[],
  job: Job,
  phase: number,
): Promise<MatrixView> {
  const mean = job.allocate(viewShape(view).cols);
  const { min, max } = await job.run(columnSpreadPass, view, { mean }, phase);
  const scale = min.map((least, j) => (max[j] === least ? 1 : max[j]! - least) / (high - low));
  return {
    ...view,
    columnMean: shareFloats(
      job,
      min.map((least, j) => least - low * scale[j]!),
    ),
    columnScale: shareFloats(job, scale),
  };
}

/** Rows divided by their largest value, moved above zero and raised to a power. */
async function raise(view: MatrixView, power: number, job: Job, phase: number): Promise<MatrixView> {
  const { rows, cols } = viewShape(view);
  const out = job.allocate(rows * cols);
  const least = await job.run(shareOfMaximumPass, view, { out }, phase);
  for (let i = 0; i < out.length; i++) out[i] = (out[i]! - least + 1e-8) ** power;
  return denseView({ data: out, n: rows, cols });
}
