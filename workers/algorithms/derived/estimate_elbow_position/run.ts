import { EigenscopeError } from '../../../model/errors.ts';
import type { Run, RunInput } from '../../../job.ts';
import { openView } from '../../../matrix-view.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { elbowPosition } from '../../decomposition/pipeline/elbow.ts';
import type { estimateElbowPosition } from './spec.ts';

/** Longest curve that is accepted: a curve is looked at by eye as well. */
const longest = 10_000_000;

/** The knee of the parent's scree curve, or of a curve given as data. */
export const run: Run = (input, given) => {
  const { log, max_points: maxPoints } = given as ValuesOf<typeof estimateElbowPosition.params>;
  const curve = input.parent ? screeCurve(input.parent) : curveOf(input.data);
  const bad = curve.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new EigenscopeError('not-finite', `Value ${bad} of the curve is ${curve[bad]}; numbers are needed.`, {
      index: bad,
    });
  }
  return Promise.resolve({
    arrays: {},
    scalars: { elbow_position: elbowPosition(curve, { log, maxPoints }) },
    notes: [],
  });
};

function screeCurve(parent: NonNullable<RunInput['parent']>): Float64Array {
  const ratio = parent.arrays.explained_variance_ratio;
  if (ratio?.dtype !== 'float64') {
    throw new EigenscopeError(
      'bad-request',
      `${parent.algorithm ?? 'This result'} has no explained variance ratio, so there is no curve to look at. Use SVD or PCA.`,
    );
  }
  return ratio.data;
}

function curveOf(source: RunInput['data']): Float64Array {
  const count = source.samples * source.features;
  if ((source.samples !== 1 && source.features !== 1) || count === 0 || count > longest) {
    throw new EigenscopeError(
      'shape-mismatch',
      `A curve is one row of values; the data have ${source.samples} pixels × ${source.features} channels. ` +
        'Apply the step to a decomposition or to a table of one column.',
      { samples: source.samples, features: source.features },
    );
  }
  const open = openView({ source });
  try {
    const curve = new Float64Array(count);
    open.read(0, open.rows, curve);
    return curve;
  } finally {
    open.close();
  }
}
