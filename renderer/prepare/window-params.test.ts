import { describe, expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import { crop } from '../../workers/algorithms/preprocess/crop/spec.ts';
import { normalize } from '../../workers/algorithms/preprocess/normalize/spec.ts';
import { removeBackground } from '../../workers/algorithms/preprocess/remove_background/spec.ts';
import { smooth } from '../../workers/algorithms/preprocess/smooth/spec.ts';
import { draftFrom } from '../forms/form-model.ts';
import { fieldRange, windowOf, windowParamsOf, withWindow, type WindowParams } from './window-params.ts';

const energy: Axis = { name: 'Energy', units: 'keV', size: 100, navigate: false, scale: 0.1, offset: 2 };
const axes: Axis[] = [
  { name: 'y', units: 'nm', size: 4, navigate: true, scale: 1, offset: 0 },
  { name: 'x', units: 'nm', size: 5, navigate: true, scale: 1, offset: 0 },
  energy,
];
const ofCrop = windowParamsOf(crop, { axis: 'Energy', by: 'value' }, axes) as WindowParams;
const ofNormalize = windowParamsOf(normalize, {}, axes) as WindowParams;
const ofBackground = windowParamsOf(removeBackground, { method: 'power_law' }, axes) as WindowParams;

describe('windowParamsOf', () => {
  it('finds the range of channels that a step is told', () => {
    expect(ofCrop).toMatchObject({ start: 'start', end: 'end', axis: 2, isEndIncluded: false, isOptional: true });
    expect(ofNormalize).toMatchObject({ axis: 2, isEndIncluded: true, isOptional: true });
    expect(ofBackground).toMatchObject({ axis: 2, isOptional: false });
  });
  it('is nothing where the range is of the map, not asked for, or there is no single spectrum axis', () => {
    expect(windowParamsOf(crop, { axis: 'x' }, axes)).toBeNull();
    expect(windowParamsOf(crop, { axis: null }, axes)).toBeNull();
    expect(windowParamsOf(removeBackground, { method: 'snip' }, axes)).toBeNull();
    expect(windowParamsOf(smooth, {}, axes)).toBeNull();
    const images = axes.map((axis, i) => ({ ...axis, navigate: i === 0 }));
    expect(windowParamsOf(normalize, {}, images)).toBeNull();
  });
});

describe('windowOf', () => {
  it('leaves out the end of a crop and takes in that of other windows', () => {
    // channel 10 stands at 3.0, channel 20 at 4.0
    expect(windowOf(ofCrop, { start: 3, end: 4 }, energy)).toEqual([10, 20]);
    expect(windowOf(ofNormalize, { start: 3, end: 4 }, energy)).toEqual([10, 21]);
  });
  it('goes to the ends where nothing is told, and is nothing where neither is', () => {
    expect(windowOf(ofCrop, { start: 3, end: null }, energy)).toEqual([10, 100]);
    expect(windowOf(ofNormalize, { start: null, end: 4 }, energy)).toEqual([0, 21]);
    expect(windowOf(ofCrop, { start: null, end: null }, energy)).toBeNull();
  });
  it('takes ends in either order, indices, and values beyond the axis', () => {
    expect(windowOf(ofNormalize, { start: 4, end: 3 }, energy)).toEqual([10, 21]);
    expect(windowOf({ ...ofCrop, isIndex: true }, { start: 5, end: -5 }, energy)).toEqual([5, 95]);
    expect(windowOf(ofCrop, { start: -50, end: 900 }, energy)).toEqual([0, 100]);
  });
  it('is nothing where nothing is left', () => {
    expect(windowOf(ofCrop, { start: 3, end: 3 }, energy)).toBeNull();
  });
});

describe('withWindow', () => {
  const drafts = { crop: draftFrom(crop.params, {}), normalize: draftFrom(normalize.params, {}) };
  it('says the same window again when it is read back', () => {
    for (const window of [
      [10, 20],
      [0, 7],
      [93, 100],
      [42, 43],
    ] as const) {
      const cut = withWindow(ofCrop, drafts.crop, energy, window).values;
      expect(windowOf(ofCrop, cut, energy), String(window)).toEqual(window);
      const normalized = withWindow(ofNormalize, drafts.normalize, energy, window).values;
      expect(windowOf(ofNormalize, normalized, energy), String(window)).toEqual(window);
    }
  });
  it('writes short numbers in the units of the axis', () => {
    expect(withWindow(ofCrop, drafts.crop, energy, [3, 17]).values).toMatchObject({ start: 2.3, end: 3.7 });
    expect(withWindow(ofNormalize, drafts.normalize, energy, [3, 17]).values).toMatchObject({ start: 2.3, end: 3.6 });
    const byIndex = { ...ofCrop, isIndex: true };
    expect(withWindow(byIndex, drafts.crop, energy, [3, 17]).values).toMatchObject({ start: 3, end: 17 });
  });
  it('clears what may be left open, and keeps a window that the step needs', () => {
    const cut = withWindow(ofCrop, drafts.crop, energy, [3, 17]);
    expect(withWindow(ofCrop, cut, energy, null).values).toMatchObject({ start: null, end: null });
    expect(withWindow(ofCrop, cut, energy, [0, 100]).values).toMatchObject({ start: null, end: null });
    const draft = withWindow(ofBackground, draftFrom(removeBackground.params, {}), energy, [0, 100]);
    expect(draft.values).toMatchObject({ start: 2, end: 11.9 });
    expect(withWindow(ofBackground, draft, energy, null)).toBe(draft);
  });
  it('works on falling and on listed axes', () => {
    const falling: Axis = { ...energy, scale: -0.1, offset: 12 };
    const values = withWindow(ofNormalize, drafts.normalize, falling, [10, 20]).values;
    expect(values).toMatchObject({ start: 11, end: 10.1 });
    expect(windowOf(ofNormalize, values, falling)).toEqual([10, 20]);
    const listed: Axis = { ...energy, size: 4, values: [1, 2, 4, 8] };
    expect(withWindow(ofCrop, drafts.crop, listed, [1, 4]).values).toMatchObject({ start: 2, end: null });
    expect(windowOf(ofCrop, { start: 2, end: 8 }, listed)).toEqual([1, 3]);
  });
});

describe('fieldRange', () => {
  it('goes over the axis by channels; a crop may end after the last one', () => {
    expect(fieldRange(ofCrop, energy)).toEqual({ step: 0.1, min: 2, max: 12 });
    expect(fieldRange(ofNormalize, energy)).toEqual({ step: 0.1, min: 2, max: 11.9 });
    expect(fieldRange({ ...ofCrop, isIndex: true }, energy)).toEqual({ step: 1, min: 0, max: 100 });
  });
});
