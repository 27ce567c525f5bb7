import { describe, expect, it } from 'vitest';
import { computePixelsSpectrum } from './pixels-spectrum.ts';
import type { RowReader } from './row-reader.ts';

const readerOf = (values: Float64Array, features: number): RowReader => ({
  samples: values.length / features,
  features,
  band: 2,
  step: 2,
  unit: 2,
  read(start, end) {
    if (Math.floor(start / 2) !== Math.floor((end - 1) / 2)) throw new Error('a call crossed a multiple of the unit');
    return values.subarray(start * features, end * features);
  },
  close() {},
});

describe('the spectrum of some pixels', () => {
  const data = Float64Array.of(1, 10, 2, 20, 3, NaN, 4, 40, 100, 100);

  it('is the mean and sample standard deviation of their rows alone', () => {
    // pixels 1, 2, 3: channel 0 holds 2, 3, 4; channel 1 holds 20, 40
    const { mean, spread } = computePixelsSpectrum(readerOf(data, 2), [1, 4]);
    expect([...mean]).toEqual([3, 30]);
    expect(spread[0]).toBeCloseTo(1, 12);
    expect(spread[1]).toBeCloseTo(Math.sqrt(200), 12);
  });
  it('takes pixels that are not neighbours', () => {
    expect([...computePixelsSpectrum(readerOf(data, 2), [0, 1, 4, 5]).mean]).toEqual([50.5, 55]);
  });
  it('has no spread for one pixel and no mean where all values are missing', () => {
    const { mean, spread } = computePixelsSpectrum(readerOf(data, 2), [2, 3]);
    expect([mean[0], spread[0], mean[1]]).toEqual([3, NaN, NaN]);
  });
  it('keeps a spread of one on a signal of a billion', () => {
    const { spread } = computePixelsSpectrum(readerOf(Float64Array.of(1e9, 1e9 + 1, 1e9 + 2), 1), [0, 3]);
    expect(spread[0]).toBeCloseTo(1, 9);
  });
});
