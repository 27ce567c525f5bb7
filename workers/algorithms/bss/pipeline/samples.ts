import type { InputArray } from '../../../job.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { axisValues, type Axis } from '../../../model/axes.ts';
import { elementCount } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { fitsShape } from '../../decomposition/pipeline/masks.ts';
import { gradient } from './gradient.ts';

/** Components as columns, with the axes that their rows run along. */
export interface SampleSource {
  /** [values × k], the values in C order of `shape` */
  rows: Float64Array;
  k: number;
  shape: readonly number[];
  /** calibration of the axes of `shape`; null = steps of one */
  axes: readonly Axis[] | null;
  mask?: InputArray | undefined;
}

/**
 * The samples of the search [samples × k]: without derivative the values themselves; with it the derivative along every
 * axis, one after the other. Left out are masked values, those without a number and all that a derivative mixes with these.
 * @throws EigenscopeError `parameter-out-of-range`, `shape-mismatch`, `too-few-samples`, `not-finite`
 */
export function gatherSamples(
  source: SampleSource,
  { diff_order: order, diff_axes: chosenAxes }: { diff_order: number; diff_axes: readonly number[] | null },
): Matrix {
  const { rows, k, shape, axes } = source;
  const left = leftOut(source);
  const along = order === 0 ? [] : (chosenAxes ?? shape.map((_, axis) => axis));
  const wrong = along.find((axis, i) => !(axis in shape) || along.indexOf(axis) !== i);
  if (wrong !== undefined) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `diff_axes must hold whole numbers from 0 to ${shape.length - 1}, each once; got ${along.join(', ')}.`,
      { parameter: 'diff_axes' },
    );
  }
  const differentiate = (axis: number): { values: Float64Array; left: Uint8Array } => {
    const coordinates = coordinatesOf(axes?.[axis]);
    let values: Float64Array = rows.map((value, at) => (left[Math.floor(at / k)] === 0 ? value : 0));
    const scale = columnMaxima(values, k).map((value) => value / smallestStep(coordinates) ** order);
    for (let i = 0; i < order; i++) values = gradient(values, [...shape, k], axis, coordinates);
    clearRounding(values, k, scale);
    return { values, left: dilate(left, shape, axis, order) };
  };
  const stacks =
    order === 0
      ? [{ values: rows, left }]
      : along.filter((axis) => shape[axis]! > 1).map((axis) => differentiate(axis));
  const total = stacks.reduce((sum, stack) => sum + stack.left.reduce((n, marked) => n + 1 - marked, 0), 0);
  if (total <= k) {
    throw new EigenscopeError(
      'too-few-samples',
      `Only ${total} values of each component are left to look at; ${k} components need more. Mask less, or separate fewer components.`,
      { samples: total },
    );
  }
  const samples = createMatrix(total, k);
  let to = 0;
  for (const stack of stacks) {
    stack.left.forEach((marked, i) => {
      if (marked === 0) samples.data.set(stack.values.subarray(i * k, (i + 1) * k), k * to++);
    });
  }
  return samples;
}

/** Derivatives below this share of the values over the step are rounding. */
const rounding = 1e-13;

/** Sets columns to 0 that hold nothing but the rounding of a constant. */
function clearRounding(values: Float64Array, k: number, scale: Float64Array): void {
  columnMaxima(values, k).forEach((largest, c) => {
    if (largest > rounding * scale[c]!) return;
    for (let at = c; at < values.length; at += k) values[at] = 0;
  });
}

function columnMaxima(values: Float64Array, k: number): Float64Array {
  const maxima = new Float64Array(k);
  for (let at = 0; at < values.length; at += k) {
    for (let c = 0; c < k; c++) maxima[c] = Math.max(maxima[c]!, Math.abs(values[at + c]!));
  }
  return maxima;
}

const smallestStep = (coordinates: Float64Array | number): number =>
  typeof coordinates === 'number'
    ? Math.abs(coordinates)
    : coordinates.reduce(
        (least, x, i) => (i > 0 ? Math.min(least, Math.abs(x - coordinates[i - 1]!)) : least),
        Infinity,
      );

/** The step of a uniform axis, or the coordinates of another one; 1 without an axis. */
function coordinatesOf(axis: Axis | undefined): Float64Array | number {
  if (axis === undefined) return 1;
  if (!axis.values) return axis.scale === 0 || !Number.isFinite(axis.scale) ? 1 : axis.scale;
  const values = axisValues(axis);
  const repeated = values.findIndex((value, i) => i > 0 && !(Math.abs(value - values[i - 1]!) > 0));
  if (repeated >= 0) {
    throw new EigenscopeError(
      'bad-request',
      `The derivative along “${axis.name}” is not defined: its coordinates ${repeated - 1} and ${repeated} are both ` +
        `${values[repeated]}. Set diff_order to 0 or correct the axis.`,
      { axis: axis.name },
    );
  }
  return values;
}

/** 1 where a mask is or a component has no value. */
function leftOut({ rows, k, shape, mask }: SampleSource): Uint8Array {
  const count = elementCount(shape);
  if (mask && !fitsShape(mask, shape)) {
    throw new EigenscopeError(
      'shape-mismatch',
      `mask has shape (${mask.shape.join(', ')}); (${shape.join(', ')}) is needed, the shape of what is separated (slowest ` +
        `axis first), or the same flattened (${count}).`,
      { found: mask.shape.join(' × '), expected: shape.join(' × ') },
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
