import { describe, expect, it } from 'vitest';
import { assignMost, correlationOf, cosineOf, matchComponents } from './match-components.ts';

/** All injective assignments tried one by one: slow and certainly right. */
function bestByTrying(gains: readonly (readonly number[])[]): number {
  const columns = gains[0]?.length ?? 0;
  const visit = (row: number, used: ReadonlySet<number>): number => {
    if (row === gains.length) return 0;
    let best = gains.length > columns ? visit(row + 1, used) : -Infinity;
    for (let c = 0; c < columns; c++) {
      if (used.has(c)) continue;
      best = Math.max(best, (gains[row]?.[c] as number) + visit(row + 1, new Set([...used, c])));
    }
    return best;
  };
  return visit(0, new Set());
}

describe('assignMost', () => {
  it('gives up the largest single gain when the sum is larger without it', () => {
    // greedy takes 0.9 and is left with 0.1; the best sum is 0.8 + 0.8
    expect(
      assignMost([
        [0.9, 0.8],
        [0.8, 0.1],
      ]),
    ).toEqual([1, 0]);
  });
  it('leaves rows without a partner when there are more of them than columns', () => {
    expect(assignMost([[0.2], [0.9], [0.4]])).toEqual([null, 0, null]);
    expect(assignMost([])).toEqual([]);
    expect(assignMost([[], []])).toEqual([null, null]);
  });
  it.each([
    [4, 4],
    [3, 6],
    [6, 3],
    [5, 5],
  ])('finds the best sum of a %i × %i table, as trying all does', (rows, columns) => {
    let state = rows * 31 + columns;
    const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
    for (let trial = 0; trial < 10; trial++) {
      const gains = Array.from({ length: rows }, () => Array.from({ length: columns }, next));
      const found = assignMost(gains);
      const used = found.filter((c) => c !== null);
      expect(new Set(used).size).toBe(used.length);
      expect(used.length).toBe(Math.min(rows, columns));
      const sum = found.reduce<number>((total, c, r) => total + (c === null ? 0 : (gains[r]?.[c] as number)), 0);
      expect(sum).toBeCloseTo(bestByTrying(gains), 12);
    }
  });
});

describe('matchComponents', () => {
  const a = [1, 0, 0, 0];
  const b = [0, 1, 1, 0];
  it('finds shuffled and turned components again', () => {
    const found = matchComponents(
      [a, b],
      [
        [0, -2, -2, 0],
        [3, 0, 0, 0],
      ],
    );
    expect(found[0]).toEqual({ component: 1, similarity: 1, isFlipped: false });
    expect(found[1]?.component).toBe(0);
    expect(found[1]?.isFlipped).toBe(true);
    expect(found[1]?.similarity).toBeCloseTo(1, 12);
  });
  it('rather gives no partner than a poor one', () => {
    expect(matchComponents([a], [[0, 0, 0, 1]])).toEqual([null]);
  });
  it('compares over the channels that both results kept', () => {
    expect(cosineOf([NaN, 1, 1], [5, 2, 2])).toBeCloseTo(1, 12);
    expect(cosineOf([NaN, 0], [1, 1])).toBe(0);
  });
});

describe('correlationOf', () => {
  it('matches a hand-computed case and ignores left-out pixels', () => {
    // x = 1,2,3  y = 1,3,2: covariance 1, variances 2 and 2 (sums), so r = 0.5
    expect(correlationOf([1, 2, NaN, 3], [1, 3, 7, 2])).toBeCloseTo(0.5, 12);
    expect(correlationOf([1, 1], [2, 3])).toBe(0);
  });
});
