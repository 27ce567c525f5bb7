import { describe, expect, it } from 'vitest';
import { gramOf } from '../../../linalg/gram.ts';
import { createRandom } from '../../../linalg/random.ts';
import { createCoder, type CodingMethod } from './code-rows.ts';

const random = createRandom(5);
const gaussians = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.gaussian());

/** Lasso problems of correlated atoms: K = AᵀA of A [n × k] with neighbours that look alike, q = Aᵀx for each row. */
function problem(k: number, rows: number, alike: number) {
  const n = k + 3;
  const atoms = gaussians(n * k);
  for (let i = 0; i < n; i++) {
    for (let r = 1; r < k; r++) atoms[i * k + r] = alike * atoms[i * k + r - 1]! + (1 - alike) * atoms[i * k + r]!;
  }
  const right = new Float64Array(rows * k);
  for (let row = 0; row < rows; row++) {
    const x = gaussians(n);
    for (let i = 0; i < n; i++) for (let r = 0; r < k; r++) right[row * k + r]! += x[i]! * atoms[i * k + r]!;
  }
  return { gram: gramOf(atoms, k), right };
}

/** How far codes are from the optimality conditions: q − Kc is alpha · sign(c) where c is not 0, and at most alpha elsewhere. */
function violation(gram: Float64Array, right: Float64Array, codes: Float64Array, k: number, alpha: number): number {
  let worst = 0;
  for (let at = 0; at < codes.length; at += k) {
    for (let r = 0; r < k; r++) {
      let rest = right[at + r]!;
      for (let s = 0; s < k; s++) rest -= gram[r * k + s]! * codes[at + s]!;
      const code = codes[at + r]!;
      worst = Math.max(worst, code === 0 ? Math.abs(rest) - alpha : Math.abs(rest - Math.sign(code) * alpha));
    }
  }
  return worst;
}

function solve(method: CodingMethod, k: number, gram: Float64Array, right: Float64Array, alpha: number): Float64Array {
  const codes = new Float64Array(right.length);
  createCoder(method, k)({ gram, right, alpha }, codes);
  return codes;
}

describe('coding by the lasso', () => {
  it('thresholds softly where atoms are at right angles', () => {
    const gram = Float64Array.of(4, 0, 0, 0, 1, 0, 0, 0, 1);
    const right = Float64Array.of(9, -2.5, 0.75);
    for (const method of ['lars', 'cd'] as const) {
      expect([...solve(method, 3, gram, right, 1)]).toEqual([2, -1.5, 0]);
    }
  });

  // by hand: both active gives c = K⁻¹(q − 1) = (2, −1/3)·…: entry 2 would be negative, so c₁ = 3 alone
  it('leaves out an atom that only repeats another', () => {
    const gram = Float64Array.of(1, 0.9, 0.9, 1);
    for (const method of ['lars', 'cd'] as const) {
      const codes = solve(method, 2, gram, Float64Array.of(4, 3.6), 1);
      expect(codes[0]).toBeCloseTo(3, 12);
      expect(codes[1]).toBe(0);
    }
  });

  it.each([
    [1, 0, 0.1],
    [2, 0.9, 0.5],
    [5, 0.5, 0.01],
    [5, 0.99, 0.3],
    [12, 0.9, 0.2],
    [40, 0.5, 0.5],
  ])('meets the optimality conditions with %d atoms alike by %d, alpha %d, by both methods', (k, alike, alpha) => {
    const rows = 30;
    const { gram, right } = problem(k, rows, alike);
    const lars = solve('lars', k, gram, right, alpha);
    expect(violation(gram, right, lars, k, alpha)).toBeLessThan(1e-10);
    expect(violation(gram, right, solve('cd', k, gram, right, alpha), k, alpha)).toBeLessThan(1e-9);
    expect(lars.some((c) => c !== 0)).toBe(true);
  });

  it('gives the same codes from any guess', () => {
    const k = 6;
    const { gram, right } = problem(k, 50, 0.7);
    const cold = solve('lars', k, gram, right, 0.4);
    const coder = createCoder('lars', k);
    const guesses = [cold.slice(), cold.map((c) => -c), gaussians(cold.length)];
    for (const codes of guesses) {
      coder({ gram, right, alpha: 0.4 }, codes);
      codes.forEach((c, at) => expect(c).toBeCloseTo(cold[at]!, 11));
    }
  });

  it('notices that the atoms have changed', () => {
    const k = 4;
    const coder = createCoder('lars', k);
    const codes = new Float64Array(20 * k);
    for (let round = 0; round < 4; round++) {
      const { gram, right } = problem(k, 20, 0.5);
      coder({ gram, right, alpha: 0.3 }, codes);
      expect(violation(gram, right, codes, k, 0.3)).toBeLessThan(1e-11);
    }
  });

  it.each(['lars', 'cd'] as const)('copes with a zero atom and with two equal ones (%s)', (method) => {
    const gram = Float64Array.of(1, 1, 0, 1, 1, 0, 0, 0, 0);
    const codes = solve(method, 3, gram, Float64Array.of(5, 5, 0), 1);
    expect(codes[0]! + codes[1]!).toBeCloseTo(4, 12);
    expect(codes[2]).toBe(0);
  });

  it('is all zero from the largest correlation on, and least squares for alpha 0', () => {
    const k = 5;
    const { gram, right } = problem(k, 8, 0.3);
    const largest = right.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(solve('lars', k, gram, right, largest).every((c) => c === 0)).toBe(true);
    expect(violation(gram, right, solve('lars', k, gram, right, 0), k, 0)).toBeLessThan(1e-10);
  });
});
