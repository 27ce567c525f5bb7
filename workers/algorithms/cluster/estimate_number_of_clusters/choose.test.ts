import { describe, expect, it } from 'vitest';
import {
  chooseElbow,
  chooseGap,
  chooseHyperspyGap,
  chooseLargest,
  chooseSilhouette,
  chooseSmallest,
  chooseStable,
} from './choose.ts';

const ks = [2, 3, 4, 5, 6];

describe('the choice by silhouette', () => {
  it('lists local maxima, best first', () => expect(chooseSilhouette(ks, [0.1, 0.5, 0.2, 0.6, 0.3])).toEqual([5, 3]));
  it('takes an end where the best of all is there', () => {
    expect(chooseSilhouette(ks, [0.9, 0.5, 0.2, 0.6, 0.3])).toEqual([2, 5]);
    expect(chooseSilhouette(ks, [0.1, 0.2, 0.3, 0.4, 0.5])).toEqual([6]);
  });
  it('does not take the ends for neighbours of each other', () =>
    expect(chooseSilhouette(ks, [0.3, 0.2, 0.1, 0.5, 0.2])).toEqual([5]));
  it('takes the best where there is no maximum', () => {
    expect(chooseSilhouette(ks, [0.3, 0.5, 0.5, 0.1, 0])).toEqual([3]);
    expect(chooseSilhouette([2], [0.4])).toEqual([2]);
  });
  it('takes the first of several that are the best of all, beside lower maxima', () =>
    expect(chooseSilhouette(ks, [0.5, 0.7, 0.6, 1, 1])).toEqual([5, 3]));
});

describe('the choice by gap', () => {
  const none = new Float64Array(5);
  it('takes the first that is not clearly below the next, also the very first', () => {
    expect(chooseGap([1, 2, 3], [0.5, 0.4, 0.3], none)).toBe(1);
    expect(chooseGap([1, 2, 3, 4], [0.1, 0.5, 0.9, 0.8], none)).toBe(3);
    expect(chooseGap([1, 2, 3, 4], [0.1, 0.5, 0.9, 0.8], [0, 0, 0.45, 0])).toBe(2);
  });
  it('takes the last where the gap grows on', () => expect(chooseGap([1, 2, 3], [0.1, 0.2, 0.3], none)).toBe(3));
  it('by HyperSpy’s rule takes neither the first nor the last', () => {
    expect(chooseHyperspyGap([1, 2, 3, 4], [9, 0.5, 0.4, 0.3], none)).toBe(2);
    expect(chooseHyperspyGap([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4], none)).toBe(2);
    expect(chooseHyperspyGap([1, 2, 3, 4], [0.1, 0.2, 0.9, 0.4], none)).toBe(3);
  });
});

describe('other choices', () => {
  it('find the knee, also of negative values', () =>
    expect(chooseElbow([1, 2, 3, 4, 5], [5, 2, -3, -3.2, -3.4])).toBe(3));
  it('by stability take the most clusters that are as stable as any', () => {
    expect(chooseStable(ks, [1, 0.9, 1, 0.8, 0.9])).toBe(4);
  });
  it('find extremes', () => {
    expect(chooseLargest(ks, [1, 7, 3, 7, 2])).toBe(3);
    expect(chooseSmallest(ks, [1, 7, 0.5, 7, 2])).toBe(4);
  });
});
