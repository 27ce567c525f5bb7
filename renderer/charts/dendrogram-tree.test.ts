import { describe, expect, it } from 'vitest';
import { clustersAt, cutInto, cutStops, leafWeights, readTree, type MergeTree } from './dendrogram-tree.ts';

/*
 *  8 ┌────┴────┐          points on a line: 0, 1, 4, 6, 14, joined by least distance of neighbours as in
 *  3 ┌─┴──┐    │          single linkage: 0–1 at 1, 4–6 at 2, these at 3, 14 at 8
 *  2 │  ┌─┴┐   │
 *  1 ┌┴┐│  │   │
 *    0 12  3   4
 */
const merges = [0, 1, 1, 2, 2, 3, 2, 2, 5, 6, 3, 4, 4, 7, 8, 5];
const tree = (values: readonly number[] = merges): MergeTree => {
  const found = readTree(values);
  if (found === null) throw new Error('no tree');
  return found;
};

/** Groups of points on a line where neighbours closer than a distance are in one: single linkage, counted directly. */
const countGroups = (points: readonly number[], distance: number): number =>
  1 + points.slice(1).filter((at, i) => at - (points[i] ?? 0) >= distance).length;

describe('readTree', () => {
  it('reads what is joined, distances and sizes', () => {
    expect(tree()).toEqual({
      leaves: 5,
      joined: Int32Array.from([0, 1, 2, 3, 5, 6, 4, 7]),
      heights: Float64Array.from([1, 2, 3, 8]),
      sizes: Float64Array.from([2, 2, 4, 5]),
    });
  });
  it.each([
    ['no joins', []],
    ['a row cut short', merges.slice(0, 15)],
    ['one leaf joined twice', [0, 1, 1, 2, 0, 3, 2, 2, 5, 6, 3, 4, 4, 7, 8, 5]],
    ['a join before it is made', [0, 6, 1, 2, 2, 3, 2, 2, 5, 1, 3, 4, 4, 7, 8, 5]],
    ['falling distances', [0, 1, 2, 2, 2, 3, 1, 2, 5, 6, 3, 4, 4, 7, 8, 5]],
    ['a distance that is no number', [0, 1, NaN, 2]],
    ['a negative number', [-1, 1, 1, 2]],
  ])('refuses %s', (_, values) => {
    expect(readTree(values)).toBeNull();
  });
});

describe('clustersAt', () => {
  it('agrees with groups counted on the line at every distance', () => {
    for (let distance = 0.25; distance <= 9; distance += 0.25) {
      expect(clustersAt(tree(), distance)).toBe(countGroups([0, 1, 4, 6, 14], distance));
    }
  });
  it('leaves a join undone at its own distance', () => {
    expect([3, 3.001, 8, 8.001].map((d) => clustersAt(tree(), d))).toEqual([3, 2, 2, 1]);
  });
});

describe('cutInto', () => {
  it('goes through the middle between two joins', () => {
    expect([1, 2, 3, 4, 5].map((k) => cutInto(tree(), k, 10))).toEqual([9, 5.5, 2.5, 1.5, 0.5]);
  });
  it('has no stop where equal distances leave no cut', () => {
    const even = tree([0, 1, 2, 2, 2, 3, 2, 2, 4, 5, 6, 4]);
    expect(cutStops(even, 9, 7)).toEqual([
      { clusters: 1, distance: 6.5 },
      { clusters: 2, distance: 4 },
      { clusters: 4, distance: 1 },
    ]);
    expect(clustersAt(even, cutInto(even, 3, 7))).toBe(4);
  });
  it('has stops only up to the number asked', () => {
    expect(cutStops(tree(), 3, 10).map((stop) => stop.clusters)).toEqual([1, 2, 3]);
  });
});

describe('leafWeights', () => {
  it('are one where leaves are points', () => {
    expect([...leafWeights(tree())]).toEqual([1, 1, 1, 1, 1]);
  });
  it('follow from the sums above; of two leaves joined with each other the sum alone is known', () => {
    // weights 7, 5, 4, 1: 2+3 → 5, then 1 → 10, then 0 → 17
    expect([...leafWeights(tree([2, 3, 1, 5, 1, 4, 2, 10, 0, 5, 3, 17]))]).toEqual([7, 5, NaN, NaN]);
  });
});
