import { describe, expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import { validateParameters } from '../../workers/specs/validate.ts';
import { axisChanges, extentWords } from './axis-changes.ts';
import { axisChoices, axisName, axisNamed } from './axis-choices.ts';
import { boxOfPixels } from './region-of.ts';
import { startingDraft } from './starting-values.ts';
import { allSteps, groupsOf, stepGroups } from './step-groups.ts';
import { nameBeneath, outcomeName, stepsWords, stepWords } from './step-words.ts';

const axis = (name: string, size: number, navigate: boolean, units: string | null = null): Axis => ({
  name,
  units,
  size,
  navigate,
  scale: units === null ? 1 : 0.5,
  offset: 0,
});
const axes = [axis('y', 6, true, 'nm'), axis('x', 8, true, 'nm'), axis('Energy', 100, false, 'keV')];

describe('stepWords', () => {
  const words = (operation: string, values: Record<string, unknown>): string =>
    stepWords({ operation, values }, axes).replaceAll('\u2009', ' ');
  it('says a range with its unit', () => {
    expect(words('crop', { axis: 'Energy', start: 1, end: 5, by: 'value', step: 1 })).toBe('Crop Energy 1 to 5 keV');
    expect(words('crop', { axis: 'Energy', start: 1.5, end: null })).toBe('Crop Energy from 1.5 keV');
    expect(words('crop', { axis: 1, start: 2, end: 6, by: 'index', step: 2 })).toBe('Crop x 2 to 6, every 2.');
  });
  it('writes sizes as shapes are written, fastest axis first', () => {
    expect(words('rebin', { scale: [2, 3, 1] })).toBe('Rebin 3 × 2');
    expect(words('rebin', { scale: [1, 1, 4] })).toBe('Rebin 1 × 1 | 4');
    expect(words('select_region', { start: [1, 2], end: [4, 8] })).toBe('Region x 2–7, y 1–3');
  });
  it('names the method, and steps that are not known any more', () => {
    expect(words('smooth', { method: 'median' })).toBe('Smooth (Median)');
    expect(words('reduce_axis', { axis: 'Energy', function: 'mean' })).toBe('Mean over Energy');
    expect(words('from_the_future', {})).toBe('from the future');
  });
  it('has words for what every step begins with', () => {
    for (const spec of allSteps) {
      const { values } = startingDraft(spec, { axes, box: null, window: [10, 20], fitting: {} });
      const checked = validateParameters(spec, values);
      const text = stepWords({ operation: spec.id, values: checked.ok ? checked.values : values }, axes);
      expect(text, spec.id).toMatch(/^[A-Z][^_]{3,70}$/);
      expect(text, spec.id).not.toMatch(/null|undefined|NaN/);
    }
  });
  it('joins steps in their order', () => {
    const steps = [
      { operation: 'rebin', values: { scale: [2, 2, 1] } },
      { operation: 'change_dtype', values: { dtype: 'float32' } },
    ];
    expect(stepsWords(steps, axes)).toBe('Rebin 2 × 2 · To float32');
  });
});

describe('names of prepared data', () => {
  const step = { operation: 'rebin', values: { scale: [2, 2, 1] } };
  it('say what they were made of and how, and are never taken twice', () => {
    expect(outcomeName('map', step, axes, ['map'])).toBe('map, rebin 2 × 2');
    expect(outcomeName('map', step, axes, ['map, rebin 2 × 2'])).toBe('map, rebin 2 × 2 (2)');
    expect(outcomeName('m'.repeat(200), step, axes, []).length).toBeLessThanOrEqual(120);
  });
  it('are shorter beneath what they were made of', () => {
    expect(nameBeneath('map, rebin 2 × 2', 'map')).toBe('Rebin 2 × 2');
    expect(nameBeneath('edge', 'map')).toBe('edge');
    expect(nameBeneath('map, ', 'map')).toBe('map, ');
    expect(nameBeneath('map, rebin 2 × 2', null)).toBe('map, rebin 2 × 2');
  });
});

describe('step groups', () => {
  it('hold every step once', () => {
    const listed = stepGroups.flatMap((group) => group.specs.map(({ id }) => id));
    expect(listed.toSorted()).toEqual(allSteps.map(({ id }) => id).toSorted());
    expect(stepGroups.map(({ title }) => title)).not.toContain('More');
  });
  it('do not lose a new step', () => {
    const fresh = { ...allSteps[0]!, id: 'fresh' };
    expect(groupsOf([...allSteps, fresh]).at(-1)).toMatchObject({ title: 'More', specs: [{ id: 'fresh' }] });
  });
});

describe('axes in forms', () => {
  it('are named where the name is clear, else by their index', () => {
    const odd = [axis('', 2, true), axis('a', 3, true), axis('a', 4, false), axis('7', 5, false)];
    const param = { kind: 'axis', default: null, among: 'any', label: 'Axis', help: '' } as const;
    expect(axisChoices(param, odd).map(({ id }) => id)).toEqual(['0', '1', '2', '3']);
    expect(axisChoices({ ...param, among: 'signal' }, axes)).toEqual([{ id: 'Energy', name: 'Energy, 100 channels' }]);
    expect([axisName(axes, 1), axisName(odd, 3)]).toEqual(['x', 3]);
    expect([axisNamed(axes, 'x'), axisNamed(axes, 2), axisNamed(axes, '2'), axisNamed(axes, 'z')]).toEqual([
      1,
      2,
      2,
      null,
    ]);
  });
});

describe('axisChanges', () => {
  it('tells sizes and ends, fastest navigation axis first, and marks what changes', () => {
    const binned = [axes[0]!, { ...axes[1]!, size: 4, scale: 1, offset: 0.25 }, axes[2]!];
    const lines = axisChanges(axes, binned);
    expect(lines.map(({ name, isChanged }) => [name, isChanged])).toEqual([
      ['x', true],
      ['y', false],
      ['Energy', false],
    ]);
    expect(extentWords(axes[2]!).replaceAll('\u2009', ' ')).toBe('100, 0.0 … 49.5 keV');
  });
  it('knows new axes, those that went away, and new names', () => {
    expect(axisChanges(axes, [axes[0]!, axes[2]!]).at(-1)).toMatchObject({ name: 'x', after: null });
    expect(axisChanges(axes, [axis('time', 2, true), ...axes]).find(({ name }) => name === 'time')?.before).toBeNull();
    const renamed = [axes[0]!, { ...axes[1]!, name: 'column' }, axes[2]!];
    expect(axisChanges(axes, renamed)[0]).toMatchObject({ name: 'x → column', isChanged: true });
  });
  it('sees when an axis changes sides', () => {
    const turned = axes.map((one) => ({ ...one, navigate: !one.navigate }));
    const lines = axisChanges(axes, turned);
    expect(lines.every(({ isChanged }) => isChanged)).toBe(true);
    expect(lines[0]).toMatchObject({ name: 'Energy', kind: 'signal → navigation' });
  });
});

describe('boxOfPixels', () => {
  it('is the smallest box around a set', () => {
    const set = new Uint8Array(24);
    for (const p of [1 * 6 + 2, 1 * 6 + 4, 3 * 6 + 3]) set[p] = 1;
    expect(boxOfPixels(set, [4, 6])).toEqual({ start: [1, 2], end: [4, 5] });
  });
  it('works along a line and on stacks, and is nothing around nothing', () => {
    expect(boxOfPixels([0, 1, 1, 0], [4])).toEqual({ start: [1], end: [3] });
    expect(boxOfPixels([0, 0, 0, 0, 0, 0, 0, 1], [2, 2, 2])).toEqual({ start: [1, 1, 1], end: [2, 2, 2] });
    expect(boxOfPixels([0, 0], [2])).toBeNull();
  });
});
