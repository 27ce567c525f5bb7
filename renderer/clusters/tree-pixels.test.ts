import { describe, expect, it } from 'vitest';
import { readTree } from '../charts/dendrogram-tree.ts';
import { leafCounts, leavesOfPixels, nodesBelow, pixelsBelow } from './tree-pixels.ts';

// leaves 0 … 4; 5 = 0–1, 6 = 2–3, 7 = 5–6, 8 = 4–7
const tree = readTree([0, 1, 1, 2, 2, 3, 2, 2, 5, 6, 3, 4, 4, 7, 8, 5])!;
const below = (node: number): number[] => [...nodesBelow(tree, node)].flatMap((is, i) => (is === 1 ? [i] : []));

describe('nodesBelow', () => {
  it('is the branch with all that was joined into it', () => {
    expect(below(2)).toEqual([2]);
    expect(below(6)).toEqual([2, 3, 6]);
    expect(below(7)).toEqual([0, 1, 2, 3, 5, 6, 7]);
    expect(below(8)).toHaveLength(9);
  });
});

describe('leavesOfPixels', () => {
  it('takes what the result stores, unless it is of another size or names leaves that are not there', () => {
    expect([...leavesOfPixels(tree, [4, -1, 0, 4], [0, -1, 1, 0])!]).toEqual([4, -1, 0, 4]);
    expect(leavesOfPixels(tree, [4, 0], [0, 0, 1])).toBeNull();
    expect(leavesOfPixels(tree, [4, 5, 0], [0, 0, 1])).toBeNull();
  });

  it('counts the pixels that have a cluster where each is a leaf, and does not guess where they are not', () => {
    expect([...leavesOfPixels(tree, null, [0, -1, 1, 1, 0, 2])!]).toEqual([0, -1, 1, 2, 3, 4]);
    expect(leavesOfPixels(tree, null, [0, 0, 1])).toBeNull();
  });
});

describe('pixelsBelow', () => {
  it('marks the pixels at the leaves of the branch, never those without a leaf', () => {
    expect([...pixelsBelow(nodesBelow(tree, 6), [3, -1, 0, 2, 2, 4])]).toEqual([1, 0, 0, 1, 1, 0]);
  });
});

describe('leafCounts', () => {
  it('counts the pixels at every leaf', () => {
    expect([...leafCounts(tree, [3, -1, 0, 2, 2, 4])]).toEqual([1, 0, 2, 1, 1]);
  });
});
