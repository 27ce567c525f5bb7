import { describe, expect, it } from 'vitest';
import { linearTicks, logTicks, niceCeil, niceFloor, niceRange } from './nice-ticks.ts';

describe('niceCeil and niceFloor', () => {
  it.each([
    [0.3, 0.5, 0.2],
    [1, 1, 1],
    [1.01, 2, 1],
    [7, 10, 5],
    [0.005, 0.005, 0.005],
    [99, 100, 50],
    [3e-9, 5e-9, 2e-9],
  ])('bracket %d by %d above and %d below', (value, above, below) => {
    expect(niceCeil(value)).toBe(above);
    expect(niceFloor(value)).toBe(below);
  });
  it('do not choke on zero, negative, NaN or infinity', () => {
    for (const v of [0, -1, NaN, Infinity]) expect([niceCeil(v), niceFloor(v)]).toEqual([1, 1]);
  });
});

describe('linearTicks', () => {
  it('gives exact decimals, without binary dust', () => {
    expect(linearTicks(0, 0.5, 6)).toEqual({ ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5], step: 0.1, decimals: 1 });
  });
  it('passes through zero, never minus zero', () => {
    const { ticks } = linearTicks(-1.1, 1.1, 5);
    expect(ticks).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(Object.is(ticks[2], 0)).toBe(true);
  });
  it('stays inside the limits and under the count', () => {
    for (const [a, b] of [
      [440, 960],
      [-3, 17.2],
      [1e-9, 3.3e-9],
      [1e6, 1.0007e6],
      [4000, 400],
    ] as const) {
      for (const count of [2, 3, 5, 8]) {
        const { ticks } = linearTicks(a, b, count);
        expect(ticks.length).toBeLessThanOrEqual(count);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        for (const t of ticks) {
          expect(t).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-9 * Math.abs(b - a));
          expect(t).toBeLessThanOrEqual(Math.max(a, b) + 1e-9 * Math.abs(b - a));
        }
      }
    }
  });
  it('gives two numbers where two are allowed: one alone is no scale', () => {
    expect(linearTicks(0, 42, 2).ticks).toEqual([0, 40]);
    expect(linearTicks(-0.9, 0.9, 2).ticks).toEqual([-0.5, 0.5]);
    expect(linearTicks(0.6, 1.9, 2).ticks).toEqual([1, 1.5]);
    for (let i = 1; i < 200; i++) {
      const [low, high] = [-((i * 7919) % 1000) / 37, (i * 104_729) % 977];
      expect(linearTicks(low, high, 2).ticks, `${low} to ${high}`).toHaveLength(2);
      expect(linearTicks(low, high, 3).ticks.length, `${low} to ${high}`).toBeGreaterThanOrEqual(2);
    }
  });
  it('comes to an end at the limits of what numbers can be', () => {
    expect(linearTicks(-1e308, 1e308, 2).ticks).toEqual([-1e308, 1e308]);
    expect(linearTicks(0, 5e-324, 2).ticks).toEqual([0, 5e-324]);
    expect(linearTicks(1e22, 1e22 + 4_194_304, 2).ticks).toHaveLength(1);
  });
  it('gives one tick for a constant and none for NaN', () => {
    expect(linearTicks(3, 3).ticks).toEqual([3]);
    expect(linearTicks(NaN, 3).ticks).toEqual([]);
  });
});

describe('niceRange', () => {
  it('rounds outwards', () => expect(niceRange(0.13, 0.87, 5)).toEqual([0, 1]));
  it('gives a constant a length', () => {
    const [low, high] = niceRange(5, 5);
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
    expect(niceRange(0, 0)).toEqual([-1, 1]);
  });
});

describe('logTicks', () => {
  it('labels every decade and marks 2 to 9 between', () => {
    const { major, minor } = logTicks(1e-4, 1, 6);
    expect(major).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
    expect(minor).toHaveLength(4 * 8);
    expect(minor).toContain(0.002);
  });
  it('skips decades when there are many, keeping the top one', () => {
    const { major, minor } = logTicks(1e-16, 1, 6);
    expect(major.at(-1)).toBe(1);
    expect(major.length).toBeLessThanOrEqual(6);
    expect(minor).toContain(1e-1);
  });
  it('labels 1-2-5 multiples inside a decade', () => {
    expect(logTicks(0.15, 0.9).major).toEqual([0.2, 0.5]);
  });
  it('refuses non-positive limits', () => expect(logTicks(0, 1).major).toEqual([]));
});
