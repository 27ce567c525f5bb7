import { describe, expect, it } from 'vitest';
import { decodeArray, halfToNumber, parseShape } from './decode-array.ts';

describe('halfToNumber', () => {
  it('reads the values of the IEEE 754 table for binary16', () => {
    expect(halfToNumber(0x3c00)).toBe(1);
    expect(halfToNumber(0xc000)).toBe(-2);
    expect(halfToNumber(0x7bff)).toBe(65504);
    expect(halfToNumber(0x0001)).toBe(2 ** -24);
    expect(halfToNumber(0x7c00)).toBe(Infinity);
    expect(halfToNumber(0x7e01)).toBeNaN();
    expect(halfToNumber(0x3555)).toBeCloseTo(1 / 3, 3);
  });
});

describe('parseShape', () => {
  it('takes sizes with commas, a scalar, and nothing else', () => {
    expect(parseShape('64, 64,1024')).toEqual([64, 64, 1024]);
    expect(parseShape('')).toEqual([]);
    expect(parseShape(null)).toBeNull();
    expect(parseShape('64,-1')).toBeNull();
    expect(parseShape('a')).toBeNull();
  });
});

describe('decodeArray', () => {
  it('keeps the type of the file for small numbers and widens 64-bit integers', () => {
    const counts = decodeArray('uint16', '2,2', Uint16Array.of(1, 2, 3, 65535).buffer);
    expect(counts.data).toEqual(Uint16Array.of(1, 2, 3, 65535));
    const big = decodeArray('int64', '2', BigInt64Array.of(-5n, 2n ** 40n).buffer);
    expect(big.data).toEqual(Float64Array.of(-5, 2 ** 40));
    const half = decodeArray('float16', '2', Uint16Array.of(0x3c00, 0xbc00).buffer);
    expect(half.data).toEqual(Float32Array.of(1, -1));
  });
  it('refuses bytes that do not fit the shape', () => {
    expect(() => decodeArray('float64', '3', new ArrayBuffer(16))).toThrow(/16 bytes.*24/);
    expect(() => decodeArray('float80', '1', new ArrayBuffer(10))).toThrow(/cannot read/);
  });
});
