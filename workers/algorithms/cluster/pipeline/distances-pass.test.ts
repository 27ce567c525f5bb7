import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Block } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRandom } from '../../../linalg/random.ts';
import { fuzzyPass } from '../fuzzy_c_means/pass.ts';
import type { DistancesState } from './distances-pass.ts';
import { clusterDistancesPass } from './distances-pass.ts';
import { nearestCentroidPass } from './nearest-pass.ts';

const MiB = 2 ** 20;

/** One block of rows, as a pass gets it. */
function blocksOf(data: Float64Array, rows: number): () => Block | null {
  let block: Block | null = { start: 0, rows, data };
  return () => {
    const given = block;
    block = null;
    return given;
  };
}

function values(count: number): Float64Array {
  const random = createRandom(3);
  return Float64Array.from({ length: count }, () => random.uniform());
}

/** Most bytes of kernel memory in use at a time during a call. */
function mostUsed(call: () => void): number {
  const kernel = kernels();
  const { allocate } = kernel;
  let most = 0;
  const look = (address: number): number => {
    most = Math.max(most, kernel.usedBytes);
    return address;
  };
  vi.spyOn(kernel, 'allocate').mockImplementation((bytes) => look(allocate(bytes)));
  const { scope } = kernel;
  vi.spyOn(kernel, 'scope').mockImplementation((use) => scope((take) => use((bytes) => look(take(bytes)))));
  call();
  return most;
}

afterEach(() => vi.restoreAllMocks());

describe('distances of rows to centroids', () => {
  const [rows, k, cols] = [20_000, 500, 1];
  const data = values(rows * cols);
  const centroids = values(k * cols);
  const labels = Int32Array.from({ length: rows }, (_, r) => (r % 7 === 0 ? -1 : (r * 31) % k));

  it('take little memory for hundreds of clusters of one column, and are those of the definition', () => {
    const out = new Float64Array(k * rows);
    const shared = { centroids, k, labels, out, samples: rows };
    let state: DistancesState = { nearest: new Int32Array(0), least: new Float64Array(0), inertia: 0 };
    const used = mostUsed(() => (state = clusterDistancesPass.partial(cols, shared, blocksOf(data, rows))));
    // rows, distances, labels
    expect(used).toBeLessThan(12 * MiB);
    expect(kernels().heldBytes).toBeLessThan(32 * MiB);
    expect(kernels().usedBytes).toBe(0);
    let inertia = 0;
    for (let r = 0; r < rows; r++) if (labels[r]! >= 0) inertia += (data[r]! - centroids[labels[r]!]!) ** 2;
    expect(state.inertia).toBe(inertia);
    for (let c = 0; c < k; c++) {
      let nearest = 0;
      let wrong = 0;
      for (let r = 0; r < rows; r++) {
        if (Math.abs(data[r]! - centroids[c]!) < Math.abs(data[nearest]! - centroids[c]!)) nearest = r;
        if (out[c * rows + r] !== Math.abs(data[r]! - centroids[c]!)) wrong++;
      }
      expect([wrong, state.nearest[c], state.least[c]]).toEqual([0, nearest, Math.abs(data[nearest]! - centroids[c]!)]);
    }
  });

  it('take the first of rows that are equally far by the distances that are told', () => {
    // pairs about their mean: equally far but for the rounding of the squares
    const pairs = 200;
    const wide = 40;
    const x = values(2 * pairs * wide);
    const means = Float64Array.from({ length: pairs * wide }, (_, at) => {
      const [pair, j] = [Math.floor(at / wide), at % wide];
      return (x[2 * pair * wide + j]! + x[(2 * pair + 1) * wide + j]!) / 2;
    });
    const out = new Float64Array(pairs * 2 * pairs);
    const own = Int32Array.from({ length: 2 * pairs }, (_, r) => Math.floor(r / 2));
    const shared = { centroids: means, k: pairs, labels: own, out, samples: 2 * pairs };
    const { nearest } = clusterDistancesPass.partial(wide, shared, blocksOf(x, 2 * pairs)) as DistancesState;
    const first = Int32Array.from({ length: pairs }, (_, c) => {
      const distances = Array.from(out.subarray(c * 2 * pairs, (c + 1) * 2 * pairs));
      return distances.indexOf(Math.min(...distances));
    });
    expect(nearest).toEqual(first);
  });

  it('take little memory where only the nearest centroid is wanted, or the memberships', () => {
    const found = new Int32Array(rows);
    const nearest = { centroids, k, labels: found };
    expect(mostUsed(() => nearestCentroidPass.partial(cols, nearest, blocksOf(data, rows)))).toBeLessThan(12 * MiB);
    const best = (r: number): number =>
      centroids.reduce((b, c, i) => ((data[r]! - c) ** 2 < (data[r]! - centroids[b]!) ** 2 ? i : b), 0);
    for (let r = 0; r < rows; r += 97) expect(found[r]).toBe(best(r));
    vi.restoreAllMocks();
    const membership = new Float64Array(rows * k);
    const fuzzy = { centres: centroids, k, fuzziness: 2, membership };
    expect(mostUsed(() => fuzzyPass.partial(cols, fuzzy, blocksOf(data, rows)))).toBeLessThan(12 * MiB);
    expect(membership.subarray(0, k).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(kernels().usedBytes).toBe(0);
  });
});
