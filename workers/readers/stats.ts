import { isComplex } from '../model/dtype.ts';
import type { SignalHeader } from '../model/signal.ts';
import { componentsToFloat64 } from './elements.ts';
import { pieces } from './pixel-blocks.ts';

export interface Stats {
  /** in float64, NaN left out; of complex numbers, both parts */
  sum: number | { re: number; im: number };
  /** null when every value is NaN; of complex numbers, of the modulus; of colours, over all components */
  min: number | null;
  max: number | null;
  nanCount: number;
}

/** Compensated sum of sums of short runs (Neumaier): float64 accuracy for any number of values. */
class RunningSum {
  #sum = 0;
  #lost = 0;
  add(value: number): void {
    const next = this.#sum + value;
    if (Number.isFinite(next)) {
      this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    }
    this.#sum = next;
  }
  get value(): number {
    return this.#sum + this.#lost;
  }
}

const runLength = 4096;

/** Sum, extremes and number of NaN of real values; extremes are Infinity, −Infinity when there are none. */
function summarize(values: Float64Array, from: number, to: number, step: number) {
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  let nanCount = 0;
  for (let i = from; i < to; i += step) {
    const value = values[i]!;
    if (value !== value) {
      nanCount++;
      continue;
    }
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { sum, min, max, nanCount };
}

/** Replaces complex numbers that have a NaN part by NaN in both, so that either part counts them once. */
function spreadNaN(parts: Float64Array): void {
  for (let i = 0; i < parts.length; i += 2) {
    if (Number.isNaN(parts[i]! + parts[i + 1]!) && (Number.isNaN(parts[i]!) || Number.isNaN(parts[i + 1]!))) {
      parts[i] = NaN;
      parts[i + 1] = NaN;
    }
  }
}

/**
 * Sum, smallest, largest and number of NaN over all elements of a signal, block by block.
 * @param check called before every block; throws to stop
 * @throws EigenscopeError what reading the pixels throws
 */
export async function stats(signal: SignalHeader, check: () => void = () => {}): Promise<Stats> {
  const complex = isComplex(signal.dtype);
  const sum = new RunningSum();
  const imaginary = new RunningSum();
  let min = Infinity;
  let max = -Infinity;
  let nanCount = 0;
  let count = 0;
  check();
  for await (const elements of pieces(signal)) {
    const values = componentsToFloat64(elements, signal.dtype);
    if (complex) spreadNaN(values);
    count += complex ? values.length / 2 : values.length;
    for (let from = 0; from < values.length; from += runLength) {
      const to = Math.min(from + runLength, values.length);
      const run = summarize(values, from, to, complex ? 2 : 1);
      sum.add(run.sum);
      nanCount += run.nanCount;
      if (complex) {
        imaginary.add(summarize(values, from + 1, to, 2).sum);
        for (let i = from; i < to; i += 2) values[i] = Math.hypot(values[i]!, values[i + 1]!);
        const modulus = summarize(values, from, to, 2);
        min = Math.min(min, modulus.min);
        max = Math.max(max, modulus.max);
      } else {
        if (run.min < min) min = run.min;
        if (run.max > max) max = run.max;
      }
    }
    check();
  }
  const empty = nanCount === count;
  return {
    sum: complex ? { re: sum.value, im: imaginary.value } : sum.value,
    min: empty ? null : min,
    max: empty ? null : max,
    nanCount,
  };
}
