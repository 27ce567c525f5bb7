import type { Matrix } from '../../../linalg/matrix.ts';
import type { InputArray, ParentResult, RunInput } from '../../../job.ts';
import type { Axis } from '../../../model/axes.ts';
import { elementCount } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { parentComponents, pickColumns } from '../../derived/parent.ts';
import { gatherSamples } from './samples.ts';

export interface SourceValues {
  number_of_components: number | null;
  comp_list: number | readonly number[] | null;
  on_loadings: boolean;
  diff_order: number;
  diff_axes: readonly number[] | null;
}

/** What is separated. */
export interface Sources {
  /** indices of the separated components, in order */
  chosen: number[];
  /** F [channels × k] and L [pixels × k] of the chosen components */
  factors: Float64Array;
  loadings: Float64Array;
  channels: number;
  pixels: number;
  /** samples of the search [samples × k]: chosen side, differentiated, without left-out and NaN rows */
  samples: Matrix;
  /** explained variance of the chosen components, or null */
  variance: Float64Array | null;
}

/**
 * The components that are separated and the samples that the search looks at: factors or loadings of the decomposition,
 * or factors of another origin, e.g. smoothed ones. These serve the search alone; what is unmixed is the decomposition.
 * @throws EigenscopeError `bad-request` without a decomposition; `parameter-out-of-range` for components or axes that are
 *   not there; `shape-mismatch` for a mask or factors of another shape; `too-few-samples` when nothing is left
 */
export function gatherSources(input: RunInput, values: SourceValues): Sources {
  const { factors, loadings, k, parent } = parentComponents(input);
  const own = input.inputs['factors'];
  const chosen = chooseComponents(values, k, own?.shape[0] ?? null, parent);
  const f = pickColumns(factors, chosen);
  const l = pickColumns(loadings, chosen);
  const shape = own ? own.shape.slice(1) : values.on_loadings ? input.navigationShape : input.signalShape;
  const rows = own ? externalRows(own, chosen) : values.on_loadings ? l : f;
  const axes = axesOf(input, values.on_loadings, shape);
  const variance = parent.arrays['explained_variance'];
  const enough = variance?.dtype === 'float64' && chosen.every((c) => Number.isFinite(variance.data[c]));
  return {
    chosen,
    factors: f,
    loadings: l,
    channels: factors.shape[0] ?? 0,
    pixels: loadings.shape[0] ?? 0,
    samples: gatherSamples({ rows, k: chosen.length, shape, axes, mask: input.inputs['mask'] }, values),
    variance: enough ? Float64Array.from(chosen, (c) => variance.data[c]!) : null,
  };
}

/** The first ones, those listed, or all that the decomposition was asked for. */
function chooseComponents(
  { number_of_components: first, comp_list: list }: SourceValues,
  k: number,
  external: number | null,
  parent: ParentResult,
): number[] {
  const asked = list ?? first;
  const param = list !== null ? 'comp_list' : 'number_of_components';
  if (asked === null && external === null && parent.operation === 'decomposition') requireDimension(parent, k);
  const isCount = typeof asked === 'number';
  const outside = isCount ? (asked > k ? asked : undefined) : asked?.find((index) => index >= k);
  if (outside !== undefined) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      isCount
        ? `${param} must be at most ${k}, the components of the decomposition; got ${outside}.`
        : `${param} names component ${outside}, but the decomposition has ${k} (0 to ${k - 1}).`,
      { parameter: param, available: k },
    );
  }
  if (asked !== null && !isCount) return [...asked];
  return Array.from({ length: asked ?? Math.min(k, external ?? k) }, (_, i) => i);
}

/** A decomposition into all components there are holds mostly noise, which nobody wants separated. */
function requireDimension({ parameters, scalars }: ParentResult, k: number): void {
  if (typeof parameters['output_dimension'] === 'number' || k === 1) return;
  const significant = scalars['number_significant_components'];
  const hint = typeof significant === 'number' ? ` The scree plot suggests ${significant}.` : '';
  throw new EigenscopeError(
    'parameter-out-of-range',
    `The decomposition has ${k} components, most of them noise. Say how many to separate with number_of_components ` +
      `or comp_list.${hint}`,
    { parameter: 'number_of_components', available: k },
  );
}

/** Factors as rows of an array [count × shape] become columns [values × k]. */
function externalRows({ shape, data }: InputArray, chosen: readonly number[]): Float64Array {
  const count = shape[0] ?? 0;
  const size = elementCount(shape.slice(1));
  const k = chosen.length;
  const isAsListed = count === k;
  if (shape.length < 2 || size < 2 || !(isAsListed || chosen.every((c) => c < count))) {
    throw new EigenscopeError(
      'shape-mismatch',
      `factors has shape (${shape.join(', ')}); one row for each of the ${k} separated components is needed, with the ` +
        'values of its spectrum (or map) along the other axes.',
      { found: shape.join(' × '), components: k },
    );
  }
  const out = new Float64Array(size * k);
  chosen.forEach((component, c) => {
    const from = (isAsListed ? c : component) * size;
    for (let j = 0; j < size; j++) out[j * k + c] = data[from + j]!;
  });
  return out;
}

/** The calibrated axes of what is separated; null where it has another shape than the data. */
function axesOf(input: RunInput, navigate: boolean, shape: readonly number[]): readonly Axis[] | null {
  const axes = input.axes?.filter((axis) => axis.navigate === navigate) ?? [];
  const fits = axes.length === shape.length && axes.every((axis, i) => axis.size === shape[i]);
  return fits ? axes : null;
}
