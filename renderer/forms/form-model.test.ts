import { describe, expect, it } from 'vitest';
import type { Param, ParamSet } from '../../workers/specs/param.ts';
import {
  defaultsOf,
  draftFrom,
  moreLabel,
  parseText,
  rangeText,
  stepValue,
  textOf,
  visibleFields,
  withUnreadable,
  withValue,
} from './form-model.ts';

const params = {
  output_dimension: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 512,
    optional: 'all',
    label: 'Components',
    help: 'How many to keep.',
  },
  init: {
    kind: 'choice',
    default: 'nndsvd',
    options: [
      { value: 'nndsvd', label: 'NNDSVD' },
      { value: 'random', label: 'Random' },
    ],
    label: 'Start from',
    help: 'NNDSVD is repeatable.',
  },
  restarts: {
    kind: 'integer',
    default: 3,
    min: 1,
    max: 50,
    label: 'Restarts',
    help: 'Best of these.',
    when: { param: 'init', is: ['random'] },
  },
  tol: {
    kind: 'number',
    default: 1e-4,
    min: 0,
    max: 1,
    advanced: true,
    label: 'Tolerance',
    help: 'Stop below this change.',
  },
  centre: { kind: 'boolean', default: false, advanced: true, label: 'Centre', help: 'Subtract the mean.' },
} satisfies ParamSet;

const components: Param = {
  kind: 'components',
  default: null,
  optional: 'all',
  label: 'Components',
  help: 'Which to use.',
};

describe('the fields of a form', () => {
  it('hide a parameter until its condition holds', () => {
    const values = defaultsOf(params);
    expect(visibleFields(params, values).main.map(([id]) => id)).toEqual(['output_dimension', 'init']);
    expect(visibleFields(params, { ...values, init: 'random' }).main.map(([id]) => id)).toContain('restarts');
  });
  it('count the settings behind "More" and those that differ from the recommended ones', () => {
    const { more } = visibleFields(params, defaultsOf(params));
    expect(moreLabel(more, defaultsOf(params))).toBe('More settings (2, all defaults)');
    expect(moreLabel(more, { ...defaultsOf(params), tol: 1e-6 })).toBe('More settings (2, 1 changed)');
  });
  it('show the narrower of the two ranges, of the description and of the data', () => {
    expect(rangeText(params.output_dimension, { min: 1, max: 63, why: '63 channels' })).toBe('1 … 63');
    expect(rangeText(params.output_dimension)).toBe('1 … 512');
    expect(rangeText({ ...params.restarts, max: 1e9 })).toBe('≥ 1');
  });
});

describe('earlier settings', () => {
  it('are taken over where they still fit, and dropped where the parameter or its choices have changed', () => {
    const draft = draftFrom(params, { output_dimension: 7, init: 'svd', tol: '0.1', gone: 1, centre: true });
    expect(draft.values).toEqual({ output_dimension: 7, init: 'nndsvd', restarts: 3, tol: 1e-4, centre: true });
  });
});

describe('what is typed', () => {
  it('may have a decimal comma, a real minus or thin spaces in thousands', () => {
    expect(parseText(params.tol, '0,01')).toEqual({ ok: true, value: 0.01 });
    expect(parseText({ ...params.tol, min: -10 }, '\u22122.5')).toEqual({ ok: true, value: -2.5 });
    expect(parseText(params.output_dimension, '1\u2009024')).toEqual({ ok: true, value: 1024 });
  });
  it('is refused in words when it is no number or no whole number', () => {
    expect(parseText(params.tol, 'few')).toEqual({ ok: false, message: 'Tolerance must be a number; got “few”.' });
    expect(parseText(params.output_dimension, '2.5')).toMatchObject({ ok: false });
    // neither several numbers run together nor the notation of programs
    for (const text of ['1 2 3', '0x10', '4 5']) {
      expect(parseText(params.output_dimension, text), text).toMatchObject({ ok: false });
    }
  });
  it('has no number in a list where none was typed', () => {
    const list: Param = {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 8,
      label: 'Positions',
      help: 'Where they are.',
    };
    expect(parseText(list, '0.5, \u22121; 2 3')).toEqual({ ok: true, value: [0.5, -1, 2, 3] });
    for (const text of ['1, 2,', '1,, 2', ',', '0x10'])
      expect(parseText(list, text), text).toMatchObject({ ok: false });
  });
  it('may be nothing only where the description allows it', () => {
    expect(parseText(params.output_dimension, ' ')).toEqual({ ok: true, value: null });
    expect(parseText(params.restarts, '')).toMatchObject({ ok: false });
  });
  it('counts components from 1 and stores indices from 0', () => {
    expect(parseText(components, '5')).toEqual({ ok: true, value: 5 });
    expect(parseText(components, '1, 3-5')).toEqual({ ok: true, value: [0, 2, 3, 4] });
    expect(parseText(components, '0,2')).toMatchObject({ ok: false });
    expect(parseText(components, '4-2')).toMatchObject({ ok: false });
  });
  it('is taken as it is where text is asked for, up to its longest', () => {
    const name: Param = { kind: 'text', default: 'stack', longest: 8, label: 'Name', help: 'Of the axis.' };
    expect(parseText(name, ' 12 ')).toEqual({ ok: true, value: '12' });
    expect(parseText(name, 'much too long')).toMatchObject({ ok: false, message: expect.stringContaining('8') });
    expect(parseText(name, '  ')).toMatchObject({ ok: false });
    expect(parseText({ ...name, optional: 'as it is' }, ' ')).toEqual({ ok: true, value: null });
  });
  it('comes back as the same text, also for a single component', () => {
    expect(textOf(components, [0, 2, 3, 4])).toBe('1, 3–5');
    expect(textOf(components, [3])).toBe('4,');
    expect(parseText(components, '4,')).toEqual({ ok: true, value: [3] });
    expect(parseText(components, '4')).toEqual({ ok: true, value: 4 });
  });
  it('of delays stays as it is: they are no indices', () => {
    const delays: Param = { ...components, countedFrom: 1 };
    expect(parseText(delays, '1, 4–5')).toEqual({ ok: true, value: [1, 4, 5] });
    expect(parseText(delays, '3')).toEqual({ ok: true, value: 3 });
    expect(parseText(delays, '0, 2')).toMatchObject({ ok: false });
    expect([textOf(delays, [1, 4, 5]), textOf(delays, [4])]).toEqual(['1, 4–5', '4,']);
  });
  it('is kept when it cannot be read, over the last value that could', () => {
    const draft = withUnreadable({ values: { tol: 0.1 }, unreadable: {} }, 'tol', 'x');
    expect(draft).toEqual({ values: { tol: 0.1 }, unreadable: { tol: 'x' } });
    expect(withValue(draft, 'tol', 0.2)).toEqual({ values: { tol: 0.2 }, unreadable: {} });
  });
});

describe('the arrow keys', () => {
  it('step whole numbers by one inside the limits of the data', () => {
    const limit = { min: 1, max: 8, why: '' };
    expect(stepValue(params.output_dimension, 7, 1, limit)).toBe(8);
    expect(stepValue(params.output_dimension, 8, 1, limit)).toBe(8);
    expect(stepValue(params.output_dimension, null, 1, limit)).toBe(1);
  });
  it('step by channels where the data tell how far these are apart, and begin inside their range', () => {
    const limit = { min: 2, max: 11.9, why: '' };
    expect(stepValue(params.tol, 0.3, 1, { min: 0, max: 1, why: '' }, 0.02)).toBe(0.32);
    const from: Param = { kind: 'number', default: null, min: -1e308, max: 1e308, label: 'From', help: 'Begin.' };
    expect(stepValue(from, null, 1, limit, 0.1)).toBe(2);
    expect(stepValue(from, 11.9, 1, limit, 0.1)).toBe(11.9);
  });
  it('step other numbers in their own order of magnitude', () => {
    expect(stepValue(params.tol, 0.02, 1)).toBe(0.03);
    expect(stepValue(params.tol, 0.1, -1)).toBe(0.09);
    expect(stepValue(params.tol, 1, 1)).toBe(1);
  });
});
