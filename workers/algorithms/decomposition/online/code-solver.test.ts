import { describe, expect, it } from 'vitest';
import { gramOf } from '../../../linalg/gram.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { nnls } from '../../../linalg/nnls.ts';
import { createRandom } from '../../../linalg/random.ts';
import { createCodeSolver, type CodeProblem } from './code-solver.ts';
import { createNonNegativeStep } from './non-negative-step.ts';
import { createSubspaceMemory } from './subspace-memory.ts';

interface Setup {
  entries: number;
  k: number;
  problem: CodeProblem;
  subspace: Matrix;
  sample: Float64Array;
  top?: number;
}

interface Solved {
  code: Float64Array;
  sparse: Float64Array;
  loss: number;
}

function solve({ entries, k, problem, subspace, sample, top = Infinity }: Setup, tolerance = 1e-5): Solved {
  const memory = createSubspaceMemory(entries, k);
  const solver = createCodeSolver(entries, k, problem);
  solver.subspace = memory.allocate();
  memory.store(solver.subspace, subspace);
  const loss = solver.solve(sample, 0, top, tolerance);
  const solved = { code: solver.code.slice(), sparse: solver.readSparse().slice(), loss };
  solver.free();
  memory.free();
  return solved;
}

/** The best sparse part for a residual u, written out from its definition. */
function bestSparse(u: number, lambda: number, top: number): number {
  const soft = Math.sign(u) * Math.max(Math.abs(u) - lambda, 0);
  return Math.min(Math.max(soft, -top), top);
}

/** Gradient of the loss with the best sparse part put in, ridge · r − Dᵀ(u − e). */
function gradientOf(
  { entries, k, problem, subspace, sample, top = Infinity }: Setup,
  code: Float64Array,
): Float64Array {
  const gradient = code.map((r) => problem.ridge * r);
  for (let i = 0; i < entries; i++) {
    let u = sample[i]!;
    for (let j = 0; j < k; j++) u -= subspace.data[i * k + j]! * code[j]!;
    const psi = u - bestSparse(u, problem.sparsity, top);
    for (let j = 0; j < k; j++) gradient[j]! -= subspace.data[i * k + j]! * psi;
  }
  return gradient;
}

function setup(seed: number, entries: number, k: number, problem: Partial<CodeProblem>, dependent = false): Setup {
  const random = createRandom(seed);
  const positive = problem.nonNegative ?? false;
  const draw = (): number => (positive ? Math.abs(random.gaussian()) : random.gaussian());
  const data = Float64Array.from({ length: entries * k }, draw);
  if (dependent) for (let i = 0; i < entries; i++) data[i * k + k - 1] = 2 * data[i * k]!;
  const truth = Float64Array.from({ length: k }, () => 3 * draw());
  const sample = Float64Array.from({ length: entries }, (_, i) => {
    let value = 0.05 * random.gaussian();
    for (let j = 0; j < k; j++) value += data[i * k + j]! * truth[j]!;
    return random.uniform() < 0.1 ? value + 20 * random.gaussian() : value;
  });
  return {
    entries,
    k,
    subspace: createMatrix(entries, k, data),
    sample,
    problem: { sparsity: 0.2, ridge: 0, inertia: 0, nonNegative: false, gradientStep: 1, published: null, ...problem },
  };
}

describe('the code of a sample', () => {
  it.each([
    ['few outliers', 0.2, 0.1],
    ['nearly everything an outlier', 1e-3, 1e-3],
    ['no outliers', 1e4, 0.1],
    ['a strong ridge', 0.2, 1e3],
  ])('is where the gradient is zero: %s', (_, sparsity, ridge) => {
    for (const [seed, entries, k] of [
      [1, 203, 1],
      [2, 400, 4],
      [3, 61, 12],
    ] as const) {
      const task = setup(seed, entries, k, { sparsity, ridge });
      const { code } = solve(task);
      const scale = Math.max(...gradientOf(task, new Float64Array(k)).map(Math.abs));
      for (const g of gradientOf(task, code)) expect(Math.abs(g)).toBeLessThan(1e-8 * scale);
    }
  });

  it.each([
    ['few outliers', 0.2, false],
    ['nearly everything an outlier', 1e-3, false],
    ['dependent components', 0.2, true],
  ])('without negative values fulfils the conditions of a bounded minimum: %s', (_, sparsity, dependent) => {
    for (const [seed, entries, k] of [
      [4, 203, 2],
      [5, 400, 5],
      [6, 90, 12],
    ] as const) {
      const task = setup(seed, entries, k, { sparsity, nonNegative: true }, dependent);
      const { code } = solve(task);
      const scale = Math.max(...gradientOf(task, new Float64Array(k)).map(Math.abs));
      gradientOf(task, code).forEach((g, j) => {
        expect(code[j]).toBeGreaterThanOrEqual(0);
        if (code[j]! > 0) expect(Math.abs(g)).toBeLessThan(1e-8 * scale);
        else expect(g).toBeGreaterThan(-1e-8 * scale);
      });
    }
  });

  it('has the sparse part and the loss that belong to it, with a bound on the sparse part too', () => {
    const task = { ...setup(7, 150, 3, { nonNegative: true, sparsity: 0.5 }), top: 4 };
    const { code, sparse, loss } = solve(task);
    let expected = 0;
    for (let i = 0; i < 150; i++) {
      let u = task.sample[i]!;
      for (let j = 0; j < 3; j++) u -= task.subspace.data[i * 3 + j]! * code[j]!;
      const e = bestSparse(u, 0.5, 4);
      expect(sparse[i]).toBeCloseTo(e, 9);
      expected += 0.5 * (u - e) ** 2 + 0.5 * Math.abs(e);
    }
    expect(Math.max(...sparse.map(Math.abs))).toBe(4);
    expect(loss).toBeCloseTo(expected, 7);
    for (const [j, g] of gradientOf(task, code).entries()) if (code[j]! > 0) expect(Math.abs(g)).toBeLessThan(1e-6);
  });

  it('is zero for a subspace of zeros and for a sample of zeros', () => {
    const empty = { ...setup(8, 40, 2, { nonNegative: true }), subspace: createMatrix(40, 2) };
    expect([...solve(empty).code]).toEqual([0, 0]);
    const dark = { ...setup(9, 40, 2, { ridge: 0.1, published: 'alternation' }), sample: new Float64Array(40) };
    expect([...solve(dark).code].map(Math.abs)).toEqual([0, 0]);
  });

  it('is the same by alternation, carried on for long enough, and by Newton’s method', () => {
    const task = setup(10, 300, 3, { sparsity: 1, ridge: 0.1 });
    const newton = solve(task).code;
    // far below the tolerance of the paper; where that is not reached Newton's method takes over
    const alternated = solve({ ...task, problem: { ...task.problem, published: 'alternation' } }, 1e-9).code;
    alternated.forEach((value, j) => expect(value).toBeCloseTo(newton[j]!, 6));
  });
});

describe('the bounded quadratic step', () => {
  it('agrees with non-negative least squares from any start', () => {
    const random = createRandom(11);
    for (const k of [1, 3, 8]) {
      const step = createNonNegativeStep(k);
      for (let trial = 0; trial < 30; trial++) {
        const a = Float64Array.from({ length: 12 * k }, () => random.gaussian());
        const gram = gramOf(a, k);
        const right = Float64Array.from({ length: k }, () => random.gaussian());
        const x = Float64Array.from({ length: k }, () => Math.max(0, random.gaussian()));
        step(gram, right, x);
        const expected = nnls(createMatrix(k, k, gram), createMatrix(1, k, right)).data;
        x.forEach((value, j) => expect(value).toBeCloseTo(expected[j]!, 9));
      }
    }
  });
});
