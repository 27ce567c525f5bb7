import { describe, expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import { validateParameters } from '../../workers/specs/validate.ts';
import { allSteps, stepOf } from './step-groups.ts';
import { isOwnValue, startingDraft, type Situation } from './starting-values.ts';

const axis = (name: string, size: number, navigate: boolean): Axis => ({
  name,
  units: null,
  size,
  navigate,
  scale: 1,
  offset: 0,
});
const map: Situation = {
  axes: [axis('y', 6, true), axis('x', 8, true), axis('Energy', 100, false)],
  box: null,
  window: null,
  fitting: {},
};
const start = (id: string, change: Partial<Situation> = {}) => startingDraft(stepOf(id)!, { ...map, ...change }).values;

describe('startingDraft', () => {
  it('needs nothing more, except what only a person can tell', () => {
    const asked = allSteps.flatMap((spec) => {
      const checked = validateParameters(spec, startingDraft(spec, map).values);
      return checked.ok ? [] : checked.problems.map(({ param }) => `${spec.id} ${param}`);
    });
    expect(asked).toEqual(['select_pixels mask', 'reflectance white', 'stack others', 'merge others']);
  });
  it('crops the spectrum, to the window that is drawn', () => {
    expect(start('crop')).toMatchObject({ axis: 'Energy', start: null, end: null });
    expect(start('crop', { window: [10, 20] })).toMatchObject({ start: 10, end: 20 });
  });
  it('cuts out the box that is drawn, else all of the map', () => {
    expect(start('select_region')).toMatchObject({ start: [0, 0], end: [6, 8] });
    expect(start('select_region', { box: [1, 2, 4, 5] })).toMatchObject({ start: [1, 2], end: [4, 5] });
  });
  it('rebins pixels two by two, channels where there is one pixel only', () => {
    expect(start('rebin')).toMatchObject({ scale: [2, 2, 1] });
    expect(start('rebin', { axes: [axis('x', 8, true), axis('E', 9, false)] })).toMatchObject({ scale: [2, 1] });
    expect(start('rebin', { axes: [axis('E', 9, false)] })).toMatchObject({ scale: [2] });
  });
  it('fits a background to a part before the middle, where larger values stand first too', () => {
    expect(start('remove_background')).toMatchObject({ start: 5, end: 19 });
    const falling = { ...axis('Raman', 100, false), scale: -1, offset: 99 };
    expect(start('remove_background', { axes: [falling] })).toMatchObject({ start: 19, end: 5 });
  });
  it('begins with how the step was last done, at its own places', () => {
    const earlier = { method: 'snip', width: 40, start: 3, end: 9 };
    expect(start('remove_background', { earlier })).toMatchObject({ method: 'snip', width: 40 });
    const spec = stepOf('remove_background')!;
    expect(Object.keys(spec.params).filter((id) => isOwnValue(spec, id))).toEqual(['start', 'end']);
    expect(isOwnValue(stepOf('crop')!, 'step')).toBe(true);
    expect(isOwnValue(stepOf('remove_spikes')!, 'threshold')).toBe(false);
  });
  it('takes the likeliest mask', () => {
    expect(start('select_pixels', { fitting: { mask: [{ id: 'r-2' }, { id: 'r-1' }] } })).toMatchObject({
      mask: 'r-2',
    });
  });
  it('turns spectra into images and back', () => {
    expect(start('transpose')).toMatchObject({ signal_axes: [0, 1] });
    expect(start('transpose', { axes: [axis('a', 3, false), axis('b', 4, false)] })).toMatchObject({
      signal_axes: [1],
    });
  });
});
