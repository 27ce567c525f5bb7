import { createRandom, type Random } from '../../../linalg/random.ts';

/** A Poisson random number; large means as a sum of small ones. */
export function poisson(mean: number, random: Random): number {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= 20) {
    const limit = Math.exp(-Math.min(rest, 20));
    for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  }
  return count;
}

/**
 * Counts of a spectrum image of `size` × `size` pixels: k spectra of six peaks on a falling background, mixed by smooth
 * maps that add up to one.
 * @param counts mean counts of a value
 */
export function spectrumImage(size: number, channels: number, k: number, counts: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const between = (a: number, b: number): number => a + (b - a) * random.uniform();
  const spectra = Array.from({ length: k }, () => {
    const peaks = Array.from(
      { length: 6 },
      () => [between(0.05, 0.95), between(0.004, 0.012), between(0.3, 2)] as const,
    );
    return Float64Array.from({ length: channels }, (_, j) => {
      const e = j / (channels - 1);
      return peaks.reduce((sum, [c, w, h]) => sum + h * Math.exp(-0.5 * ((e - c) / w) ** 2), 0.3 * Math.exp(-3 * e));
    });
  });
  const centres = Array.from({ length: k }, () => [between(0, size), between(0, size)] as const);
  const level = spectra.reduce((sum, s) => sum + s.reduce((a, b) => a + b, 0), 0) / (k * channels);
  const x = new Float64Array(size * size * channels);
  for (let i = 0; i < size * size; i++) {
    const weights = centres.map(([cy, cx]) => {
      const [dy, dx] = [(Math.floor(i / size) - cy) / (size / 4), ((i % size) - cx) / (size / 4)];
      return Math.exp(-(dy * dy + dx * dx)) + 0.02;
    });
    const total = weights.reduce((a, b) => a + b, 0);
    for (let j = 0; j < channels; j++) {
      let mean = 0;
      for (let c = 0; c < k; c++) mean += (weights[c]! / total) * spectra[c]![j]!;
      x[i * channels + j] = poisson((mean * counts) / level, random);
    }
  }
  return x;
}

/** U diag(s) Vᵀ of random directions, plus normal noise. */
export function lowRank(rows: number, cols: number, s: readonly number[], sigma: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const directions = (count: number): Float64Array[] =>
    s.map(() => {
      const v = Float64Array.from({ length: count }, () => random.gaussian());
      const length = Math.hypot(...v);
      return v.map((value) => value / length);
    });
  const [u, v] = [directions(rows), directions(cols)];
  const x = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = sigma * random.gaussian();
      for (let c = 0; c < s.length; c++) sum += s[c]! * u[c]![i]! * v[c]![j]!;
      x[i * cols + j] = sum;
    }
  }
  return x;
}
