import { describe, expect, it } from 'vitest';
import type { LabelLook } from './paint-labels.ts';
import { binPoints, nearestPoint, paintScatter, roomyExtent, strideOf, type ScatterPoints } from './scatter-points.ts';

const look = (rgb: [number, number, number], isHidden = false): LabelLook => ({ rgb, pattern: 0, isHidden });
const points = (x: number[], y: number[], labels: number[], lit: number[] | null = null): ScatterPoints => ({
  x: Float32Array.from(x),
  y: Float32Array.from(y),
  labels,
  looks: new Map([
    [0, look([255, 0, 0])],
    [1, look([0, 0, 255])],
    [2, look([0, 255, 0], true)],
  ]),
  neutral: [99, 99, 99],
  lit,
});
const canvas = { width: 20, height: 20, radius: 1.5, cell: 5 };
const at = (data: Uint8ClampedArray, x: number, y: number): number[] => [
  ...data.subarray(4 * (y * 20 + x), 4 * (y * 20 + x) + 4),
];

describe('scatter', () => {
  it('leaves a little room around the data and ignores what is not a number', () => {
    expect(roomyExtent([0, NaN, 10, Infinity])).toEqual([-0.4, 10.4]);
    expect(roomyExtent([NaN])).toBeNull();
    expect(roomyExtent([0, 0])).toEqual([-0.5, 0.5]);
  });
  it('counts points in cells and tells whose most of them are', () => {
    const bins = binPoints(points([1, 2, 3, 17, -4], [1, 2, 3, 17, 0], [0, 1, 1, -1, 0]), canvas, [0, 1, 2, 3, 4]);
    expect([bins.columns, bins.rows, bins.most]).toEqual([4, 4, 3]);
    expect([bins.counts[0], bins.labels[0]]).toEqual([3, 1]);
    expect([bins.counts[15], bins.labels[15]]).toEqual([1, -1]);
    expect(bins.counts.reduce((a, b) => a + b)).toBe(4);
  });
  it('draws a point in the colour of its cluster, a hidden one not at all', () => {
    const data = paintScatter(points([5.5, 14.5], [5.5, 14.5], [0, 2]), canvas);
    expect(at(data, 5, 5).slice(0, 3)).toEqual([255, 0, 0]);
    expect(at(data, 14, 14)[3]).toBe(0);
  });
  it('draws what is not lit faintly and beneath', () => {
    const data = paintScatter(points([5.5, 5.5, 14.5], [5.5, 5.5, 14.5], [0, 1, 1], [1, 0, 0]), canvas);
    expect(at(data, 5, 5)[0]).toBeGreaterThan(at(data, 5, 5)[2] as number);
    expect(at(data, 14, 14)[3]).toBeLessThan(60);
  });
  it('draws very many points as a density that is stronger where there are more', () => {
    const n = 60_000;
    const x = Array.from({ length: n }, (_, i) => (i % 10 === 0 ? 12 : 2));
    const data = paintScatter(points(x, new Array<number>(n).fill(2), new Array<number>(n).fill(0)), canvas);
    expect(at(data, 2, 2)[3]).toBe(255);
    expect(at(data, 12, 2)[3]).toBeLessThan(at(data, 2, 2)[3] as number);
    expect(at(data, 7, 2)[3]).toBe(0);
  });
  it('visits every point once, whatever their number', () => {
    for (const n of [1, 2, 10, 97, 1000]) {
      const step = strideOf(n);
      expect(new Set(Array.from({ length: n }, (_, i) => (i * step) % n)).size).toBe(n);
    }
  });
  it('finds the nearest point within reach', () => {
    const some = points([1, 5, NaN], [1, 5, 5], [0, 0, 0]);
    expect(nearestPoint(some, 4, 5, 3)).toBe(1);
    expect(nearestPoint(some, 15, 15, 3)).toBe(-1);
  });
});
