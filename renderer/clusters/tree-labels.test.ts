import { describe, expect, it } from 'vitest';
import { readTree } from '../charts/dendrogram-tree.ts';
import { branchesOf, labelsOfTree } from './tree-labels.ts';

// 0–1 at 1, 2–3 at 2, these at 3, with 4 at 8
const tree = readTree([0, 1, 1, 2, 2, 3, 2, 2, 5, 6, 3, 4, 4, 7, 8, 5])!;

describe('branchesOf', () => {
  it('lists what the last joins have left apart', () => {
    expect([1, 2, 3, 4, 5].map((k) => branchesOf(tree, k))).toEqual([
      [8],
      [4, 7],
      [4, 5, 6],
      [2, 3, 4, 5],
      [0, 1, 2, 3, 4],
    ]);
  });
});

describe('labelsOfTree', () => {
  it('gives leaves that are pixels their labels, left-out pixels aside', () => {
    const labels = [-1, 1, 1, 0, -1, 0, 2];
    expect([...labelsOfTree(tree, labels, [2, 2, 1], null)!]).toEqual([1, 1, 0, 0, 2, 1, 0, -1, -1]);
  });

  // leaves are groups of 7, 5, 4, 3 and 1 pixels: 0–1 (12), 2–3 (7), with 4 (8), all (20)
  const groups = readTree([0, 1, 1, 12, 2, 3, 2, 7, 4, 6, 3, 8, 5, 7, 9, 20])!;
  const labels = new Int32Array(20);

  it('tells the branches of small groups by their pixels', () => {
    expect([...labelsOfTree(groups, labels, [12, 8], null)!]).toEqual([0, 0, 1, 1, 1, 0, 1, 1, -1]);
    expect([...labelsOfTree(groups, labels, [12, 7, 1], null)!]).toEqual([0, 0, 1, 1, 2, 0, 1, -1, -1]);
  });

  it('tells groups whose sum alone is stored by their order', () => {
    expect([...labelsOfTree(groups, labels, [7, 5, 4, 3, 1], null)!]).toEqual([0, 1, 2, 3, 4, -1, -1, -1, -1]);
  });

  it('puts the later of two branches with as many pixels first, as clusters are numbered', () => {
    // groups of 3, 3, 2 and 2 pixels: 0–2 and 1–3, both of 5
    const even = readTree([0, 2, 1, 5, 1, 3, 2, 5, 4, 5, 3, 10])!;
    expect([...labelsOfTree(even, new Int32Array(10), [5, 5], null)!]).toEqual([1, 0, 1, 0, 1, 0, -1]);
  });

  it('takes what is stored of the leaves, also of a sample', () => {
    const stored = Int32Array.of(1, 1, 0, 0, 2);
    expect([...labelsOfTree(tree, new Int32Array(9), [4, 3, 2], stored)!]).toEqual([1, 1, 0, 0, 2, 1, 0, -1, -1]);
  });

  it('is not told of a sample, nor of sizes that no cut has', () => {
    expect(labelsOfTree(tree, new Int32Array(9), [6, 3], null)).toBeNull();
    expect(labelsOfTree(groups, labels, [11, 9], null)).toBeNull();
    expect(labelsOfTree(groups, labels, [15, 1, 1, 1, 1, 1], null)).toBeNull();
  });
});
