import { describe, expect, it } from 'vitest';
import { createMatrix } from '../../../linalg/matrix.ts';
import { solveSpd } from '../../../linalg/cholesky.ts';
import { createRandom } from '../../../linalg/random.ts';
import { factorSystems, packedSize, pairProducts } from './packed-systems.ts';

/** Σ of pair products of `rows` random rows: a packed Gram matrix, and the same in full. */
function gram(rows: number, p: number, seed: number): { packed: Float64Array; full: Float64Array } {
  const random = createRandom(seed);
  const f = Float64Array.from({ length: rows * p }, () => random.gaussian());
  const q = packedSize(p);
  const pairs = new Float64Array(rows * q);
  pairProducts(f, rows, p, pairs);
  const packed = new Float64Array(q);
  for (let at = 0; at < pairs.length; at++) packed[at % q]! += pairs[at]!;
  const full = Float64Array.from({ length: p * p }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += f[i * p + Math.floor(at / p)]! * f[i * p + (at % p)]!;
    return sum;
  });
  return { packed, full };
}

describe('packed systems', () => {
  it.each([1, 2, 3, 5, 12])('of %d unknowns are solved as full ones', (p) => {
    const one = gram(20, p, 1);
    const two = gram(20, p, 2);
    const random = createRandom(3);
    const b = Float64Array.from({ length: 2 * p }, () => random.gaussian());
    const x = b.slice();
    const systems = factorSystems(Float64Array.from([...one.packed, ...two.packed]), 2, p);
    systems.solve(x);
    expect(systems.singular).toBe(0);
    [one, two].forEach(({ full }, i) => {
      const expected = solveSpd(createMatrix(p, p, full), createMatrix(p, 1, b.slice(i * p, (i + 1) * p))).data;
      expected.forEach((value, c) => expect(x[i * p + c]).toBeCloseTo(value, 9));
    });
  });

  it('that are singular get the solution of least length', () => {
    // A = [[1, 1], [1, 1]], b = (2, 2): all x with x0 + x1 = 2 solve it; the shortest is (1, 1)
    const x = Float64Array.of(2, 2, 5, 0);
    const systems = factorSystems(Float64Array.of(1, 1, 1, 0, 0, 0), 2, 2);
    systems.solve(x);
    expect(systems.singular).toBe(2);
    expect(x[0]).toBeCloseTo(1, 12);
    expect(x[1]).toBeCloseTo(1, 12);
    expect([x[2], x[3]]).toEqual([0, 0]);
  });
});
