import type { Job } from '../../../job.ts';
import type { Random } from '../../../linalg/random.ts';
import { createCoder, type CodingMethod } from '../dictionary/code-rows.ts';
import { codeGramOf } from '../dictionary/atoms.ts';
import type { OnlineAtoms } from './online-atoms.ts';
import type { Stopping } from './stopping.ts';
import type { BatchStream } from './stream.ts';

export interface OnlineOptions {
  k: number;
  channels: number;
  alpha: number;
  method: CodingMethod;
  /** mini-batches at most */
  steps: number;
  /** null: all steps are made */
  stopping: Stopping | null;
  phase: number;
}

/** Share of the newest mini-batch in the cost that is shown live. */
const shown = 0.1;

/**
 * Online dictionary learning: each mini-batch of b channel maps is coded by the lasso, its CᵀC and (batch)ᵀC join running
 * sums that forget the past by β = (θ + 1 − b)/(θ + 1), θ = (s + 1)·b for the first b − 1 steps s and b² + s + 1 − b after,
 * and all atoms are updated from the sums.
 * @param stream mini-batches; @param random for new atoms in place of unused ones
 * @returns steps made, and whether the test for stopping was met (or all steps made where there is none)
 * @see Mairal, Bach, Ponce & Sapiro, J. Mach. Learn. Res. 11, 19 (2010), algorithms 1 and 2, sec. 3.4.3
 */
export async function learnOnline(
  atoms: OnlineAtoms,
  stream: BatchStream,
  random: Random,
  { k, channels, alpha, method, steps, stopping, phase }: OnlineOptions,
  job: Job,
): Promise<{ steps: number; converged: boolean }> {
  const code = createCoder(method, k);
  const sums = new Float64Array(k * k);
  const known = new Float64Array(channels * k);
  let smooth = NaN;
  let step = 0;
  let stopped = false;
  let kept = false;
  while (step < steps && !stopped && !kept) {
    job.control.check();
    const batch = stream.batch(step);
    const b = batch.length;
    const { right, energy } = await atoms.correlate(step, batch);
    const gram = atoms.gram();
    // codes of the last round are a good guess of the nonzero entries
    const codes = new Float64Array(b * k);
    batch.forEach((j, i) => codes.set(known.subarray(j * k, (j + 1) * k), i * k));
    code({ gram, right, alpha }, codes);
    batch.forEach((j, i) => known.set(codes.subarray(i * k, (i + 1) * k), j * k));
    const codeGram = codeGramOf(codes, k);
    const cost = batchCost(energy, right, gram, codes, codeGram, alpha) / b;
    const beta = forgetting(step, b);
    for (let at = 0; at < sums.length; at++) sums[at] = sums[at]! * beta + codeGram[at]! / b;
    atoms.accumulate(codes, beta);
    const change = atoms.update(sums, random, stopping !== null);
    smooth = Number.isNaN(smooth) ? cost : smooth + shown * (cost - smooth);
    stopped = stopping?.take(step, b, cost, change) ?? false;
    step++;
    job.control.objective(step, smooth * channels);
    job.control.progress(phase, step, steps);
    kept = job.control.shouldKeep();
  }
  return { steps: step, converged: stopped || (stopping === null && step === steps) };
}

/** β of step s (from 0) with b channels. */
export function forgetting(step: number, b: number): number {
  const theta = step < b - 1 ? (step + 1) * b : b * b + step + 1 - b;
  return (theta + 1 - b) / (theta + 1);
}

/** ½ Σ ‖x − cD‖² + alpha Σ |c| of a batch, with the atoms it was coded with. */
function batchCost(
  energy: number,
  right: Float64Array,
  gram: Float64Array,
  codes: Float64Array,
  codeGram: Float64Array,
  alpha: number,
): number {
  let square = energy;
  let length = 0;
  for (let at = 0; at < codes.length; at++) {
    square -= 2 * codes[at]! * right[at]!;
    length += Math.abs(codes[at]!);
  }
  for (let at = 0; at < gram.length; at++) square += codeGram[at]! * gram[at]!;
  return 0.5 * Math.max(0, square) + alpha * length;
}
