import { describe, expect, it } from 'vitest';
import { computeNavigator } from './navigator.ts';
import { coarseToFine, computeOverview } from './overview.ts';
import type { RowReader } from './row-reader.ts';

/** 10 samples × 3 features: 0 … 29, one value missing. */
const values = Float64Array.from({ length: 30 }, (_, i) => (i === 7 ? Number.NaN : i));
const reader = (band: number, step: number, asked: number[] = [], unit = 10): RowReader => ({
  samples: 10,
  features: 3,
  band,
  step,
  unit,
  read(start, end) {
    asked.push(start);
    return values.subarray(start * 3, end * 3);
  },
  close() {},
});

describe('overview of a data set', () => {
  const sums = Array.from({ length: 10 }, (_, r) => (r === 2 ? 6 + 8 : 9 * r + 3));

  it.each([
    [1, 1],
    [4, 2],
    [10, 3],
    [100, 7],
  ])('is the same for bands of %i and steps of %i rows', (band, step) => {
    const { image, spectrum, complete } = computeOverview(reader(band, step), Infinity, () => 0);
    expect(complete).toBe(true);
    expect([...image]).toEqual(sums);
    expect([...spectrum]).toEqual([13.5, (135 + 10 - 7) / 9, 15.5]);
  });

  it('never asks across a unit', () => {
    const asked: number[] = [];
    const { image } = computeOverview(reader(6, 4, asked, 3), Infinity, () => 0);
    expect(asked).toEqual([0, 3, 6, 9]);
    expect([...image]).toEqual(sums);
  });

  it('stops when the time is up and fills the rest from the nearest band', () => {
    let clock = 0;
    const asked: number[] = [];
    const { image, complete } = computeOverview(reader(2, 2, asked), 15, () => (clock += 10));
    expect(complete).toBe(false);
    expect(asked).toEqual([0, 8]);
    expect([...image.subarray(0, 2)]).toEqual(sums.slice(0, 2));
    expect([...image.subarray(8)]).toEqual(sums.slice(8));
    expect(image.some((v) => Number.isNaN(v))).toBe(false);
    expect([...image.subarray(2, 4)]).toEqual(sums.slice(0, 2));
  });

  it('visits every band once, from coarse to fine', () => {
    for (const n of [1, 2, 3, 7, 8, 13]) {
      const order = [...coarseToFine(n)];
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(order[0]).toBe(0);
    }
    expect([...coarseToFine(8)].slice(0, 4)).toEqual([0, 4, 2, 6]);
  });

  it('reduces a window of channels by sum, mean and maximum, leaving out NaN', () => {
    const of = (reduce: 'sum' | 'mean' | 'max') =>
      [...computeNavigator(reader(4, 3), { reduce, channels: [1, 3] })].slice(1, 4);
    expect(of('sum')).toEqual([9, 8, 21]);
    expect(of('mean')).toEqual([4.5, 8, 10.5]);
    expect(of('max')).toEqual([5, 8, 11]);
  });
});
