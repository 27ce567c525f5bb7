import type { Axis } from '../../workers/model/axes.ts';
import type { Figure } from '../../workers/figure/figure-model.ts';
import { factorsFigure } from '../../workers/figure/factors-figure.ts';
import { loadingsFigure } from '../../workers/figure/loadings-figure.ts';
import { presetOf } from '../../workers/figure/presets.ts';
import { screeFigure } from '../../workers/figure/scree-figure.ts';

/** Small figures of every kind, from formulas and a seeded generator: the same on every PC. */
export const axis = (name: string, units: string | null, size: number, scale = 1, offset = 0): Axis => ({
  name,
  units,
  size,
  navigate: true,
  scale,
  offset,
});

/** Linear congruential generator (Numerical Recipes), 0–1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const MAP_SIZE = 16;
/** nm per pixel of the sample maps */
export const MAP_SCALE = 0.5;
export const mapAxes = [axis('y', 'nm', MAP_SIZE, MAP_SCALE), axis('x', 'nm', MAP_SIZE, MAP_SCALE)];

/** pixels × 2: a disc with three left-out pixels, and a wave of both signs. */
export function sampleLoadings(): Float64Array {
  const random = seeded(7);
  const loadings = new Float64Array(MAP_SIZE * MAP_SIZE * 2);
  for (let y = 0; y < MAP_SIZE; y++) {
    for (let x = 0; x < MAP_SIZE; x++) {
      const at = 2 * (y * MAP_SIZE + x);
      // whole 64ths: no digit of a rounding can differ between processors
      loadings[at] = ((x - 8) ** 2 + (y - 7) ** 2 < 25 ? 1 : 0) + Math.floor(random() * 8) / 64;
      loadings[at + 1] = ((x % 8) - 3.5) / 4;
    }
  }
  for (const pixel of [37, 38, 54]) loadings[2 * pixel] = NaN;
  return loadings;
}

/** channels × 3 */
export function sampleFactors(channels: number): Float64Array {
  const random = seeded(3);
  return Float64Array.from({ length: channels * 3 }, (_, i) => {
    const c = Math.floor(i / 3);
    if (i % 3 === 0) return channels - c + (c > channels / 2 ? 40 : 0);
    if (i % 3 === 1) return c === 30 ? 12 : Math.floor(random() * 16) / 8;
    return ((c % 20) - 10) / 4;
  });
}

export const sampleFigures: Readonly<Record<string, Figure>> = {
  'scree-log': screeFigure({ ratio: [0.8, 0.15, 0.03, 0.01, 0.004, 0.003, 0.002, 0.001], kept: 3, centred: true }),
  'scree-linear-one': screeFigure({ ratio: [1], kept: 1, centred: false, log: false }),
  'factors-stacked': factorsFigure({
    factors: sampleFactors(64),
    components: 3,
    signalAxes: [axis('Energy loss', 'eV', 64, 0.5, 500)],
    names: ['Ce⁴⁺ <core> & shell', null, null],
  }),
  'factors-overlaid-reversed': factorsFigure(
    { factors: sampleFactors(64), components: 3, signalAxes: [axis('Wavenumber', '1/cm', 64, 10, 1000)] },
    { arrangement: 'overlay', preset: presetOf('acs-single') },
  ),
  'factors-images': factorsFigure({
    factors: sampleLoadings().map((v) => (Number.isNaN(v) ? 0 : Math.abs(v))),
    components: 2,
    signalAxes: [axis('ky', '1/nm', MAP_SIZE, 0.2), axis('kx', '1/nm', MAP_SIZE, 0.2)],
  }),
  'loadings-maps': loadingsFigure({ loadings: sampleLoadings(), components: 2, navigationAxes: mapAxes }),
  'loadings-line': loadingsFigure({
    loadings: sampleFactors(40),
    components: 3,
    navigationAxes: [axis('Position', 'um', 40, 0.05)],
  }),
  'loadings-uncalibrated-constant': loadingsFigure({
    loadings: new Float64Array(64).fill(3),
    components: 1,
    navigationAxes: [axis('y', null, 8), axis('x', null, 8)],
  }),
  'loadings-one-pixel': loadingsFigure({
    loadings: [0.7],
    components: 1,
    navigationAxes: [axis('y', 'nm', 1, 2), axis('x', 'nm', 1, 2)],
  }),
  'loadings-all-left-out': loadingsFigure({
    loadings: new Float64Array(16).fill(NaN),
    components: 1,
    navigationAxes: [axis('y', 'nm', 4, 1), axis('x', 'nm', 4, 1)],
  }),
};
