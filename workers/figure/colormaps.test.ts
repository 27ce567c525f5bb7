import { describe, expect, it } from 'vitest';
import { colormapOf, colormaps } from './colormaps.ts';
import { rgbToLab } from './lab.ts';
import { simulate } from './colour-vision.ts';

const at = (id: string, i: number): [number, number, number] => {
  const { rgb } = colormapOf(id);
  return [rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number];
};
const lightness = (id: string): number[] => Array.from({ length: 256 }, (_, i) => rgbToLab(...at(id, i))[0]);
const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((v, i) => v - (b[i] as number)));

describe('published colour maps', () => {
  // from matplotlib 3.11 (_cm_listed.py), round(255 × value)
  it.each([
    ['viridis', 0, [68, 1, 84]],
    ['viridis', 64, [59, 82, 139]],
    ['viridis', 128, [33, 145, 140]],
    ['viridis', 255, [253, 231, 37]],
    ['cividis', 0, [0, 34, 78]],
    ['cividis', 128, [125, 124, 120]],
    ['cividis', 255, [254, 232, 56]],
    ['magma', 200, [253, 152, 105]],
    ['inferno', 64, [87, 16, 110]],
  ])('%s entry %d is %j', (id, i, rgb) => expect(at(id, i)).toEqual(rgb));
});

describe.each(colormaps.map((m) => [m.id, m] as const))('%s', (id, map) => {
  it('has 256 colours', () => expect(map.rgb).toHaveLength(768));
  it('never turns back in lightness', () => {
    const l = lightness(id);
    const arms = map.kind === 'sequential' ? [l] : [l.slice(0, 128).reverse(), l.slice(128)];
    for (const arm of arms) {
      const up = Math.sign((arm.at(-1) as number) - (arm[0] as number));
      // half a step of 8-bit rounding is allowed
      for (let i = 1; i < arm.length; i++)
        expect(up * ((arm[i] as number) - (arm[i - 1] as number))).toBeGreaterThan(-0.6);
    }
  });
});

describe.each(['blue-white-red', 'blue-black-red'])('%s', (id) => {
  it('weighs +x and −x the same', () => {
    const l = lightness(id);
    for (let i = 0; i < 128; i++) expect(Math.abs((l[i] as number) - (l[255 - i] as number))).toBeLessThan(2.5);
  });
  it('is neutral at zero', () => {
    for (const i of [127, 128]) {
      const [, a, b] = rgbToLab(...at(id, i));
      expect(Math.hypot(a, b)).toBeLessThan(3);
    }
  });
  it.each(['deuteranopia', 'protanopia'] as const)('tells signs apart in %s', (kind) => {
    for (let i = 0; i <= 96; i++) {
      const negative = rgbToLab(...simulate(at(id, i), kind));
      const positive = rgbToLab(...simulate(at(id, 255 - i), kind));
      // ΔE*ab of 10 is several just noticeable differences
      expect(distance(negative, positive)).toBeGreaterThan(10);
    }
  });
});
