import { describe, expect, it } from 'vitest';
import { parseNumber } from './parse-number.ts';

describe('parseNumber', () => {
  it('reads what people type', () => {
    expect(parseNumber('0.5')).toBe(0.5);
    expect(parseNumber(' −2,5 ')).toBe(-2.5);
    expect(parseNumber('2e-3')).toBe(0.002);
    expect(parseNumber('1\u2009024')).toBe(1024);
    expect(parseNumber('-1 024 000,5')).toBe(-1_024_000.5);
    expect(parseNumber('.25')).toBe(0.25);
  });
  it('does not guess', () => {
    expect(parseNumber('1,024.5')).toBeNull();
    expect(parseNumber('abc')).toBeNull();
    expect(parseNumber('')).toBeNull();
    expect(parseNumber('1e999')).toBeNull();
    expect(parseNumber('0x10')).toBeNull();
    expect(parseNumber('1 2 3')).toBeNull();
    expect(parseNumber('10 24')).toBeNull();
    expect(parseNumber('1 0245')).toBeNull();
  });
});
