import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../linalg/random.ts';
import { brokenStick, countAbove } from './broken-stick.ts';
import { edgeOfVariances, hardThreshold, noiseEdge, noiseMedian } from './marchenko-pastur.ts';
import { chiSquare, noiseEigenvalues } from './noise-sample.ts';

describe('the optimal hard threshold', () => {
  it('is 4/√3 for square matrices and √2 for the flattest (Gavish & Donoho, eq. 4 and fig. 3)', () => {
    expect(hardThreshold(1)).toBeCloseTo(4 / Math.sqrt(3), 12);
    expect(hardThreshold(1e-9)).toBeCloseTo(Math.SQRT2, 6);
  });

  // the paper's approximation of ω(β) = λ(β)/√μ_β, eq. 5, good to 0.02
  it.each([0.01, 0.1, 0.25, 0.5, 0.75, 1])('over the median of noise is the published one for β = %d', (beta) => {
    const published = 0.56 * beta ** 3 - 0.95 * beta ** 2 + 1.82 * beta + 1.43;
    expect(Math.abs(hardThreshold(beta) / Math.sqrt(noiseMedian(beta)) - published)).toBeLessThan(0.02);
  });

  it('over the median of noise is 2.858 for square matrices', () => {
    expect(hardThreshold(1) / Math.sqrt(noiseMedian(1))).toBeCloseTo(2.858, 3);
  });
});

describe('the edge of noise', () => {
  it('is (√n + √m)² in the limit', () => {
    expect(noiseEdge(1e8, 1e6, 2) / (2 * (1e4 + 1e3) ** 2)).toBeCloseTo(1, 3);
  });

  it('is exceeded by 5 of 100 noises', () => {
    const random = createRandom(1);
    const edge = noiseEdge(60, 20, 1);
    let above = 0;
    for (let r = 0; r < 400; r++) {
      const values = noiseEigenvalues(new Float64Array(20).fill(1), 60, random.fork(r), () => {});
      if (values[0]! > edge) above++;
    }
    // binomial: 20 ± 4.4
    expect(above).toBeGreaterThan(6);
    expect(above).toBeLessThan(36);
  });

  it('for columns of equal variance is (1 + √γ)² times it', () => {
    expect(edgeOfVariances(new Float64Array(50).fill(3), 200)).toBeCloseTo(3 * 1.5 ** 2, 9);
  });

  it('for columns of two variances is where drawn noise ends', () => {
    const variances = Float64Array.from({ length: 300 }, (_, j) => (j % 3 === 0 ? 4 : 1));
    const drawn = noiseEigenvalues(variances, 1200, createRandom(2), () => {})[0]! / 1200;
    expect(drawn / edgeOfVariances(variances, 1200)).toBeGreaterThan(0.96);
    expect(drawn / edgeOfVariances(variances, 1200)).toBeLessThan(1.03);
  });

  it('of nothing is nothing', () => expect(edgeOfVariances(new Float64Array(4), 10)).toBe(0));
});

describe('drawn noise', () => {
  it('has eigenvalues that add up to n times the variances', () => {
    const variances = Float64Array.of(1, 2, 3, 4);
    const random = createRandom(3);
    let sum = 0;
    for (let r = 0; r < 500; r++)
      sum += noiseEigenvalues(variances, 50, random.fork(r), () => {}).reduce((a, b) => a + b, 0);
    // mean n Σσ² = 500, standard error √(2 n Σσ⁴ / 500) = 2.4
    expect(Math.abs(sum / 500 - 500)).toBeLessThan(10);
  });

  it.each([1, 2, 3, 10, 1000])('has χ² numbers of %d degrees with their mean and variance', (degrees) => {
    const random = createRandom(4);
    let [sum, squares] = [0, 0];
    const count = 20000;
    for (let r = 0; r < count; r++) {
      const value = chiSquare(degrees, random);
      sum += value;
      squares += value * value;
    }
    const mean = sum / count;
    expect(Math.abs(mean / degrees - 1)).toBeLessThan((5 * Math.sqrt(2 / degrees)) / Math.sqrt(count));
    expect(Math.abs((squares / count - mean * mean) / (2 * degrees) - 1)).toBeLessThan(0.15);
  });
});

describe('a broken stick', () => {
  it('of three pieces has 11/18, 5/18 and 2/18 of its length', () => {
    const shares = brokenStick(3);
    [11 / 18, 5 / 18, 2 / 18].forEach((share, k) => expect(shares[k]).toBeCloseTo(share, 15));
  });

  it('is compared until the first piece that is not above', () => {
    expect(countAbove([5, 4, 1, 9], [3, 3, 3, 3])).toBe(2);
    expect(countAbove([5, 4, 1], [3])).toBe(2);
    expect(countAbove([1], [3])).toBe(0);
  });
});
