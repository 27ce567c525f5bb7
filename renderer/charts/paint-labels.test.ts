import { describe, expect, it } from 'vitest';
import { dashOf, hueToken, parseRgb, patternOf } from './categories.ts';
import { rasterizeLabels, type LabelLook } from './paint-labels.ts';

const look = (rgb: [number, number, number], more: Partial<LabelLook> = {}): LabelLook => ({
  rgb,
  pattern: 0,
  isHidden: false,
  ...more,
});
const pixel = (data: Uint8ClampedArray, p: number): number[] => [...data.subarray(4 * p, 4 * p + 4)];

describe('label images', () => {
  const looks = new Map([
    [0, look([10, 20, 30])],
    [1, look([200, 0, 0], { isHidden: true })],
    [2, look([0, 0, 0], { pattern: 1 })],
  ]);
  const base = {
    width: 2,
    height: 2,
    looks,
    neutral: [90, 90, 90] as const,
    ground: [255, 255, 255] as const,
    lit: null,
  };

  it('draw each label in its colour and nothing where there is none', () => {
    const data = rasterizeLabels({ ...base, labels: [0, -1, 1, 0] });
    expect(pixel(data, 0)).toEqual([10, 20, 30, 255]);
    expect(pixel(data, 1)).toEqual([0, 0, 0, 0]);
    expect(pixel(data, 2)).toEqual([90, 90, 90, 255]);
  });
  it('fade what is not lit', () => {
    const data = rasterizeLabels({ ...base, labels: [0, 0, 0, 0], lit: [1, 0, 0, 1] });
    expect(pixel(data, 3)).toEqual([10, 20, 30, 255]);
    // opaque: the hatching beneath means left out
    expect(pixel(data, 1)[3]).toBe(255);
    expect(pixel(data, 1)[0]).toBeGreaterThan(180);
  });
  it('tell the ninth label from the first by a pattern', () => {
    expect([hueToken(0), hueToken(8)]).toEqual(['--cat-1', '--cat-1']);
    expect([patternOf(0), patternOf(8), patternOf(16), patternOf(24)]).toEqual([0, 1, 2, 0]);
    expect([dashOf(0), dashOf(8), dashOf(16)]).toEqual(['solid', 'dashed', 'dotted']);
    const data = rasterizeLabels({ ...base, labels: [2, 2, 2, 2] });
    expect(pixel(data, 0)).not.toEqual(pixel(data, 1));
  });
  it('read the colours of a style sheet', () => {
    expect(parseRgb('#1e55b9')).toEqual([30, 85, 185]);
    expect(parseRgb('#fff')).toEqual([255, 255, 255]);
    expect(parseRgb(' rgb(1, 2, 3) ')).toEqual([1, 2, 3]);
    expect(parseRgb('gold')).toEqual([128, 128, 128]);
  });
});
