import { describe, expect, it } from 'vitest';
import { computeResidual } from './residual.ts';
import type { RowReader } from './row-reader.ts';

const readerOf = (values: Float64Array, features: number): RowReader => ({
  samples: values.length / features,
  features,
  band: 2,
  step: 1,
  unit: 1,
  read: (start, end) => values.subarray(start * features, end * features),
  close() {},
});

describe('residual of a model', () => {
  const loadings = Float64Array.of(1, 2, 3);
  const factors = Float64Array.of(2, 1);

  it('is zero where the model is exact', () => {
    const { map, spectrum, relativeError } = computeResidual(readerOf(Float64Array.of(2, 1, 4, 2, 6, 3), 2), {
      loadings,
      factors,
      k: 1,
      mean: null,
    });
    expect([...map, ...spectrum, relativeError]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('matches a case done by hand, with the mean of the features added', () => {
    // residuals: (1, 0), (0, 0), (0, −2) about a mean of (1, 1)
    const data = Float64Array.of(4, 2, 5, 3, 7, 2);
    const mean = { over: 'features', values: Float64Array.of(1, 1) } as const;
    const { map, spectrum, spread, relativeError } = computeResidual(readerOf(data, 2), {
      loadings,
      factors,
      k: 1,
      mean,
    });
    expect([...map]).toEqual([Math.sqrt(1 / 2), 0, Math.sqrt(2)]);
    expect([...spectrum]).toEqual([1 / 3, -2 / 3]);
    expect([...spread]).toEqual([Math.sqrt(1 / 3), Math.sqrt(4 / 3)]);
    expect(relativeError).toBeCloseTo(Math.sqrt(5 / 107), 14);
  });

  it('leaves out what was masked', () => {
    const masked = Float64Array.of(1, Number.NaN, 3);
    const { map, spectrum } = computeResidual(readerOf(Float64Array.of(3, 1, 9, 9, 6, 4), 2), {
      loadings: masked,
      factors,
      k: 1,
      mean: null,
    });
    expect([...map]).toEqual([Math.sqrt(1 / 2), Number.NaN, Math.sqrt(1 / 2)]);
    expect([...spectrum]).toEqual([0.5, 0.5]);
  });
});
