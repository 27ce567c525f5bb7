import { describe, expect, it } from 'vitest';
import { channelsBetween, positionWords, togglePeak } from './peak-positions.ts';

describe('picked peaks', () => {
  it('stand in rising order, and the one that is picked again goes', () => {
    expect(togglePeak([], 640, 2, 20)).toEqual([640]);
    expect(togglePeak([640], 520, 2, 20)).toEqual([520, 640]);
    expect(togglePeak([520, 640], 641.5, 2, 20)).toEqual([520]);
    expect(togglePeak([520], 520, 2, 20)).toBeNull();
  });

  it('go one at a time, the nearer one first', () => {
    expect(togglePeak([10, 11], 10.8, 2, 20)).toEqual([10]);
  });

  it('are not more than can be fitted, and keep no rounding noise of the axis', () => {
    expect(togglePeak([1, 2], 30, 0.1, 2)).toEqual([1, 2]);
    expect(togglePeak([], 0.1 + 0.2, 0.01, 20)).toEqual([0.3]);
  });

  it('are told in words', () => {
    expect(positionWords([], 'eV')).toBe('');
    expect(positionWords([520], null)).toBe('1 peak at 520');
    expect(positionWords([1.5, 2, 4], 'keV')).toMatch(/^3 peaks at 1\.5.*, 2.* and 4.* keV$/);
  });
});

describe('channelsBetween', () => {
  it('finds them on rising and falling axes, and none outside', () => {
    expect(channelsBetween([0, 1, 2, 3], [1, 2.5])).toEqual([1, 3]);
    expect(channelsBetween([3, 2, 1, 0], [1, 2.5])).toEqual([1, 3]);
    expect(channelsBetween([0, 1], [5, 6])).toBeNull();
    expect(channelsBetween([0, 1], null)).toBeNull();
  });
});
