import { kernels } from '../../../kernels/kernels.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';

/** Matrices of k columns of `entries` values in kernel memory, each column padded with zeros as the kernels need it. */
export interface SubspaceMemory {
  readonly padded: number;
  readonly stride: number;
  /** address of a further matrix, filled with zeros */
  allocate(): number;
  /** Copies an entries × k matrix in. */
  store(address: number, values: Matrix): void;
  /** entries × k */
  fetch(address: number): Matrix;
  free(): void;
}

export function createSubspaceMemory(entries: number, k: number): SubspaceMemory {
  const wasm = kernels();
  const padded = Math.ceil(entries / 8) * 8;
  const taken: number[] = [];
  return {
    padded,
    stride: padded * 8,
    allocate() {
      const address = wasm.allocate(Math.max(1, k * padded) * 8);
      taken.push(address);
      wasm.f64(address, k * padded).fill(0);
      return address;
    },
    store(address, { data }) {
      const to = wasm.f64(address, k * padded);
      for (let i = 0; i < entries; i++) for (let j = 0; j < k; j++) to[j * padded + i] = data[i * k + j]!;
    },
    fetch(address) {
      const matrix = createMatrix(entries, k);
      const from = wasm.f64(address, k * padded);
      for (let i = 0; i < entries; i++) for (let j = 0; j < k; j++) matrix.data[i * k + j] = from[j * padded + i]!;
      return matrix;
    },
    free: () => taken.reverse().forEach((address) => wasm.free(address)),
  };
}
