import { afterEach, describe, expect, it } from 'vitest';
import { chooseKernelBuild, fastestBuild } from '../../../kernels/kernels.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { gaussianValue, loadSamples, type Contrast } from './contrast.ts';

type Functions = Record<'g' | 'slope' | 'value', (u: number) => number>;
const a = 1.3;
const written: Record<Contrast, Functions> = {
  logcosh: {
    g: (u) => Math.tanh(a * u),
    slope: (u) => a / Math.cosh(a * u) ** 2,
    value: (u) => (Math.abs(a * u) + Math.log1p(Math.exp(-2 * Math.abs(a * u))) - Math.LN2) / a,
  },
  exp: {
    g: (u) => u * Math.exp((-a * u * u) / 2),
    slope: (u) => (1 - a * u * u) * Math.exp((-a * u * u) / 2),
    value: (u) => -Math.exp((-a * u * u) / 2) / a,
  },
  cube: { g: (u) => u ** 3, slope: (u) => 3 * u * u, value: (u) => u ** 4 / 4 },
  square: { g: (u) => u * u, slope: (u) => 2 * u, value: (u) => u ** 3 / 3 },
};
const names = Object.keys(written) as Contrast[];

afterEach(() => chooseKernelBuild(fastestBuild()));

describe.each(['relaxed-simd', 'simd'] as const)('contrast sums, %s build', (build) => {
  describe.each(names)('of %s', (name) => {
    it.each([1, 2, 511, 1027])('are means of g(u) y, g’(u) and G(u) over %i samples', (count) => {
      chooseKernelBuild(build);
      const random = createRandom(count);
      const k = 3;
      const y = createMatrix(
        count,
        k,
        Float64Array.from({ length: count * k }, (_, at) => random.gaussian() * [1, 0.01, 30][at % 3]!),
      );
      const w = createMatrix(2, k, Float64Array.of(0.5, -2, 0.1, 0, 0.3, 1));
      const samples = loadSamples(y);
      const found = samples.means(name, a, w);
      samples.free();
      for (let i = 0; i < 2; i++) {
        const expected = { slope: 0, value: 0, products: [0, 0, 0] };
        const size = { slope: 0, value: 0, products: [0, 0, 0] };
        for (let t = 0; t < count; t++) {
          let u = 0;
          for (let c = 0; c < k; c++) u += w.data[i * k + c]! * y.data[t * k + c]!;
          const at = written[name];
          expected.slope += at.slope(u) / count;
          expected.value += at.value(u) / count;
          size.slope += Math.abs(at.slope(u)) / count;
          size.value += Math.abs(at.value(u)) / count;
          for (let c = 0; c < k; c++) {
            expected.products[c]! += (at.g(u) * y.data[t * k + c]!) / count;
            size.products[c]! += Math.abs(at.g(u) * y.data[t * k + c]!) / count;
          }
        }
        const close = (x: number, to: number, scale: number): void =>
          expect(Math.abs(x - to)).toBeLessThanOrEqual(1e-13 * scale + 1e-15);
        close(found.slopes[i]!, expected.slope, size.slope + a);
        close(found.values[i]!, expected.value, size.value);
        for (let c = 0; c < k; c++) close(found.products.data[i * k + c]!, expected.products[c]!, size.products[c]!);
      }
    });
  });
});

describe('the contrast of a Gaussian', () => {
  // E[log cosh ν] = 0.374567… (Hyvärinen's constant), E[ν⁴]/4 = 3/4, E[−e^(−ν²/2)] = −1/√2
  it('is what theory says', () => {
    expect(gaussianValue('logcosh', 1)).toBeCloseTo(0.374567, 6);
    expect(gaussianValue('exp', 1)).toBeCloseTo(-Math.SQRT1_2, 14);
    expect([gaussianValue('cube', 1), gaussianValue('square', 1)]).toEqual([0.75, 0]);
  });
});
