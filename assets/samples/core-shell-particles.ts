import { createRandom } from '../../workers/linalg/random.ts';

/* The sample that ships: a made-up EDS map of core–shell particles whose true components are known. */

export const shape = { rows: 72, columns: 96, channels: 512 } as const;
export const calibration = { nmPerPixel: 1.5, keVPerChannel: 0.02 } as const;
export const components = ['Carbon support', 'Nickel core', 'Ceria shell', 'Platinum particles'] as const;

/** X-ray lines in keV with relative heights; widths follow a Si(Li)-like resolution. */
const lines: readonly (readonly (readonly [energy: number, height: number])[])[] = [
  [
    [0.277, 3.2],
    [8.047, 0.25],
  ],
  [
    [0.851, 1.9],
    [7.478, 2.6],
    [8.265, 0.36],
  ],
  [
    [0.525, 1.5],
    [0.884, 1.1],
    [4.84, 1.7],
    [5.262, 0.95],
    [5.613, 0.3],
    [6.052, 0.16],
  ],
  [
    [2.05, 2.4],
    [2.127, 0.9],
    [9.442, 1.15],
  ],
];
const backgroundShare = [0.16, 0.1, 0.14, 0.12] as const;

/** True spectra [channels × 4], each of sum 1. */
export function trueFactors(): Float64Array {
  const factors = new Float64Array(shape.channels * components.length);
  for (let k = 0; k < components.length; k++) {
    let total = 0;
    for (let j = 0; j < shape.channels; j++) {
      const energy = (j + 0.5) * calibration.keVPerChannel;
      // Kramers-like background, absorbed at low energy.
      let value = backgroundShare[k]! * (Math.exp(-energy / 2.6) + 0.05) * (1 - Math.exp(-((energy / 0.35) ** 2)));
      for (const [line, height] of lines[k]!) {
        const sigma = Math.sqrt(0.02 ** 2 + 0.0004 * line * 1.6);
        value += height * Math.exp(-0.5 * ((energy - line) / sigma) ** 2) * (0.06 / sigma);
      }
      factors[j * components.length + k] = value;
      total += value;
    }
    for (let j = 0; j < shape.channels; j++) factors[j * components.length + k]! /= total;
  }
  return factors;
}

const particles = [
  { x: 30, y: 30, radius: 17, shell: 5 },
  { x: 68, y: 22, radius: 12, shell: 4 },
  { x: 66, y: 53, radius: 14, shell: 6 },
  { x: 14, y: 60, radius: 8, shell: 3 },
] as const;

/** Share of a disc of this radius in the projected thickness of a ball, 0 … 1. */
const thickness = (distance: number, radius: number): number =>
  distance < radius ? Math.sqrt(1 - (distance / radius) ** 2) : 0;

/** True maps [pixels × 4]: expected counts of every component in every pixel. */
export function trueLoadings(seed: number): Float64Array {
  const random = createRandom(seed);
  const small = particles.flatMap(({ x, y, radius }) =>
    Array.from({ length: 5 }, () => {
      const angle = random.uniform() * 2 * Math.PI;
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), radius: 1.6 + random.uniform() * 1.4 };
    }),
  );
  const loadings = new Float64Array(shape.rows * shape.columns * components.length);
  for (let y = 0; y < shape.rows; y++) {
    for (let x = 0; x < shape.columns; x++) {
      const at = (y * shape.columns + x) * components.length;
      // A film that gets thicker to the lower right, with a hole in the upper right corner.
      const hole = 1 / (1 + Math.exp(-(Math.hypot(x - shape.columns, y) - 16) / 1.5));
      loadings[at] = 260 * (0.6 + 0.3 * (x / shape.columns) + 0.35 * (y / shape.rows)) * hole;
      for (const { x: px, y: py, radius, shell } of particles) {
        const distance = Math.hypot(x - px, y - py);
        const core = thickness(distance, radius - shell) * ((radius - shell) / 12);
        const all = thickness(distance, radius) * (radius / 12);
        loadings[at + 1]! += 900 * core;
        loadings[at + 2]! += 900 * Math.max(0, all - core);
      }
      for (const { x: px, y: py, radius } of small) {
        loadings[at + 3]! += 520 * thickness(Math.hypot(x - px, y - py), radius) * (radius / 2.4);
      }
    }
  }
  return loadings;
}

/** A Poisson-distributed count: multiplication method in slices, so that exp never underflows. */
function poisson(mean: number, uniform: () => number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 20) {
    const limit = Math.exp(-Math.min(left, 20));
    for (let product = uniform(); product > limit; product *= uniform()) count++;
  }
  return count;
}

/** Counts [rows × columns × channels], uint16: true maps times true spectra with counting noise. */
export function countedMap(seed: number): Uint16Array {
  const factors = trueFactors();
  const loadings = trueLoadings(seed);
  const random = createRandom(seed + 1);
  const k = components.length;
  const pixels = shape.rows * shape.columns;
  const counts = new Uint16Array(pixels * shape.channels);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < shape.channels; j++) {
      let mean = 0;
      for (let c = 0; c < k; c++) mean += loadings[i * k + c]! * factors[j * k + c]!;
      counts[i * shape.channels + j] = poisson(mean, () => random.uniform());
    }
  }
  return counts;
}
