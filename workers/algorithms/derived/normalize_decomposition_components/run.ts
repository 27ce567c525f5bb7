import type { Run } from '../../../job.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { deriveFrom, parentComponents, type ComponentArrays } from '../parent.ts';
import type { normalizeDecompositionComponents } from './spec.ts';

type Size = ValuesOf<typeof normalizeDecompositionComponents.params>['function'];

/** Below this share of the natural scale of a component its size is rounding and is not divided by. */
const tooSmall = 1e-12;

/** Divides one side of every component by its size and multiplies the other; a derived result. */
export const run: Run = (input, given) => {
  const { target, function: size } = given as ValuesOf<typeof normalizeDecompositionComponents.params>;
  const { parent, ...components } = parentComponents(input);
  const { factors, loadings, notes } = normalizeComponents(components, target, size);
  return Promise.resolve(deriveFrom(parent, { factors, loadings }, notes));
};

/**
 * Components of which `target` has size one. A component whose size is zero up to rounding is left as it is, with a note;
 * a negative size turns the sign of both sides, as dividing by it does.
 * @returns divided: what the target was divided by and the other side multiplied with [k]
 */
export function normalizeComponents(
  { factors, loadings, k }: ComponentArrays,
  target: 'factors' | 'loadings',
  size: Size,
): Pick<ComponentArrays, 'factors' | 'loadings'> & { divided: Float64Array; notes: string[] } {
  const data = target === 'factors' ? factors.data : loadings.data;
  const sizes = Float64Array.from({ length: k }, (_, j) => sizeOf(data, j, k, size));
  const skipped = Array.from(sizes.keys()).filter((j) => Number.isNaN(sizes[j]));
  const turned = Array.from(sizes.keys()).filter((j) => sizes[j]! < 0);
  const divide = sizes.map((c) => (Number.isNaN(c) ? 1 : 1 / c));
  const multiply = sizes.map((c) => (Number.isNaN(c) ? 1 : c));
  const scale = (values: Float64Array, by: Float64Array): Float64Array => values.map((v, at) => v * by[at % k]!);
  const notes: string[] = [];
  if (skipped.length > 0) {
    notes.push(`Left as they are, because their ${size} is zero up to rounding: ${named(skipped)}.`);
  }
  if (turned.length > 0) notes.push(`Changed in sign, because their ${size} was negative: ${named(turned)}.`);
  return {
    factors: { ...factors, data: scale(factors.data, target === 'factors' ? divide : multiply) },
    loadings: { ...loadings, data: scale(loadings.data, target === 'loadings' ? divide : multiply) },
    divided: multiply,
    notes,
  };
}

/** The size of column j; NaN when it is zero up to rounding. Entries that are not numbers (left-out rows) do not count. */
function sizeOf(data: Float64Array, j: number, k: number, size: Size): number {
  let sum = 0;
  let absolute = 0;
  let squares = 0;
  let max = -Infinity;
  let largest = 0;
  for (let at = j; at < data.length; at += k) {
    const value = data[at]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    absolute += Math.abs(value);
    squares += value * value;
    max = Math.max(max, value);
    largest = Math.max(largest, Math.abs(value));
  }
  const found = { sum, max, norm: Math.sqrt(squares), sum_abs: absolute }[size];
  const scale = size === 'max' ? largest : absolute;
  return Math.abs(found) > tooSmall * scale ? found : NaN;
}

/** Components as the window numbers them, from 1. */
const named = (indices: readonly number[]): string =>
  `${indices.length === 1 ? 'component' : 'components'} ${indices.map((index) => index + 1).join(', ')}`;
