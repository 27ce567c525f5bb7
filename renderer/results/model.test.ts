import { describe, expect, it } from 'vitest';
import {
  channelsIn,
  isRounding,
  keptChannels,
  keptRuns,
  meanOf,
  modelSpectrum,
  modelSum,
  residualOf,
  rootMeanSquare,
} from './model.ts';

// F = [[1, 0], [2, 1], [0, 3]] (3 channels × 2), L = [[1, 10], [2, 20]] (2 pixels × 2)
const factors = [Float64Array.of(1, 2, 0), Float64Array.of(0, 1, 3)];
const loadings = [Float64Array.of(1, 2), Float64Array.of(10, 20)];

describe('the model of a pixel', () => {
  it('is the loadings times the factors', () => {
    expect([...modelSpectrum(factors, loadings, 0, 2)]).toEqual([1, 12, 30]);
    expect([...modelSpectrum(factors, loadings, 1, 1)]).toEqual([2, 4, 0]);
  });
  it('has the mean added again, along the right axis', () => {
    const spectrum = meanOf({ shape: [1, 3], data: [5, 6, 7] }, { samples: 2, features: 3 });
    expect([...modelSpectrum(factors, loadings, 0, 1, spectrum)]).toEqual([6, 8, 7]);
    const perPixel = meanOf({ shape: [2, 1], data: [100, 200] }, { samples: 2, features: 3 });
    expect([...modelSpectrum(factors, loadings, 1, 1, perPixel)]).toEqual([202, 204, 200]);
  });
  it('goes by the shape of the mean, also where pixels and channels are equally many', () => {
    const square = { samples: 2, features: 2 };
    expect(meanOf({ shape: [2, 1], data: [1, 2] }, square)?.over).toBe('signal');
    expect(meanOf({ shape: [1, 2], data: [1, 2] }, square)?.over).toBe('navigation');
    expect(meanOf({ shape: [2], data: [1, 2] }, square)?.over).toBe('navigation');
    expect(meanOf({ shape: [7], data: [] }, square)).toBeNull();
    expect(meanOf(null, square)).toBeNull();
  });
});

describe('the model summed over the channels', () => {
  it('equals the sums of the models of the pixels', () => {
    expect([...modelSum(factors, loadings, 2)]).toEqual([43, 86]);
    const mean = meanOf({ shape: [1, 3], data: [5, 6, 7] }, { samples: 2, features: 3 });
    expect([...modelSum(factors, loadings, 2, mean)]).toEqual([61, 104]);
  });
  it('leaves out masked channels, and masked pixels stay empty', () => {
    const masked = [Float64Array.of(1, NaN, 0), Float64Array.of(0, NaN, 3)];
    expect([...modelSum(masked, [Float64Array.of(1, NaN), Float64Array.of(10, NaN)], 2)]).toEqual([31, NaN]);
    const perPixel = meanOf({ shape: [2, 1], data: [100, 200] }, { samples: 2, features: 3 });
    expect(modelSum(masked, loadings, 2, perPixel)[0]).toBe(231);
  });
  it('can be taken over a window of channels', () => {
    // channels 1 and 2 of pixel 0: 12 + 30
    expect(modelSum(factors, loadings, 2, null, channelsIn(keptChannels(factors), [1, 3]))[0]).toBe(42);
    expect([...channelsIn(Uint8Array.of(1, 0, 1, 1), [1, 3])]).toEqual([0, 0, 1, 0]);
    expect([...channelsIn(Uint8Array.of(1, 0), null)]).toEqual([1, 0]);
  });
  it('knows over which channels the data must be summed to be compared', () => {
    expect(keptRuns(keptChannels([[NaN, 1, 2, NaN, NaN, 3]]))).toEqual([
      [1, 3],
      [5, 6],
    ]);
    expect(keptRuns(new Uint8Array(2))).toEqual([]);
  });
});

describe('the residual', () => {
  it('is told from rounding errors', () => {
    expect(isRounding(5e-12, 300)).toBe(true);
    expect(isRounding(0.1, 300)).toBe(false);
  });
  it('is data minus model, and its size ignores what was left out', () => {
    expect([...residualOf([5, 5, NaN], [1, 8, 2])]).toEqual([4, -3, NaN]);
    // √((16 + 9) / 2)
    expect(rootMeanSquare([4, -3, NaN])).toBeCloseTo(3.5355339, 6);
  });
});
