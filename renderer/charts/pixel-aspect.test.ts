import { expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import { pixelAspect } from './pixel-aspect.ts';

const axis = (scale: number, units: string | null): Axis => ({
  name: 'x',
  size: 10,
  scale,
  offset: 0,
  units,
  navigate: true,
});

it('follows the steps of two calibrated axes, also in different units of length', () => {
  expect(pixelAspect(axis(5, 'nm'), axis(2, 'nm'))).toBe(2.5);
  expect(pixelAspect(axis(-5, 'nm'), axis(2, 'nm'))).toBe(2.5);
  expect(pixelAspect(axis(1, 'µm'), axis(500, 'nm'))).toBeCloseTo(2);
  expect(pixelAspect(axis(4, 'mrad'), axis(1, 'mrad'))).toBe(4);
});

it('is square where steps cannot be compared or are as good as equal', () => {
  expect(pixelAspect(axis(5, null), axis(2, null))).toBe(1);
  expect(pixelAspect(axis(5, 's'), axis(2, 'nm'))).toBe(1);
  expect(pixelAspect(axis(0, 'nm'), axis(2, 'nm'))).toBe(1);
  expect(pixelAspect(axis(1.0004, 'nm'), axis(1, 'nm'))).toBe(1);
  expect(pixelAspect(undefined, axis(1, 'nm'))).toBe(1);
});
