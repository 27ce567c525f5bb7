import { EigenscopeError } from './model/errors.ts';

/** Fields of the shared control block of a job: int32 each. */
const field = { cancel: 0, phase: 1, done: 2, total: 3, warnings: 4 } as const;
const fields = 5;

/** Values of the cancel field. "Keep" stops an iterative method and keeps the current iterate as not converged. */
export const stop = { none: 0, cancel: 1, keep: 2 } as const;

/** Progress and cancel through shared memory: a busy numeric loop never sees a message but sees an atomic. */
export interface JobControl {
  readonly block: Int32Array<SharedArrayBuffer>;
  /** Throws `cancelled` when the user asked to stop; call once per block, never per element. */
  check(): void;
  /** True when the current iterate should be returned as it is. */
  shouldKeep(): boolean;
  /** `phase` indexes the phase names that the algorithm announced. */
  progress(phase: number, done: number, total: number): void;
}

export const createControlBlock = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(fields * Int32Array.BYTES_PER_ELEMENT));

export function openControl(block: Int32Array<SharedArrayBuffer>): JobControl {
  return {
    block,
    check() {
      if (Atomics.load(block, field.cancel) === stop.cancel) throw new EigenscopeError('cancelled', 'Cancelled.');
    },
    shouldKeep: () => Atomics.load(block, field.cancel) === stop.keep,
    progress(phase, done, total) {
      Atomics.store(block, field.phase, phase);
      Atomics.store(block, field.done, done);
      Atomics.store(block, field.total, total);
    },
  };
}

/** Asks a running job to stop; `keep` only where the algorithm says it can. */
export function requestStop(block: Int32Array, how: 'cancel' | 'keep'): void {
  Atomics.store(block, field.cancel, stop[how]);
}

export interface ProgressReading {
  phase: number;
  done: number;
  total: number;
}

export const readProgress = (block: Int32Array): ProgressReading => ({
  phase: Atomics.load(block, field.phase),
  done: Atomics.load(block, field.done),
  total: Atomics.load(block, field.total),
});
