import { describe, expect, it } from 'vitest';
import { sharedSource } from '../../../../test/golden/run-step.ts';
import { chooseKernelBuild, fastestBuild } from '../../../kernels/kernels.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { partition } from '../../../passes/partition.ts';
import { mergeInOrder, runPart } from '../../../passes/run-part.ts';
import { residentLoss, streamedLoss, type HuberLoss, type LookAt } from './loss.ts';
import { huberPass, padded } from './pass.ts';

const values = (count: number, seed: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.gaussian());
};

interface Case {
  rows: number;
  cols: number;
  r: number;
  x: Float64Array;
  view: MatrixView;
  at: Required<LookAt>;
}

function makeCase(rows: number, cols: number, r: number): Case {
  const x = values(rows * cols, 1);
  const paddedRows = (seed: number): Float64Array => {
    const out = values(r * padded(cols), seed);
    if (cols % 2 === 1) for (let k = 0; k < r; k++) out[(k + 1) * padded(cols) - 1] = 0;
    return out;
  };
  const at = { b: values(rows * r, 2), v: paddedRows(3), w: values(rows * r, 4), g: paddedRows(5) };
  return { rows, cols, r, x, view: { source: sharedSource(x, 'float64', rows, cols) }, at };
}

/** The definition, entry by entry. */
function expected({ rows, cols, r, x, at: { b, v, w, g } }: Case, lambda: number) {
  const ld = padded(cols);
  const cg = new Float64Array(rows * r);
  const wc = new Float64Array(r * ld);
  let [loss, square] = [0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let residual = x[i * cols + j]!;
      for (let k = 0; k < r; k++) residual -= b[i * r + k]! * v[k * ld + j]!;
      const size = Math.abs(residual);
      loss += size <= lambda ? size ** 2 / 2 : lambda * size - lambda ** 2 / 2;
      const c = Math.sign(residual) * Math.min(lambda, size);
      square += c * c;
      for (let k = 0; k < r; k++) {
        cg[i * r + k]! += c * g[k * ld + j]!;
        wc[k * ld + j]! += c * w[i * r + k]!;
      }
    }
  }
  return { loss, square, cg, wc };
}

async function expectDefinition(problem: Case, loss: HuberLoss, lambda: number): Promise<void> {
  const found = await loss.look(problem.at);
  const { loss: value, square, cg, wc } = expected(problem, lambda);
  expect(Math.abs(found.loss / value - 1)).toBeLessThan(1e-12);
  expect(Math.abs(found.square / square - 1)).toBeLessThan(1e-12);
  const worst = (a: Float64Array, b: Float64Array): number =>
    b.reduce((most, entry, i) => Math.max(most, Math.abs(entry - a[i]!)), a.length === b.length ? 0 : Infinity);
  expect(worst(found.cg, cg)).toBeLessThan(1e-10);
  expect(worst(found.wc, wc)).toBeLessThan(1e-10);
}

describe.each(['relaxed-simd', 'simd'] as const)('the loss of a robust fit, %s build', (build) => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [7, 5, 2],
    [8, 513, 3],
    [9, 1030, 4],
    [33, 64, 5],
    [6, 31, 7],
    [5, 16, 9],
  ])('has the value and the slopes of its definition for %i × %i values and rank %i', async (rows, cols, r) => {
    chooseKernelBuild(build);
    try {
      const problem = makeCase(rows, cols, r);
      const lambda = 0.8;
      const resident = residentLoss(problem.view, r, lambda);
      await expectDefinition(problem, resident, lambda);
      resident.free();
      await expectDefinition(problem, streamedLoss(problem.view, r, lambda, createLocalJob(), 0), lambda);
    } finally {
      chooseKernelBuild(fastestBuild());
    }
  });
});

describe('a pass over parts', () => {
  it('gives the same bits in whatever order threads run the parts', async () => {
    const problem = makeCase(2000, 101, 3);
    const { view, r, at } = problem;
    const share = (a: Float64Array): Float64Array => {
      const out = new Float64Array(new SharedArrayBuffer(8 * a.length));
      out.set(a);
      return out;
    };
    const shared = { r, lambda: 0.5, b: share(at.b), v: share(at.v), w: share(at.w), g: share(at.g), cg: share(at.b) };
    const parts = partition(view, huberPass, shared);
    expect(parts.length).toBeGreaterThan(3);
    const backwards = parts
      .toReversed()
      .map((part) => runPart(huberPass, view, shared, part, { check: () => {} }))
      .toReversed();
    const merged = mergeInOrder(huberPass, backwards);
    const found = await streamedLoss(view, r, 0.5, createLocalJob(), 0).look(at);
    expect(merged.loss).toBe(found.loss);
    expect(merged.wc).toEqual(found.wc);
    expect(shared.cg).toEqual(found.cg);
  });
});
