import type { DType } from '../model/dtype.ts';
import { isComplex } from '../model/dtype.ts';
import type { SignalHeader } from '../model/signal.ts';
import { componentsToFloat64 } from './elements.ts';
import { pieces } from './pixel-blocks.ts';
import type { Elements } from './pixel-source.ts';

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

/** So many values of up to 32 bits have a sum that float64 holds exactly. */
const runLength = 4096;
/** So many are converted at once where there has to be a conversion. */
const converted = 16 * runLength;

type RealNumbers = Exclude<Elements, BigInt64Array | BigUint64Array>;

/** Elements that are numbers already are taken as they are, the others as float64 a few at a time. */
function* plainNumbers(elements: Elements, dtype: DType): Generator<RealNumbers> {
  const isWide = elements instanceof BigInt64Array || elements instanceof BigUint64Array;
  // truth values: any byte but zero counts as one
  if (!isWide && dtype !== 'float16' && dtype !== 'bool' && !isComplex(dtype)) return yield elements;
  for (let from = 0; from < elements.length; from += converted) {
    const some = elements.subarray(from, from + converted);
    const values = componentsToFloat64(some, dtype);
    // moduli are put in their place: not into what was read
    yield values.buffer === some.buffer ? values.slice() : values;
  }
}

interface Summary {
  sum: number;
  min: number;
  max: number;
  nanCount: number;
}

/** Sum, extremes and number of NaN of every `step`th value; extremes are Infinity, −Infinity when there are none. */
function summarize(values: RealNumbers, from: number, to: number, step: number): Summary {
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

/** The same of neighbouring values, four at a time: additions that do not wait for one another. NaN shows in the sum. */
function summarizeRun(values: RealNumbers, from: number, to: number): Summary {
  let [a, b, c, d] = [0, 0, 0, 0];
  let min = Infinity;
  let max = -Infinity;
  let i = from;
  for (; i + 3 < to; i += 4) {
    const p = values[i]!;
    const q = values[i + 1]!;
    const r = values[i + 2]!;
    const s = values[i + 3]!;
    a += p;
    b += q;
    c += r;
    d += s;
    const low = p < q ? p : q;
    const low2 = r < s ? r : s;
    const high = p > q ? p : q;
    const high2 = r > s ? r : s;
    if (low < min) min = low;
    if (low2 < min) min = low2;
    if (high > max) max = high;
    if (high2 > max) max = high2;
  }
  const rest = summarize(values, i, to, 1);
  const sum = a + b + (c + d) + rest.sum;
  // with NaN, infinities of both signs, or a rest that had some: one by one
  if (sum !== sum || rest.nanCount > 0) return summarize(values, from, to, 1);
  return { sum, min: Math.min(min, rest.min), max: Math.max(max, rest.max), nanCount: 0 };
}

/** Replaces complex numbers that have a NaN part by NaN in both, so that either part counts them once. */
function spreadNaN(parts: RealNumbers): void {
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
    for (const values of plainNumbers(elements, signal.dtype)) {
      if (complex) spreadNaN(values);
      count += complex ? values.length / 2 : values.length;
      for (let from = 0; from < values.length; from += runLength) {
        const to = Math.min(from + runLength, values.length);
        const run = complex ? summarize(values, from, to, 2) : summarizeRun(values, from, to);
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
