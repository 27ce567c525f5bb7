import { kernels } from '../../../kernels/kernels.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import type { CodeSolver } from '../online/code-solver.ts';
import type { CreateUpdate, SubspaceUpdate } from '../online/learn.ts';
import type { SubspaceMemory } from '../online/subspace-memory.ts';

export interface OrnmfUpdate {
  method: 'PGD' | 'RobustPGD' | 'MomentumSGD';
  kappa: number;
  lambda1: number;
  learningRate: number;
  momentum: number;
}

/** RobustPGD ends when its objective changes by less than this share, after three rounds at least and 10⁴ at most. */
const settled = 1e-5;
const fewestRounds = 3;
const mostRounds = 10_000;

/** How ORNMF moves its subspace D ≥ 0 after each batch, by method (Zhao & Tan 2016, algorithms 1 and 3). */
export const ornmfUpdate =
  (settings: OrnmfUpdate): CreateUpdate =>
  (solver, memory, check) =>
    settings.method === 'MomentumSGD' ? byMomentum(settings, solver, memory) : bySums(settings, solver, memory, check);

/**
 * Projected gradient steps of length κ/‖A‖ on ½ tr(DᵀD A) − tr(DᵀB) with the sums A = Σ h hᵀ and B = Σ (v − e) hᵀ over all
 * samples so far. PGD: one step, D cut to ‖D‖ ≤ 1. RobustPGD: steps until the objective settles, columns cut to ‖Dᵢ‖ ≤ 1.
 */
function bySums(
  { method, kappa }: OrnmfUpdate,
  solver: CodeSolver,
  memory: SubspaceMemory,
  check: () => void,
): SubspaceUpdate {
  const wasm = kernels();
  const { k, padded, stride } = solver;
  const b = memory.allocate();
  const small = memory.allocate();
  let spare = memory.allocate();
  const a = createMatrix(k, k);

  /** D − η (D A − B) to the other place, each column handed over with its squared length while it is near the core. */
  function step(rate: number, use: (column: number, square: number) => void): void {
    for (let i = 0; i < k; i++) {
      const c = wasm.f64(small, k);
      for (let j = 0; j < k; j++) c[j] = (j === i ? 1 : 0) - rate * a.data[j * k + i]!;
      const column = spare + i * stride;
      use(column, wasm.run.combine(padded, k, solver.subspace, stride, small, rate, b + i * stride, column));
    }
    [solver.subspace, spare] = [spare, solver.subspace];
  }

  function objective(): number {
    const d = solver.subspace;
    let value = 0;
    for (let i = 0; i < k; i++) {
      wasm.run.project(padded, k, d, stride, d + i * stride, small);
      const gram = wasm.f64(small, k);
      for (let j = 0; j < k; j++) value += 0.5 * gram[j]! * a.data[i * k + j]!;
      value -= wasm.run.dot(padded, d + i * stride, b + i * stride);
    }
    return value;
  }

  return {
    add() {
      const h = solver.code;
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) a.data[i * k + j]! += h[i]! * h[j]!;
        if (h[i] !== 0) wasm.run.axpy(padded, h[i]!, solver.rest, b + i * stride);
      }
    },
    move() {
      const size = norm(a);
      // nothing but zeros so far: no step to take
      if (!(size > 0)) return;
      if (method === 'PGD') {
        let square = 0;
        step(kappa / size, (column) => {
          square += wasm.run.clipScale(padded, column, 0, 1);
        });
        if (square > 1) wasm.run.clipScale(k * padded, solver.subspace, 0, 1 / Math.sqrt(square));
        return;
      }
      let before = Infinity;
      for (let round = 1; round <= mostRounds; round++) {
        step(kappa / size, (column, square) => {
          wasm.run.clipScale(padded, column, 0, 1 / Math.max(Math.sqrt(square), 1));
        });
        const now = objective();
        if (round >= fewestRounds && Math.abs(now - before) <= settled * Math.abs(before)) return;
        before = now;
        if (round % 64 === 0) check();
      }
    },
  };
}

/** Gradient steps for the last batch alone, (D h − v + e) hᵀ over c (1 + c λ₁ t), with a share of the step before. */
function byMomentum(
  { lambda1, learningRate, momentum }: OrnmfUpdate,
  solver: CodeSolver,
  memory: SubspaceMemory,
): SubspaceUpdate {
  const wasm = kernels();
  const { k, padded, stride } = solver;
  const all = k * padded;
  const gradient = memory.allocate();
  const before = memory.allocate();
  return {
    add() {
      solver.code.forEach((h, j) => {
        if (h === 0) return;
        wasm.run.axpy(padded, -h, solver.residual, gradient + j * stride);
        wasm.run.axpy(padded, h, solver.sparse, gradient + j * stride);
      });
    },
    move(t) {
      wasm.run.clipScale(all, gradient, -Infinity, 1 / (learningRate * (1 + learningRate * lambda1 * t)));
      wasm.run.axpy(all, -1, gradient, solver.subspace);
      wasm.run.axpy(all, -momentum, before, solver.subspace);
      wasm.f64(before, all).set(wasm.f64(gradient, all));
      wasm.f64(gradient, all).fill(0);
      cutWhole(solver);
    },
  };
}

/** D ← max(D, 0) / max(‖max(D, 0)‖, 1). */
function cutWhole({ k, padded, subspace }: CodeSolver): void {
  const wasm = kernels();
  const square = wasm.run.clipScale(k * padded, subspace, 0, 1);
  if (square > 1) wasm.run.clipScale(k * padded, subspace, 0, 1 / Math.sqrt(square));
}

const norm = ({ data }: Matrix): number => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
