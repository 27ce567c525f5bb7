import { describe, expect, it } from 'vitest';
import { combine, countOf, inverted, pixelsOf, runsOf } from './pixel-sets.ts';

const a = Uint8Array.of(1, 1, 0, 0);
const b = Uint8Array.of(0, 1, 1, 0);

describe('sets of pixels', () => {
  it('are replaced, joined or reduced', () => {
    expect([...combine(a, b, 'replace')]).toEqual([0, 1, 1, 0]);
    expect([...combine(a, b, 'add')]).toEqual([1, 1, 1, 0]);
    expect([...combine(a, b, 'subtract')]).toEqual([1, 0, 0, 0]);
    expect([...combine(null, b, 'subtract')]).toEqual([0, 0, 0, 0]);
  });
  it('turn over among the pixels that have a cluster', () => {
    expect([...inverted(a, [0, -1, 2, -1])]).toEqual([0, 0, 1, 0]);
  });
  it('of clusters hold all their pixels', () => {
    expect(countOf(pixelsOf([0, 1, 2, 1, -1], new Set([1, 2])))).toBe(3);
  });
  it('are told as runs of first and end', () => {
    expect(runsOf([1, 1, 0, 1])).toEqual([0, 2, 3, 4]);
    expect(runsOf([0, 0])).toEqual([]);
    expect(runsOf([])).toEqual([]);
  });
});
