import { describe, expect, it } from 'vitest';
import { kernels } from '../kernels/kernels.ts';
import { isEigenbasis } from './eigh-top.ts';

/** Checks `vectors` (rows) as eigenvectors of the n × n second-difference matrix. */
function accepts(n: number, values: number[], vectors: number[][]): boolean {
  const k = kernels();
  return k.scope((allocate) => {
    const [diagonal, offDiagonal, x] = [allocate(n * 8), allocate(n * 8), allocate(vectors.length * n * 8)];
    k.f64(diagonal, n).fill(2);
    k.f64(offDiagonal, n).fill(-1)[n - 1] = 0;
    k.f64(x, vectors.length * n).set(vectors.flat());
    const reduction = { n, reflectors: 0, tau: 0, diagonal, offDiagonal };
    return isEigenbasis(k, reduction, Float64Array.from(values), x, 4);
  });
}

describe('the check that sends a failed inverse iteration to the full solution', () => {
  const n = 50;
  const value = (i: number): number => 2 - 2 * Math.cos((Math.PI * (n - i)) / (n + 1));
  const vector = (i: number): number[] =>
    Array.from({ length: n }, (_, q) => Math.sqrt(2 / (n + 1)) * Math.sin((Math.PI * (n - i) * (q + 1)) / (n + 1)));

  it('accepts eigenvectors', () => {
    expect(accepts(n, [0, 1, 2].map(value), [0, 1, 2].map(vector))).toBe(true);
  });

  it('refuses vectors that are not orthogonal, wrong or NaN', () => {
    expect(accepts(n, [0, 0].map(value), [0, 0].map(vector))).toBe(false);
    expect(accepts(n, [1], [vector(1)])).toBe(false);
    expect(accepts(n, [value(1)], [vector(2)])).toBe(false);
    expect(accepts(n, [value(1)], [vector(1).map((x) => x * (1 + 1e-9))])).toBe(false);
    expect(accepts(n, [value(1)], [vector(1).map(() => NaN)])).toBe(false);
  });
});
