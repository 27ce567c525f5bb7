import type { Job, RunInput } from '../../../job.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { centreColumns, preprocessRows, type Preprocessing } from './scaling.ts';
import type { Rows } from './kmeans-start.ts';
import { gatherPixelRows, type PixelRows, type SourceValues } from './source.ts';

export interface RowValues extends SourceValues {
  preprocessing: Preprocessing | null;
  reg_covar: number;
}

export interface ReadyRows extends Rows {
  /** what was subtracted from every column */
  mean: Float64Array;
  source: PixelRows;
  notes: string[];
}

/**
 * The rows of a mixture: chosen, scaled and centred. Centring changes nothing but rounding.
 * @param most components that are asked for
 * @throws EigenscopeError those of `gatherPixelRows`; `too-few-samples` with fewer than two rows or than components
 */
export async function readyRows(
  input: RunInput,
  values: RowValues,
  most: { parameter: string; k: number },
  job: Job,
  phase: number,
): Promise<ReadyRows> {
  const source = await gatherPixelRows(input, values, job, phase);
  const { x, p } = source;
  const n = source.pixels.length;
  if (n < 2) {
    throw new EigenscopeError(
      'too-few-samples',
      `Only ${n} pixel takes part; a mixture needs at least 2. Mask fewer pixels.`,
      {
        samples: n,
      },
    );
  }
  if (most.k > n) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `${most.parameter} must be from 1 to ${n} for this data, because ${n} pixels take part; got ${most.k}.`,
      { parameter: most.parameter, most: n },
    );
  }
  preprocessRows(x, n, p, values.preprocessing);
  const mean = centreColumns(x, n, p);
  const variance = meanVariance(x, n, p);
  const notes = [...source.notes];
  if (variance === 0) notes.push('All pixels are equal: there is nothing to tell components apart by.');
  else if (values.reg_covar > variance / 100) {
    notes.push(
      `reg_covar (${values.reg_covar}) is not small against the mean variance of the columns (${variance.toPrecision(3)}), ` +
        'so components are blurred. Lower it, or scale the columns with preprocessing “standard”.',
    );
  }
  const view = { source: { kind: 'shared', buffer: x.buffer, dtype: 'float64', samples: n, features: p } } as const;
  return { x, n, p, view, mean, source, notes };
}

/** Mean over the columns of the variance of each; the columns have mean 0. */
function meanVariance(x: Float64Array, n: number, p: number): number {
  let sum = 0;
  for (let at = 0; at < n * p; at++) sum += x[at]! * x[at]!;
  return sum / (n * p);
}
