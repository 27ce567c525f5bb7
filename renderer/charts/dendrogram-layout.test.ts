import { describe, expect, it } from 'vitest';
import { layoutTree, type Branch } from './dendrogram-layout.ts';
import { readTree } from './dendrogram-tree.ts';

// 0–1 at 1, 2–3 at 2, these at 3, with 4 at 8
const tree = readTree([0, 1, 1, 2, 2, 3, 2, 2, 5, 6, 3, 4, 4, 7, 8, 5])!;
const at = (branches: readonly Branch[], node: number): Branch => {
  const found = branches.find((one) => one.node === node);
  if (found === undefined) throw new Error(`no branch ${node}`);
  return found;
};

describe('layoutTree', () => {
  it('draws every join when there are few', () => {
    const { branches, ends, floor } = layoutTree(tree, 60);
    expect(branches.map((one) => one.node).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect([ends, floor]).toEqual([5, 0]);
    // leaf 4 is the first that the last join names; five equal ends
    const leaves = [4, 0, 1, 2, 3].map((node) => at(branches, node).x);
    leaves.forEach((x, i) => expect(x).toBeCloseTo(0.1 + 0.2 * i, 12));
  });

  it('puts joints in the middle of what they join, at its distance', () => {
    const { branches } = layoutTree(tree, 60);
    expect(at(branches, 5)).toMatchObject({ height: 1, parent: 3, points: null });
    expect(at(branches, 5).x).toBeCloseTo(0.4, 12);
    expect(at(branches, 7).x).toBeCloseTo(0.6, 12);
    expect(at(branches, 8)).toMatchObject({ height: 8, parent: null });
    expect(at(branches, 8).between?.[0]).toBeCloseTo(0.1, 12);
    expect(at(branches, 8).between?.[1]).toBeCloseTo(0.6, 12);
  });

  it('folds lower joins into ends with their points', () => {
    const { branches, ends, floor } = layoutTree(tree, 2);
    expect([ends, floor]).toEqual([3, 2]);
    const folded = branches.filter((one) => one.points !== null);
    expect(folded.map(({ node, points, height, parent }) => [node, points, height, parent])).toEqual([
      [4, 1, 0, 8],
      [5, 2, 1, 3],
      [6, 2, 2, 3],
    ]);
  });

  it('makes ends as wide as their points, side by side without touching', () => {
    const folded = layoutTree(tree, 2).branches.filter((one) => one.points !== null);
    const unit = folded[0]!.width;
    expect(folded.map((one) => one.width / unit)).toEqual([1, 2, 2]);
    for (let i = 1; i < folded.length; i++) {
      const [left, right] = [folded[i - 1]!, folded[i]!];
      expect(right.x - right.width / 2).toBeGreaterThan(left.x + left.width / 2);
    }
    expect(folded[2]!.x + folded[2]!.width / 2).toBeLessThan(1);
  });

  it('halves the width of two leaves whose sum alone is known', () => {
    // leaves of 7, 5, 4 and 1 points
    const { branches } = layoutTree(readTree([2, 3, 1, 5, 1, 4, 2, 10, 0, 5, 3, 17])!, 60);
    expect(at(branches, 2).points).toBeNaN();
    expect(at(branches, 2).width / at(branches, 1).width).toBeCloseTo(0.5, 12);
  });
});
