import { kernels } from '../../../kernels/kernels.ts';
import { invert } from '../../../linalg/lu.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import type { CreateUpdate } from '../online/learn.ts';

export type OrpcaMethod = 'CF' | 'BCD' | 'SGD' | 'MomentumSGD';

export interface OrpcaUpdate {
  method: OrpcaMethod;
  /** λ₁, weight of the sizes of subspace and codes */
  lambda1: number;
  learningRate: number;
  momentum: number;
}

/** How ORPCA moves its subspace D after each batch, by method. */
export const orpcaUpdate =
  (settings: OrpcaUpdate): CreateUpdate =>
  (solver, memory) =>
    settings.method === 'CF' || settings.method === 'BCD'
      ? bySums(settings, solver, memory)
      : byGradient(settings, solver, memory);

/**
 * From the sums A = Σ r rᵀ and B = Σ (z − e) rᵀ over all samples so far. CF: the minimum D = B (A + λ₁)⁻¹. BCD: one
 * round of minimising over the columns in turn, each cut to length 1 (Feng, Xu & Yan 2013, algorithm 3).
 */
function bySums(
  { method, lambda1 }: OrpcaUpdate,
  solver: Parameters<CreateUpdate>[0],
  memory: Parameters<CreateUpdate>[1],
): ReturnType<CreateUpdate> {
  const wasm = kernels();
  const { k, padded, stride } = solver;
  const b = memory.allocate();
  const small = memory.allocate();
  const a = createMatrix(k, k);
  for (let j = 0; j < k; j++) a.data[j * k + j] = lambda1;

  const coefficients = (values: (j: number) => number): number => {
    const c = wasm.f64(small, k);
    for (let j = 0; j < k; j++) c[j] = values(j);
    return small;
  };
  return {
    add() {
      const r = solver.code;
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) a.data[i * k + j]! += r[i]! * r[j]!;
        wasm.run.axpy(padded, r[i]!, solver.rest, b + i * stride);
      }
    },
    move() {
      const d = solver.subspace;
      if (method === 'CF') {
        const inverse = invert(a).data;
        for (let i = 0; i < k; i++) {
          const c = coefficients((j) => inverse[j * k + i]!);
          wasm.run.combine(padded, k, b, stride, c, 0, 0, d + i * stride);
        }
        return;
      }
      for (let i = 0; i < k; i++) {
        const diagonal = a.data[i * k + i]!;
        const c = coefficients((j) => (j === i ? 0 : -a.data[j * k + i]! / diagonal));
        const column = d + i * stride;
        const square = wasm.run.combine(padded, k, d, stride, c, 1 / diagonal, b + i * stride, column);
        if (square > 1) wasm.run.clipScale(padded, column, -Infinity, 1 / Math.sqrt(square));
      }
    },
  };
}

/**
 * Along the gradient of the batch, g = (D r − z + e) rᵀ + λ₁ D, divided by the rate c (1 + c λ₁ t): larger rates make
 * smaller steps. With momentum a share of the gradient before is added.
 */
function byGradient(
  { method, lambda1, learningRate, momentum }: OrpcaUpdate,
  solver: Parameters<CreateUpdate>[0],
  memory: Parameters<CreateUpdate>[1],
): ReturnType<CreateUpdate> {
  const wasm = kernels();
  const { k, padded, stride } = solver;
  const gradient = memory.allocate();
  const before = method === 'MomentumSGD' ? memory.allocate() : 0;
  return {
    add() {
      // z − e − D r = u − e, the part of the residual that is not sparse
      for (let j = 0; j < k; j++) {
        wasm.run.axpy(padded, -solver.code[j]!, solver.residual, gradient + j * stride);
        wasm.run.axpy(padded, solver.code[j]!, solver.sparse, gradient + j * stride);
      }
    },
    move(t) {
      const all = k * padded;
      const rate = learningRate * (1 + learningRate * lambda1 * t);
      wasm.run.axpy(all, lambda1, solver.subspace, gradient);
      wasm.run.clipScale(all, gradient, -Infinity, 1 / rate);
      wasm.run.axpy(all, -1, gradient, solver.subspace);
      if (before !== 0) {
        wasm.run.axpy(all, -momentum, before, solver.subspace);
        wasm.f64(before, all).set(wasm.f64(gradient, all));
      }
      wasm.f64(gradient, all).fill(0);
    },
  };
}
