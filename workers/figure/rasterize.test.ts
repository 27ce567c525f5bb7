import { describe, expect, it } from 'vitest';
import { colormapOf } from './colormaps.ts';
import { colourIndex, enlarge, rasterize, resample } from './rasterize.ts';

const greys = colormapOf('greys');

describe('rasterize', () => {
  it('puts the limits at the ends and clips what is outside', () => {
    const limits = { min: 0, max: 1 };
    const { data } = rasterize([-1, 0, 1, Infinity], 2, 2, { limits, colormap: greys });
    expect([...data]).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
  });
  it('leaves NaN transparent, or in the colour asked for', () => {
    const limits = { min: 0, max: 1 };
    expect([...rasterize([NaN], 1, 1, { limits, colormap: greys }).data]).toEqual([0, 0, 0, 0]);
    expect([...rasterize([NaN], 1, 1, { limits, colormap: greys, missing: [9, 8, 7, 255] }).data]).toEqual([
      9, 8, 7, 255,
    ]);
  });
  it('locks zero between the two middle entries of symmetric limits', () => {
    expect(colourIndex(-1e-9, { min: -2, max: 2 })).toBe(127);
    expect(colourIndex(0, { min: -2, max: 2 })).toBe(128);
  });
  it('shows everything in the middle when the limits coincide', () => {
    expect(colourIndex(3, { min: 3, max: 3 })).toBe(128);
  });
  it('refuses sizes that do not fit, saying both', () => {
    expect(() => rasterize([1, 2, 3], 2, 2, { limits: { min: 0, max: 1 }, colormap: greys })).toThrow(
      /3 values.*2 × 2.*need 4/,
    );
  });
});

describe('resample', () => {
  it('repeats pixels when enlarging', () => {
    expect([...resample([1, 2], 2, 1, 4, 2)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });
  it('averages by area when reducing', () => {
    expect([...resample([1, 2, 3, 4], 4, 1, 2, 1)]).toEqual([1.5, 3.5]);
    // three pixels into two: (1 + 2·½)/1.5 and (2·½ + 3)/1.5
    const [a, b] = resample([1, 2, 3], 3, 1, 2, 1);
    expect(a).toBeCloseTo(4 / 3, 12);
    expect(b).toBeCloseTo(8 / 3, 12);
  });
  it('leaves NaN out of the means', () => {
    expect([...resample([1, NaN, NaN, NaN], 4, 1, 2, 1)]).toEqual([1, NaN]);
  });
  it('keeps the mean of the whole', () => {
    const values = Float64Array.from({ length: 35 }, (_, i) => Math.sin(i));
    const out = resample(values, 7, 5, 3, 2);
    const mean = (v: Float64Array): number => v.reduce((s, x) => s + x, 0) / v.length;
    expect(mean(out)).toBeCloseTo(mean(values), 12);
  });
});

it('enlarge repeats each pixel in both directions', () => {
  const image = rasterize([0, 1], 2, 1, { limits: { min: 0, max: 1 }, colormap: greys });
  const big = enlarge(image, 2);
  expect([big.width, big.height]).toEqual([4, 2]);
  expect([...big.data].filter((_, i) => i % 4 === 0)).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
});
