import { describe, expect, it } from 'vitest';
import { kernels } from '../../../kernels/kernels.ts';
import { createRandom } from '../../../linalg/random.ts';
import { blobs } from '../test-data.ts';
import { lloyd, type LloydOptions } from './bounded-lloyd.ts';

const nothing = (): void => {};

function search(x: Float64Array, cols: number, options: Partial<LloydOptions> & { k: number }, seed = 3) {
  const n = x.length / cols;
  const kernel = kernels();
  return kernel.scope((allocate) => {
    const address = allocate(x.length * 8);
    kernel.f64(address, x.length).set(x);
    const all = { init: 'k-means++' as const, maxIter: 300, tol: 0, ...options };
    return lloyd({ n, cols, address }, all, createRandom(seed), nothing);
  });
}

/** Lloyd's method as the textbook has it. */
function plain(x: Float64Array, cols: number, start: Float64Array, iterations: number): Int32Array {
  const n = x.length / cols;
  const k = start.length / cols;
  const centres = start.slice();
  const labels = new Int32Array(n);
  for (let turn = 0; turn < iterations; turn++) {
    const sums = new Float64Array(k * cols);
    const counts = new Float64Array(k);
    for (let i = 0; i < n; i++) {
      const squares = Array.from({ length: k }, (_, c) => {
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += (x[i * cols + j]! - centres[c * cols + j]!) ** 2;
        return sum;
      });
      labels[i] = squares.indexOf(Math.min(...squares));
      counts[labels[i]!]!++;
      for (let j = 0; j < cols; j++) sums[labels[i]! * cols + j]! += x[i * cols + j]!;
    }
    for (let c = 0; c < k * cols; c++)
      if (counts[Math.floor(c / cols)]! > 0) centres[c] = sums[c]! / counts[Math.floor(c / cols)]!;
  }
  return labels;
}

describe('Lloyd’s method with bounds', () => {
  it.each([1, 2, 3, 7, 13, 40])('assigns as the plain method does after %i iterations', (iterations) => {
    for (const cols of [1, 2, 5, 6]) {
      const random = createRandom(cols);
      const x = Float64Array.from({ length: 400 * cols }, () => random.uniform());
      const centres = x.slice(0, 8 * cols);
      const found = search(x, cols, { k: 8, centres, maxIter: iterations });
      expect(found.labels).toEqual(plain(x, cols, centres, found.iterations));
    }
  });

  it('finds separate groups from every start', () => {
    const x = blobs([[0, 0], [10, 0], [0, 10]], 50, 0.5); // prettier-ignore
    for (let seed = 0; seed < 20; seed++) {
      const { labels, converged } = search(x, 2, { k: 3 }, seed);
      expect(converged).toBe(true);
      for (let group = 0; group < 3; group++) expect(new Set(labels.slice(group * 50, group * 50 + 50)).size).toBe(1);
      expect(new Set(labels).size).toBe(3);
    }
  });

  it('gives a cluster that loses its pixels the pixel farthest from its centre', () => {
    // both starting centres beyond the last stay empty at first
    const x = Float64Array.from([0, 1, 2, 10, 11, 12, 100]);
    const { labels, inertia } = search(x, 1, { k: 3, centres: Float64Array.from([0, 500, 1000]) });
    expect(new Set(labels).size).toBe(3);
    expect(inertia).toBeCloseTo(4, 12);
  });

  it('leaves clusters empty where fewer different points are there', () => {
    const { labels, inertia, converged } = search(Float64Array.from([1, 1, 1, 5, 5]), 1, { k: 4 });
    expect(new Set(labels).size).toBe(2);
    expect(inertia).toBe(0);
    expect(converged).toBe(true);
  });

  it('says when it had to stop', () => {
    const random = createRandom(5);
    const x = Float64Array.from({ length: 3000 }, () => random.uniform());
    const { converged, iterations } = search(x, 1, { k: 9, maxIter: 2 });
    expect([converged, iterations]).toEqual([false, 2]);
  });

  it('stops earlier with a tolerance, at an inertia hardly above', () => {
    const random = createRandom(6);
    const x = Float64Array.from({ length: 6000 }, () => random.uniform());
    const [exact, early] = [search(x, 2, { k: 12 }), search(x, 2, { k: 12, tol: 1.2e-3 })];
    expect(early.iterations).toBeLessThan(exact.iterations);
    expect(early.inertia / exact.inertia).toBeLessThan(1.01);
    expect(early.inertia).toBeGreaterThanOrEqual(exact.inertia);
  });
});
