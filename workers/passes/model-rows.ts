import type { Pass } from '../job.ts';
import { createRightMultiplier } from '../linalg/product.ts';
import type { RowTarget } from '../model/rows.ts';
import { openRowTarget } from './row-target.ts';

export interface ModelShared {
  /** loadings of the chosen components [rows × k] and their factors, transposed [k × cols] */
  loadings: Float64Array;
  factors: Float64Array;
  k: number;
  /** added to the model: one number per row, or one per column */
  rowMean?: Float64Array;
  columnMean?: Float64Array;
  /** X − model instead of the model */
  residual: boolean;
  /** room for [rows × cols] */
  out: RowTarget;
}

/** Over the values where data and model are both finite. */
export interface ModelError {
  /** Σ (x − model)² */
  error: number;
  /** Σ x² */
  energy: number;
  compared: number;
}

/** The model L·Fᵀ + mean, or the residual, written row by row; compared with the data on the way. */
export const modelRowsPass: Pass<ModelShared, ModelError> = {
  id: 'model-rows',
  stateBytes: () => 24,
  partial(cols, { loadings, factors, k, rowMean, columnMean, residual, out }, next) {
    const multiplier = k > 0 ? createRightMultiplier({ rows: k, cols, data: factors }) : null;
    const state: ModelError = { error: 0, energy: 0, compared: 0 };
    const writer = openRowTarget(out, cols);
    let model = new Float64Array(0);
    try {
      for (let block = next(); block; block = next()) {
        if (model.length < block.rows * cols) model = new Float64Array(block.rows * cols);
        const left = loadings.subarray(block.start * k, (block.start + block.rows) * k);
        if (multiplier) multiplier.multiply(left, block.rows, model, 0);
        else model.fill(0);
        for (let r = 0; r < block.rows; r++) {
          const row = block.start + r;
          const at = r * cols;
          if (rowMean) for (let j = 0; j < cols; j++) model[at + j]! += rowMean[row]!;
          if (columnMean) for (let j = 0; j < cols; j++) model[at + j]! += columnMean[j]!;
          compareRow(state, block.data, model, at, cols);
          if (residual) for (let j = 0; j < cols; j++) model[at + j] = block.data[at + j]! - model[at + j]!;
        }
        writer.write(block.start, model.subarray(0, block.rows * cols));
      }
    } finally {
      multiplier?.free();
      writer.close();
    }
    return state;
  },
  merge(a, b) {
    a.error += b.error;
    a.energy += b.energy;
    a.compared += b.compared;
    return a;
  },
};

function compareRow(state: ModelError, data: Float64Array, model: Float64Array, at: number, cols: number): void {
  for (let j = 0; j < cols; j++) {
    const value = data[at + j]!;
    const difference = value - model[at + j]!;
    if (difference - difference === 0) {
      state.error += difference * difference;
      state.energy += value * value;
      state.compared++;
    }
  }
}
