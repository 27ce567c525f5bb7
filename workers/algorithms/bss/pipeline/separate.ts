import type { Job, RunInput } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { pinv } from '../../../linalg/lstsq.ts';
import { invert } from '../../../linalg/lu.ts';
import { createMatrix, transpose, type Matrix } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { AlgorithmOutput, Scalar } from '../../../model/result.ts';
import { gatherSources, type Sources, type SourceValues } from './sources.ts';
import { whiten, type WhitenMethod } from './whiten.ts';

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
  scalars?: Record<string, Scalar>;
  notes?: string[];
}

/**
 * The steps that every separation shares: choose components, differentiate, mask, whiten, search, sort, unmix, make
 * positive (spec section 9). The components themselves are unmixed, with their means: centring serves the search alone.
 * @param find the search; `y` is centred, and white unless whitening is off
 * @returns arrays bss_factors [channels × k], bss_loadings [pixels × k], unmixing_matrix [k × k], comp_list int32 [k]
 */
export async function separate(
  input: RunInput,
  values: SeparationValues,
  job: Job,
  find: (y: Matrix) => Separation | Promise<Separation>,
): Promise<AlgorithmOutput> {
  const sources = gatherSources(input, values);
  const { y, whitening } = whiten(sources.samples, values.whiten_method);
  job.control.check();
  const found = await find(y);
  const w = multiply(found.unmixing, whitening);
  const sorted = sources.variance ? sortRows(w, sources.variance) : w;
  const { unmixed, isSingular } = unmix(sources, sorted, values.on_loadings);
  reverse(unmixed, sorted, values.reverse_component_criterion);
  const k = sources.chosen.length;
  const notes = [...(found.notes ?? [])];
  if (isSingular) {
    notes.push(
      'The unmixing matrix has no inverse: some components depend on each other. Its pseudo-inverse was used; separate fewer components.',
    );
  }
  return {
    arrays: {
      bss_factors: { dtype: 'float64', shape: [sources.channels, k], data: unmixed.factors },
      bss_loadings: { dtype: 'float64', shape: [sources.pixels, k], data: unmixed.loadings },
      unmixing_matrix: { dtype: 'float64', shape: [k, k], data: sorted.data },
      comp_list: { dtype: 'int32', shape: [k], data: Int32Array.from(sources.chosen) },
    },
    scalars: { iterations: found.iterations, converged: found.converged, ...found.scalars },
    notes,
  };
}

/** Rows by what they take of the explained variance, q_i = Σ_j v_j |W_ij|, largest first. */
export function sortRows(w: Matrix, variance: Float64Array): Matrix {
  const k = w.rows;
  const score = Float64Array.from({ length: k }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += variance[j]! * Math.abs(w.data[i * k + j]!);
    return sum;
  });
  const ascending = Array.from(score.keys()).sort((a, b) => score[a]! - score[b]! || a - b);
  const out = createMatrix(k, k);
  ascending.reverse().forEach((from, to) => out.data.set(w.data.subarray(from * k, (from + 1) * k), to * k));
  return out;
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
