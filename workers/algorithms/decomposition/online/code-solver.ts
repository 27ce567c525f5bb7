import { kernels } from '../../../kernels/kernels.ts';
import { solveCholesky, tryCholesky } from '../../../linalg/cholesky.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { createNonNegativeStep } from './non-negative-step.ts';

/** What makes a good code: see `createCodeSolver`. */
export interface CodeProblem {
  /** λ, weight of the sparse part */
  sparsity: number;
  /** weight of ½‖r‖² */
  ridge: number;
  /** weight of ½‖r − code of the sample before‖², in units of ‖D‖² */
  inertia: number;
  nonNegative: boolean;
  /** length of gradient steps, in units of 1/‖D‖² */
  gradientStep: number;
  /**
   * Steps that a paper stops before the minimum: `alternation` for a few steps, where that is enough to settle;
   * `gradient` until it settles; none goes to the minimum at once.
   */
  published: 'alternation' | 'gradient' | null;
}

/** Finds codes for one sample after the other; keep it until `free`. Vectors live in kernel memory. */
export interface CodeSolver {
  /** entries of a sample, and components */
  readonly entries: number;
  readonly k: number;
  /** entries with the padding that the kernels need; bytes of one padded vector */
  readonly padded: number;
  readonly stride: number;
  /** address of D: k vectors of `padded` entries, one after the other, padding zero */
  subspace: number;
  /** of the last sample; what the next one starts from */
  readonly code: Float64Array;
  /** addresses: the sample z, u = z − D r, the sparse part e, and z − e */
  readonly sample: number;
  readonly residual: number;
  readonly sparse: number;
  readonly rest: number;
  /** how many entries of the last sample have a sparse part */
  outliers: number;
  /** The sparse part of the last sample; valid until the next kernel allocation. */
  readSparse(): Float64Array;
  /** Code and sparse part zero. */
  reset(): void;
  /**
   * Codes one sample, starting from the one before.
   * @param values its entries, from `at` on
   * @param top no sparse part is larger
   * @param tolerance the alternation stops when code and sparse part change by less than this times the entries
   * @returns the loss
   */
  solve(values: Float64Array, at: number, top: number, tolerance: number): number;
  free(): void;
}

/** Steps of the alternation before Newton's method takes over, which does in a few what would take hundreds. */
const mostAlternations = 16;
/** After so many samples in a row that did not settle, the next one gets few steps to show that it does. */
const patience = 2;
const fewAlternations = 2;
/** A Newton step cut to less than this share tells that the quadratic pieces are too few. */
const poorStep = 0.02;
const mostNewtonSteps = 100;
const mostGradientSteps = 10_000;
/** Newton's method stops when the model of the sample changes by less than this share of the sample. */
const settled = 1e-10;
/** Relative height added to the diagonal, for components that depend on each other. */
const lift = 1e-11;
/** The same where too few quadratic pieces leave the loss flat in some directions: a step goes to the next piece. */
const flatLift = 1e-5;
/** Numbers that the kernel of Newton's method works with, beside 512 per component. */
const workspace = 520;

/**
 * The inner problem of ORPCA and ORNMF: the code r and the sparse part e of a sample z that minimise
 * ½‖z − D r − e‖² + ½ ridge ‖r‖² + λ‖e‖₁, with |e| ≤ top and, when asked, r ≥ 0.
 *
 * The papers alternate between r and e, which takes hundreds of steps where the sparse part is large. With the best e for
 * every r put in, what is left is a convex, once differentiable, piecewise quadratic function of the k numbers r alone:
 * Huber's loss of z − D r. Newton's method with a line search (Madsen & Nielsen, BIT 30, 682, 1990) ends in the minimum
 * after about four steps; where the quadratic pieces are too few to tell a step, weights λ/|u| outside (Huber's own
 * reweighting, which always descends) stand in. So both reach the same minimum. Where the alternation settles by
 * itself within a few steps its result is kept, because the published stopping rule is part of the result then.
 * Where D leaves a code open (`inertia`), it stays near the code of the sample before.
 *
 * @see Feng, Xu & Yan, NIPS 26 (2013), algorithm 2; Zhao & Tan, ICASSP 2016, algorithm 2.
 */
export function createCodeSolver(entries: number, k: number, problem: CodeProblem): CodeSolver {
  const { sparsity: lambda, ridge, inertia, nonNegative } = problem;
  const wasm = kernels();
  const padded = Math.ceil(entries / 8) * 8;
  const stride = padded * 8;
  const small = (2 * k + k * k + 4) * 8;
  const vectors = wasm.allocate(5 * stride + (512 * k + workspace) * 8 + small);
  const [z, u, e, t, w] = [0, 1, 2, 3, 4].map((i) => vectors + i * stride) as [number, number, number, number, number];
  const work = vectors + 5 * stride;
  const c = work + (512 * k + workspace) * 8;
  const g = c + k * 8;
  const h = g + k * 8;
  const out = h + k * k * 8;
  wasm.f64(vectors, 5 * padded).fill(0);
  const r = new Float64Array(k);
  const direction = new Float64Array(k);
  const gradient = new Float64Array(k);
  const before = new Float64Array(k);
  let pull = 0;
  let unsettled = 0;
  const nonNegativeStep = nonNegative ? createNonNegativeStep(k) : null;

  const solver: CodeSolver = {
    entries,
    k,
    padded,
    stride,
    subspace: 0,
    code: r,
    sample: z,
    residual: u,
    sparse: e,
    rest: t,
    outliers: 0,
    readSparse: () => wasm.f64(e, entries),
    reset() {
      r.fill(0);
      wasm.f64(e, padded).fill(0);
    },
    solve(values, at, top, tolerance) {
      wasm.f64(z, entries).set(values.subarray(at, at + entries));
      const kept =
        (problem.published === 'alternation' && alternate(tolerance)) ||
        (problem.published === 'gradient' && followGradient(top, tolerance));
      unsettled = kept ? 0 : unsettled + 1;
      if (!kept) {
        if (inertia > 0) {
          before.set(r);
          pull = inertia * wasm.run.dot(k * padded, solver.subspace, solver.subspace);
        }
        setCoefficients(r, -1);
        wasm.run.combine(padded, k, solver.subspace, stride, c, 1, z, u);
        descend(top);
      }
      const loss = wasm.run.huberLoss(padded, u, z, lambda, top, e, t, out);
      solver.outliers = wasm.f64(out, 1)[0]!;
      return loss + 0.5 * ridge * dot(r, r);
    },
    free: () => wasm.free(vectors),
  };
  return solver;

  function setCoefficients(values: Float64Array, factor: number): void {
    const to = wasm.f64(c, k);
    for (let j = 0; j < k; j++) to[j] = factor * values[j]!;
  }

  /** DᵀD, lower triangle. */
  function gramMatrix(): Matrix {
    const d = solver.subspace;
    const gram = createMatrix(k, k);
    for (let j = 0; j < k; j++) {
      wasm.run.project(padded, j + 1, d, stride, d + j * stride, g);
      gram.data.set(wasm.f64(g, j + 1), j * k);
    }
    return gram;
  }

  /** g = Dᵀ(z − e) with the sparse part of the sample before. */
  function startFromSparse(): void {
    wasm.f64(c, 1)[0] = -1;
    wasm.run.combine(padded, 1, e, stride, c, 1, z, t);
    wasm.run.project(padded, k, solver.subspace, stride, t, g);
  }

  /** Takes `direction` for the code and finds the sparse part; returns the larger change of the two, per entry. */
  function takeCode(top: number): number {
    let change = 0;
    for (let j = 0; j < k; j++) {
      change += (direction[j]! - r[j]!) ** 2;
      r[j] = direction[j]!;
    }
    setCoefficients(r, -1);
    const sparseChange = wasm.run.alternate(padded, k, solver.subspace, stride, z, c, lambda, top, u, e, t, g);
    return Math.sqrt(Math.max(change, sparseChange)) / entries;
  }

  /** r ← (DᵀD + ridge)⁻¹ Dᵀ(z − e), e ← soft(z − D r), as published; false when that would take long. */
  function alternate(tolerance: number): boolean {
    const gram = gramMatrix();
    for (let j = 0; j < k; j++) gram.data[j * k + j]! += ridge;
    const factor = tryCholesky(gram);
    if (!factor) return false;
    startFromSparse();
    const most = unsettled < patience ? mostAlternations : fewAlternations;
    let last = Infinity;
    for (let step = 1; step <= most; step++) {
      direction.set(wasm.f64(g, k));
      solveCholesky(factor, direction);
      const moved = takeCode(Infinity);
      if (moved < tolerance) return true;
      // changes shrink by a nearly constant factor: no use going on when it says that the end is far
      if (step >= 2 && moved * (moved / last) ** (most - step) > tolerance) return false;
      last = moved;
    }
    return false;
  }

  /** r ← max(0, r + Dᵀ(z − e − D r)/‖D‖²), e ← soft(z − D r), as published; false without a subspace. */
  function followGradient(top: number, tolerance: number): boolean {
    const gram = gramMatrix().data;
    let size = 0;
    for (let j = 0; j < k; j++) size += gram[j * k + j]!;
    if (!(size > 0)) return false;
    startFromSparse();
    for (let step = 1; step <= mostGradientSteps; step++) {
      direction.set(wasm.f64(g, k));
      for (let i = 0; i < k; i++) {
        let slope = direction[i]!;
        for (let j = 0; j < k; j++) slope -= (i >= j ? gram[i * k + j]! : gram[j * k + i]!) * r[j]!;
        direction[i] = Math.max(0, r[i]! + (problem.gradientStep * slope) / size);
      }
      if (takeCode(top) < tolerance) return true;
    }
    return true;
  }

  /** Newton's method on Huber's loss from r and u = z − D r, which it moves to the minimum. */
  function descend(top: number): void {
    const d = solver.subspace;
    const enough = settled * settled * wasm.run.dot(padded, z, z);
    let [reweigh, poor] = [false, false];
    for (let step = 0; step < mostNewtonSteps; step++) {
      const system = (outside: number): number =>
        // the padding has no residual and counts as inside
        entries - padded + wasm.run.huberSystem(padded, k, d, stride, u, lambda, top, outside, g, h, work);
      // never twice in a row: it always descends, but slowly near the end
      const mayReweigh = !reweigh;
      const flat = system(0) < k && ridge === 0;
      reweigh = mayReweigh && (flat || poor);
      if (reweigh) system(1);
      const descent = findDirection(flat && !reweigh ? flatLift : lift);
      if (!(descent > 0)) {
        if (reweigh) return;
        // without any quadratic piece only the other weights tell a direction
        system(1);
        reweigh = true;
        if (!(findDirection(lift) > 0)) return;
      }
      setCoefficients(direction, 1);
      const length = wasm.run.combine(padded, k, d, stride, c, 0, 0, w);
      const { share, changed } = searchLine(top, dot(gradient, direction));
      for (let j = 0; j < k; j++) {
        const value = r[j]! + share * direction[j]!;
        r[j] = nonNegative ? Math.max(0, value) : value;
      }
      wasm.f64(c, 1)[0] = -share;
      wasm.run.combine(padded, 1, w, stride, c, 1, u, u);
      // a whole step on one quadratic piece ends in its minimum, which is the minimum
      if (share === 1 && changed === 0 && !reweigh && !flat) return;
      if (share * share * length <= enough) return;
      poor = !reweigh && share < poorStep;
    }
  }

  /** Minimum of the local quadratic model, to `direction`; returns minus the slope along it. */
  function findDirection(height: number): number {
    const system = createMatrix(k, k, wasm.f64(h, k * k).slice());
    const { data } = system;
    gradient.set(wasm.f64(g, k));
    let largest = 0;
    for (let j = 0; j < k; j++) {
      gradient[j]! -= ridge * r[j]! + pull * (r[j]! - before[j]!);
      data[j * k + j]! += ridge + pull;
      largest = Math.max(largest, data[j * k + j]!);
    }
    // where there is no D at all any code is as good as another
    if (!(largest > 0)) return 0;
    for (let j = 0; j < k; j++) data[j * k + j]! += height * largest;
    if (nonNegativeStep) {
      const right = direction;
      for (let i = 0; i < k; i++) {
        let sum = gradient[i]!;
        for (let j = 0; j < k; j++) sum += (i >= j ? data[i * k + j]! : data[j * k + i]!) * r[j]!;
        right[i] = sum;
      }
      const next = r.slice();
      nonNegativeStep(data, right, next);
      for (let j = 0; j < k; j++) direction[j] = next[j]! - r[j]!;
    } else {
      const factor = tryCholesky(system);
      direction.set(gradient);
      if (factor) solveCholesky(factor, direction);
      else for (let j = 0; j < k; j++) direction[j]! /= largest * k;
    }
    return dot(gradient, direction);
  }

  /** Share of the direction to go, at most 1: the slope of the loss has fallen to half or less. */
  function searchLine(top: number, descent: number): { share: number; changed: number } {
    const along = (ridge + pull) * dot(r, direction) - pull * dot(before, direction);
    const square = (ridge + pull) * dot(direction, direction);
    let [share, low, high] = [1, 0, 1];
    for (let trial = 0; ; trial++) {
      wasm.run.huberSlope(padded, u, w, share, lambda, top, out);
      const [slopeOfLoss = 0, growthOfLoss = 0, changed = 0] = wasm.f64(out, 3);
      const slope = slopeOfLoss + along + share * square;
      if (Math.abs(slope) <= 0.5 * descent || (share === 1 && slope < 0) || trial === 60) return { share, changed };
      if (slope < 0) low = share;
      else high = share;
      const growth = growthOfLoss + square;
      const next = growth > 0 ? share - slope / growth : NaN;
      share = next > low && next < high ? next : (low + high) / 2;
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
