import { describe, expect, it } from 'vitest';
import { createKernels, fastestBuild } from '../../../kernels/kernels.ts';
import { createRandom } from '../../../linalg/random.ts';

const builds = [...new Set(['simd', fastestBuild()] as const)];

describe.each(builds)('weights, build %s', (build) => {
  const k = createKernels(build);
  const weigh = (x: number[], variances: number[]) =>
    k.scope((allocate) => {
      const n = x.length;
      const [px, pv, pwx, ps] = [allocate(n * 8), allocate(n * 8), allocate(n * 8), allocate(24)] as const;
      k.f64(px, n).set(x);
      k.f64(pv, n).set(variances);
      k.f64(ps, 3).fill(0);
      const energy = k.run.weighValues(n, px, pv, pv, pwx, ps);
      return { energy, x: [...k.f64(px, n)], w: [...k.f64(pv, n)], wx: [...k.f64(pwx, n)], tally: [...k.f64(ps, 3)] };
    });

  it('are one over the variance, one for zero, none for what is not known', () => {
    const found = weigh([3, 5, 2, NaN, 7, Infinity, 4], [2, 0, Infinity, 1, NaN, 4, 0.5]);
    expect(found.w).toEqual([0.5, 1, 0, 0, 0, 0, 2]);
    expect(found.wx).toEqual([1.5, 5, 0, 0, 0, 0, 8]);
    expect(found.x).toEqual([3, 5, 0, 0, 0, 0, 4]);
    expect(found.tally).toEqual([0, 0, 4]);
    expect(found.energy).toBe(0.5 * 9 + 25 + 2 * 16);
  });

  it('count negative variances and find the lowest', () => {
    expect(weigh([1, 2, 3], [-1, 2, -7]).tally).toEqual([2, -7, 0]);
  });
});

describe.each(builds)('weighted residuals, build %s', (build) => {
  const k = createKernels(build);

  it.each([
    [1, 1, 1],
    [2, 4, 3],
    [5, 7, 2],
    [4, 9, 6],
    [3, 16, 5],
  ])('of %d × %d values with %d components', (rows, cols, p) => {
    const random = createRandom(rows * 100 + cols);
    const values = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.gaussian());
    const [x, w, l, f] = [values(rows * cols), values(rows * cols), values(rows * p), values(cols * p)];
    const width = Math.ceil(cols / 4) * 4;
    k.scope((allocate) => {
      const at = [x.length, w.length, l.length, width * p, x.length].map((n) => allocate(n * 8));
      const [px, pw, pl, pf, out] = at as [number, number, number, number, number];
      k.f64(px, x.length).set(x);
      k.f64(pw, w.length).set(w);
      k.f64(pl, l.length).set(l);
      const panels = k.f64(pf, width * p).fill(0);
      for (let j = 0; j < cols; j++) {
        for (let c = 0; c < p; c++) panels[Math.floor(j / 4) * p * 4 + c * 4 + (j % 4)] = f[j * p + c]!;
      }
      const sum = k.run.weightedResidual(rows, cols, p, px, pw, pl, pf, out);
      const found = k.f64(out, x.length);
      let expected = 0;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) {
          let rest = x[i * cols + j]!;
          for (let c = 0; c < p; c++) rest -= l[i * p + c]! * f[j * p + c]!;
          expect(found[i * cols + j]).toBeCloseTo(w[i * cols + j]! * rest, 12);
          expected += w[i * cols + j]! * rest * rest;
        }
      }
      expect(sum).toBeCloseTo(expected, 11);
    });
  });
});
