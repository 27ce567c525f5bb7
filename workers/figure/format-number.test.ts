import { describe, expect, it } from 'vitest';
import {
  formatNumber,
  formatPowerOfTen,
  formatScientific,
  formatSi,
  formatSignificant,
  labelLogTick,
  labelTicks,
} from './format-number.ts';

describe('formatNumber', () => {
  it.each([
    [1204, undefined, '1\u2009204'],
    [16384000, undefined, '16\u2009384\u2009000'],
    [-0.5, undefined, '−0.5'],
    [-0.0001, 2, '0.00'],
    [3, 1, '3.0'],
    [NaN, undefined, '–'],
    [-Infinity, undefined, '−∞'],
  ])('writes %d with %s decimals as %s', (value, decimals, text) => {
    expect(formatNumber(value, decimals)).toBe(text);
  });
});

describe('scientific forms', () => {
  it('uses superscripts and a real times sign', () => {
    expect(formatPowerOfTen(-12)).toBe('10⁻¹²');
    expect(formatScientific(1.25e-7)).toBe('1.25×10⁻⁷');
    expect(formatScientific(-1e6)).toBe('−10⁶');
  });
  it('keeps three figures between 10⁻³ and 10⁶', () => {
    expect(formatSignificant(0.018)).toBe('0.018');
    expect(formatSignificant(123456)).toBe('123\u2009000');
    expect(formatSignificant(0.00012)).toBe('1.2×10⁻⁴');
    expect(formatSignificant(999.9999)).toBe('1\u2009000');
  });
});

describe('tick labels', () => {
  it('share their decimals', () => {
    expect(labelTicks([0, 0.5, 1])).toEqual({ labels: ['0.0', '0.5', '1.0'], exponent: 0 });
  });
  it('take a common power of ten out of long numbers', () => {
    expect(labelTicks([0, 500000, 1000000, 1500000])).toEqual({ labels: ['0.0', '0.5', '1.0', '1.5'], exponent: 6 });
    expect(labelTicks([0, 2e-4, 4e-4])).toEqual({ labels: ['0', '2', '4'], exponent: -4 });
  });
  it('take out the power that was asked for', () => {
    expect(labelTicks([0, 5e8], 9)).toEqual({ labels: ['0.0', '0.5'], exponent: 9 });
    expect(labelTicks([0], 9)).toEqual({ labels: ['0'], exponent: 9 });
  });
  it('write decades as powers', () => {
    expect(labelLogTick(1)).toBe('10⁰');
    expect(labelLogTick(1e-3)).toBe('10⁻³');
    expect(labelLogTick(0.2)).toBe('0.2');
  });
});

describe('formatSi', () => {
  it.each([
    [0.0021, 's', '2.1\u2009ms'],
    [1.9e9, 'B', '1.9\u2009GB'],
    [999.96, 'eV', '1\u2009keV'],
    [0, 'm', '0\u2009m'],
  ])('writes %d %s as %s', (value, unit, text) => expect(formatSi(value, unit)).toBe(text));
});
