import { EigenscopeError } from './model/errors.ts';

/** Fields of the shared control block of a job: int32 each. */
const field = { cancel: 0, phase: 1, done: 2, total: 3, warnings: 4, points: 5, every: 6, offered: 7 } as const;
const fields = 8;

/** Points of the objective curve that fit; a longer curve is thinned to every second, fourth … point. */
const mostPoints = 512;
const curveOffset = fields * Int32Array.BYTES_PER_ELEMENT;
const curveBytes = mostPoints * 2 * Float64Array.BYTES_PER_ELEMENT;

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
  /** Adds a point to the live curve of an iterative method. The lead alone calls it, with growing iterations. */
  objective(iteration: number, value: number): void;
}

export const createControlBlock = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(curveOffset + curveBytes), 0, fields);

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
    objective(iteration, value) {
      const every = Math.max(1, block[field.every]!);
      const offered = block[field.offered]!++;
      if (offered % every !== 0) return;
      const curve = curveOf(block);
      let count = block[field.points]!;
      if (count === mostPoints) {
        count /= 2;
        for (let i = 0; i < count; i++) curve.copyWithin(2 * i, 4 * i, 4 * i + 2);
        block[field.every] = 2 * every;
        Atomics.store(block, field.points, count);
        if (offered % (2 * every) !== 0) return;
      }
      curve[2 * count] = iteration;
      curve[2 * count + 1] = value;
      Atomics.store(block, field.points, count + 1);
    },
  };
}

/** Asks a running job to stop; `keep` only where the algorithm says it can. */
export function requestStop(block: Int32Array, how: 'cancel' | 'keep'): void {
  Atomics.store(block, field.cancel, stop[how]);
}

const curveOf = (block: Int32Array<SharedArrayBuffer>): Float64Array =>
  new Float64Array(block.buffer, curveOffset, mostPoints * 2);

/** The curve so far: rows of iteration and objective, in order. */
export function readCurve(block: Int32Array<SharedArrayBuffer>): Float64Array {
  return curveOf(block).slice(0, 2 * Atomics.load(block, field.points));
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
