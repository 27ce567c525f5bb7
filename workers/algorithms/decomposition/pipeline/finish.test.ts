import { describe, expect, it } from 'vitest';
import type { RunInput } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { finishDecomposition, orderBySize } from './finish.ts';
import { prepareDecomposition } from './prepare.ts';

const [pixels, channels, k] = [30, 17, 3];
const random = createRandom(3);
const positive = (count: number): Float64Array => Float64Array.from({ length: count }, () => 0.1 + random.uniform());
const trueLoadings = positive(pixels * k);
const trueFactors = positive(channels * k);

/** L Fᵀ, exactly of rank 3, with these entries left out. */
function input(maskedPixels: readonly number[] = [], maskedChannels: readonly number[] = []): RunInput {
  const buffer = new SharedArrayBuffer(pixels * channels * 8);
  const x = new Float64Array(buffer);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < channels; j++) {
      for (let c = 0; c < k; c++) x[i * channels + j]! += trueLoadings[i * k + c]! * trueFactors[j * k + c]!;
    }
  }
  const mask = (size: number, left: readonly number[]) => ({
    shape: [size],
    dtype: 'bool' as const,
    data: Float64Array.from({ length: size }, (_, i) => (left.includes(i) ? 1 : 0)),
  });
  return {
    data: { kind: 'shared', buffer, dtype: 'float64', samples: pixels, features: channels },
    navigationShape: [pixels],
    signalShape: [channels],
    inputs: { navigation_mask: mask(pixels, maskedPixels), signal_mask: mask(channels, maskedChannels) },
  };
}

const without = (rows: Float64Array, left: readonly number[]): Float64Array =>
  rows.filter((_, at) => !left.includes(Math.floor(at / k)));

async function finish(fit: 'least-squares' | 'non-negative', reproject: 'both' | null) {
  const job = createLocalJob();
  const [p, c] = [
    [4, 11],
    [0, 16],
  ];
  const prepared = await prepareDecomposition(input(p, c), { normalize_poissonian_noise: false }, job, 0);
  const kept = { k, factors: without(trueFactors, c), loadings: without(trueLoadings, p) };
  return finishDecomposition(prepared, kept, { reproject, fit, phase: 1 }, { iterations: 7 }, job);
}

describe('the common end of a decomposition', () => {
  it('puts kept rows at their places and leaves NaN where a mask is', async () => {
    const { arrays, scalars } = await finish('least-squares', null);
    const loadings = arrays['loadings']!.data as Float64Array;
    expect(arrays['loadings']!.shape).toEqual([pixels, k]);
    expect(Array.from(loadings.slice(4 * k, 5 * k))).toEqual([NaN, NaN, NaN]);
    expect(Array.from(loadings.slice(5 * k, 6 * k))).toEqual(Array.from(trueLoadings.slice(5 * k, 6 * k)));
    expect(scalars['iterations']).toBe(7);
    expect(scalars['captured_fraction']).toBeCloseTo(1, 12);
  });
  it.each(['least-squares', 'non-negative'] as const)('fills in what was left out by %s', async (fit) => {
    const { arrays } = await finish(fit, 'both');
    const far = (found: ArrayLike<number>, expected: Float64Array): number =>
      expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0);
    expect(far(arrays['loadings']!.data, trueLoadings)).toBeLessThan(1e-9);
    expect(far(arrays['factors']!.data, trueFactors)).toBeLessThan(1e-9);
  });
  it('captures what 1 − ‖X − L Fᵀ‖²/‖X‖² of the first components says', async () => {
    const { arrays } = await finish('least-squares', null);
    const x = new Float64Array((input().data as { buffer: SharedArrayBuffer }).buffer);
    let [all, rest] = [0, 0];
    for (let i = 0; i < pixels; i++) {
      for (let j = 0; j < channels; j++) {
        if ([4, 11].includes(i) || [0, 16].includes(j)) continue;
        const value = x[i * channels + j]!;
        all += value ** 2;
        rest += (value - trueLoadings[i * k]! * trueFactors[j * k]!) ** 2;
      }
    }
    expect(arrays['captured_fractions']!.data[0]).toBeCloseTo(1 - rest / all, 12);
  });
  it('orders components by size and remembers where they were', () => {
    const { components, order } = orderBySize({
      k: 2,
      factors: Float64Array.of(1, 3, 1, 0),
      loadings: Float64Array.of(1, 1),
    });
    expect(Array.from(order)).toEqual([1, 0]);
    expect(Array.from(components.factors)).toEqual([3, 1, 0, 1]);
  });
});
