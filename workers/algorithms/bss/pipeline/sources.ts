import type { InputArray, RunInput } from '../../../job.ts';
import { elementCount } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { axisValues, type Axis } from '../../../model/axes.ts';
import { chosenComponents, parentComponents, pickColumns } from '../../derived/parent.ts';
import { gradient } from './gradient.ts';

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
 * The components that are separated and the samples that the search looks at.
 * @throws EigenscopeError `bad-request` without a decomposition; `parameter-out-of-range` for components or axes that are
 *   not there; `shape-mismatch` for a mask or factors of another shape; `too-few-samples` when nothing is left
 */
export function gatherSources(input: RunInput, values: SourceValues): Sources {
  const { factors, loadings, k, parent } = parentComponents(input);
  const chosen = chosenComponents(values.comp_list ?? values.number_of_components, k);
  const own = input.inputs['factors'];
  const channels = elementCount(input.signalShape);
  const pixels = elementCount(input.navigationShape);
  const f = own ? externalFactors(own, channels, chosen.length) : pickColumns(factors, chosen);
  const l = pickColumns(loadings, chosen);
  const onLoadings = values.on_loadings && own === undefined;
  const shape = onLoadings ? input.navigationShape : input.signalShape;
  const axes = input.axes?.filter((axis) => axis.navigate === onLoadings) ?? null;
  const samples = gatherSamples(onLoadings ? l : f, chosen.length, shape, axes, input.inputs['mask'], values);
  const variance = parent.arrays['explained_variance'];
  const enough = variance?.dtype === 'float64' && chosen.every((c) => c < variance.data.length);
  return {
    chosen,
    factors: f,
    loadings: l,
    channels,
    pixels,
    samples,
    variance: enough ? Float64Array.from(chosen, (c) => variance.data[c]!) : null,
  };
}

/** Factors as rows of an array [k × channels] become columns. */
function externalFactors({ shape, data }: InputArray, channels: number, k: number): Float64Array {
  const count = shape[0] ?? 0;
  if (data.length !== count * channels || count !== k || count < 2) {
    throw new EigenscopeError(
      'shape-mismatch',
      `factors has shape (${shape.join(', ')}); ${k} rows (one per separated component, at least 2) of ${channels} channels are needed.`,
      { found: shape.join(' × '), channels },
    );
  }
  const out = new Float64Array(channels * k);
  for (let c = 0; c < k; c++) for (let j = 0; j < channels; j++) out[j * k + c] = data[c * channels + j]!;
  return out;
}

function gatherSamples(
  rows: Float64Array,
  k: number,
  shape: readonly number[],
  axes: readonly Axis[] | null,
  mask: InputArray | undefined,
  { diff_order: order, diff_axes: chosenAxes }: SourceValues,
): Matrix {
  const count = elementCount(shape);
  const left = leftOut(rows, k, count, mask);
  const along = order === 0 ? [] : (chosenAxes ?? shape.map((_, axis) => axis));
  const wrong = along.find((axis) => !Number.isInteger(axis) || axis < 0 || axis >= shape.length);
  if (wrong !== undefined) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `diff_axes must hold whole numbers from 0 to ${shape.length - 1} here; got ${wrong}.`,
      { axis: wrong },
    );
  }
  const useful = along.filter((axis) => shape[axis]! > 1);
  const stacks = order === 0 ? [{ values: rows, left }] : useful.map((axis) => differentiate(axis));
  const kept = stacks.map((stack) => Array.from({ length: count }, (_, i) => i).filter((i) => stack.left[i] === 0));
  const total = kept.reduce((sum, list) => sum + list.length, 0);
  if (total <= k) {
    throw new EigenscopeError(
      'too-few-samples',
      `Only ${total} values of each component are left to look at; ${k} components need more. Mask less, or separate fewer components.`,
      { samples: total },
    );
  }
  const samples = createMatrix(total, k);
  let to = 0;
  stacks.forEach(({ values }, s) => {
    for (const i of kept[s]!) samples.data.set(values.subarray(i * k, (i + 1) * k), k * to++);
  });
  return samples;

  /** The order-th derivative along an axis; everything that a left-out value has touched is left out too. */
  function differentiate(axis: number): { values: Float64Array; left: Uint8Array } {
    const coordinates = stepOf(axes?.[axis]);
    let values: Float64Array = rows.map((value, at) => (left[Math.floor(at / k)] === 0 ? value : 0));
    for (let i = 0; i < order; i++) values = gradient(values, [...shape, k], axis, coordinates);
    return { values, left: dilate(left, shape, axis, order) };
  }
}

/** The step of a uniform axis, or the coordinates of another one; 1 without an axis. */
const stepOf = (axis: Axis | undefined): Float64Array | number =>
  axis === undefined ? 1 : axis.values ? axisValues(axis) : axis.scale === 0 ? 1 : axis.scale;

/** 1 where a mask is or a component has no value. */
function leftOut(rows: Float64Array, k: number, count: number, mask: InputArray | undefined): Uint8Array {
  if (mask && mask.data.length !== count) {
    throw new EigenscopeError(
      'shape-mismatch',
      `mask has shape (${mask.shape.join(', ')}); one value for each of the ${count} values of a component is needed.`,
      { found: mask.shape.join(' × '), expected: count },
    );
  }
  const left = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (mask !== undefined && mask.data[i] !== 0) left[i] = 1;
    for (let c = 0; c < k && left[i] === 0; c++) if (!Number.isFinite(rows[i * k + c])) left[i] = 1;
  }
  return left;
}

/** Marks also what lies within `reach` of a mark along an axis: the stencil of the derivative. */
export function dilate(left: Uint8Array, shape: readonly number[], axis: number, reach: number): Uint8Array {
  const n = shape[axis]!;
  const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const out = new Uint8Array(left.length);
  left.forEach((marked, at) => {
    if (marked === 0) return;
    const position = Math.floor(at / stride) % n;
    for (let d = -reach; d <= reach; d++) if (position + d >= 0 && position + d < n) out[at + d * stride] = 1;
  });
  return out;
}
