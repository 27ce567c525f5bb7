import type { Job, RunInput } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { pinv } from '../../../linalg/lstsq.ts';
import { invert } from '../../../linalg/lu.ts';
import { createMatrix, transpose, type Matrix } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { AlgorithmOutput, Scalar } from '../../../model/result.ts';
import { gatherSources, type Sources, type SourceValues } from './sources.ts';
import { whiten, type Whitened, type WhitenMethod } from './whiten.ts';

export interface SeparationValues extends SourceValues {
  whiten_method: WhitenMethod;
  reverse_component_criterion: 'factors' | 'loadings';
}

/** What a method finds on white samples Y [samples × k]: sources S = Y Bᵀ. */
export interface Separation {
  /** B [k × k] */
  unmixing: Matrix;
  iterations: number;
  converged: boolean;
  /** per source: how alike it came out from several starts, 0 to 1 [k] */
  stability?: Float64Array;
  scalars?: Record<string, Scalar>;
  notes?: string[];
}

/** Below this a source is more the work of the start than of the data. */
const leastStability = 0.7;

/**
 * The steps that every separation shares: choose components, differentiate, mask, whiten, search, sort, unmix, make
 * positive (spec section 9). The components themselves are unmixed, with their means: centring serves the search alone.
 * @param find the search; `y` is centred, and white unless whitening is off
 * @returns arrays bss_factors [channels × k], bss_loadings [pixels × k], unmixing_matrix [k × k], comp_list int32 [k],
 *   and stability [k] where there were several starts
 * @throws EigenscopeError as `gatherSources`; `not-finite` when the components do not vary at all
 */
export async function separate(
  input: RunInput,
  values: SeparationValues,
  job: Job,
  find: (white: Whitened) => Separation | Promise<Separation>,
): Promise<AlgorithmOutput> {
  const sources = gatherSources(input, values);
  const white = whiten(sources.samples, values.whiten_method);
  const k = sources.chosen.length;
  if (white.rank === 0) throw nothingVaries(values.diff_order);
  job.control.check();
  const found = await find(white);
  const w = multiply(found.unmixing, white.whitening);
  const order = sources.variance ? orderRows(w, sources.variance) : Array.from({ length: k }, (_, i) => i);
  const sorted = createMatrix(k, k);
  order.forEach((from, to) => sorted.data.set(w.data.subarray(from * k, (from + 1) * k), to * k));
  const stability = found.stability && Float64Array.from(order, (from) => found.stability![from]!);
  const { unmixed, isSingular } = unmix(sources, sorted, values.on_loadings);
  reverse(unmixed, sorted, values.reverse_component_criterion);
  const notes = [...(found.notes ?? [])];
  const rank = Math.min(white.rank, varying(sources.variance));
  if (rank < k) notes.push(dependent(rank, k));
  if (isSingular) notes.push('The unmixing matrix has no inverse; its pseudo-inverse was used.');
  const unstable = order.flatMap((_, i) => (stability && stability[i]! < leastStability ? [i + 1] : []));
  if (unstable.length > 0) {
    notes.push(
      `${unstable.length === 1 ? 'Component' : 'Components'} ${unstable.join(', ')} came out differently from other starts (stability below ${leastStability}): ` +
        'do not read meaning into them. Separate fewer components, or use more samples.',
    );
  }
  return {
    arrays: {
      bss_factors: { dtype: 'float64', shape: [sources.channels, k], data: unmixed.factors },
      bss_loadings: { dtype: 'float64', shape: [sources.pixels, k], data: unmixed.loadings },
      unmixing_matrix: { dtype: 'float64', shape: [k, k], data: sorted.data },
      comp_list: { dtype: 'int32', shape: [k], data: Int32Array.from(sources.chosen) },
      ...(stability ? { stability: { dtype: 'float64', shape: [k], data: stability } } : {}),
    },
    scalars: { iterations: found.iterations, converged: found.converged, ...found.scalars },
    notes,
  };
}

const nothingVaries = (order: number): EigenscopeError =>
  new EigenscopeError(
    'not-finite',
    `The components do not vary${order > 0 ? ` in their derivative of order ${order}` : ''}: all values that the search looks ` +
      `at are equal. ${order > 0 ? 'Lower diff_order, or check' : 'Check'} the mask and the components.`,
    { order },
  );

const dependent = (rank: number, k: number): string =>
  `Only ${rank} of the ${k} components vary independently of each other, so that the others are numerical noise. ` +
  `Separate ${rank} or fewer.`;

/** A component with less than this share of the largest variance is rounding, whatever size its other side has. */
const leastVariance = 1e-26;

const varying = (variance: Float64Array | null): number => {
  const least = leastVariance * (variance?.reduce((a, b) => Math.max(a, b), 0) ?? 0);
  return variance?.reduce((n, value) => n + (value > least ? 1 : 0), 0) ?? Infinity;
};

/**
 * Row indices by what the rows take of the explained variance, q_i = Σ_j v_j |W_ij|, largest first; of equal ones the last
 * first, as an ascending order read backwards.
 */
export function orderRows(w: Matrix, variance: Float64Array): number[] {
  const k = w.rows;
  const score = Float64Array.from({ length: k }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += variance[j]! * Math.abs(w.data[i * k + j]!);
    return sum;
  });
  return Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || b - a);
}

interface Unmixed {
  factors: Float64Array;
  loadings: Float64Array;
}

/** One side times Wᵀ, the other times W⁻¹: their product stays what it was. */
function unmix(sources: Sources, w: Matrix, onLoadings: boolean): { unmixed: Unmixed; isSingular: boolean } {
  const k = w.rows;
  const factors = createMatrix(sources.channels, k, sources.factors);
  const loadings = createMatrix(sources.pixels, k, sources.loadings);
  let inverse: Matrix;
  let isSingular = false;
  try {
    inverse = invert(w);
  } catch (thrown) {
    if (!(thrown instanceof EigenscopeError)) throw thrown;
    isSingular = true;
    inverse = pinv(w);
  }
  const [left, right] = onLoadings ? [inverse, transpose(w)] : [transpose(w), inverse];
  return {
    unmixed: { factors: product(factors, left), loadings: product(loadings, right) },
    isSingular,
  };
}

/** Row by row, so that a row without values (NaN) stays one and touches no other. */
function product({ data, rows, cols: k }: Matrix, by: Matrix): Float64Array {
  const out = new Float64Array(rows * k);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += data[i * k + j]! * by.data[j * k + c]!;
      out[i * k + c] = sum;
    }
  }
  return out;
}

/** Turns components whose lowest value is farther from zero than their highest, with their row of W. */
function reverse(unmixed: Unmixed, w: Matrix, criterion: 'factors' | 'loadings'): void {
  const k = w.rows;
  const looked = unmixed[criterion];
  for (let c = 0; c < k; c++) {
    let [low, high] = [Infinity, -Infinity];
    for (let at = c; at < looked.length; at += k) {
      const value = looked[at]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(low < 0 && -low > high)) continue;
    for (const side of [unmixed.factors, unmixed.loadings]) for (let at = c; at < side.length; at += k) side[at]! *= -1;
    for (let j = 0; j < k; j++) w.data[c * k + j]! *= -1;
  }
}
