import { describe, expect, it } from 'vitest';
import type { ParamSet } from '../../workers/specs/param.ts';
import { differenceInWords, settingRows, valueInWords } from './parameter-differences.ts';

const params = {
  output_dimension: { kind: 'integer', default: null, min: 1, max: 99, optional: 'all', label: 'Components', help: '' },
  init: {
    kind: 'choice',
    default: 'nndsvd',
    options: [{ value: 'nndsvd', label: 'NNDSVD' }],
    label: 'Start from',
    help: '',
  },
  navigation_mask: { kind: 'input', default: null, role: 'navigation_mask', label: 'Left-out pixels', help: '' },
} satisfies ParamSet;

const run = (algorithm: string, parameters: Record<string, unknown>, seed = 0) => ({ algorithm, parameters, seed });

describe('what differs between results', () => {
  const rows = settingRows(
    [
      run('NMF', { output_dimension: 5, init: 'nndsvd' }),
      run('NMF', { output_dimension: null, init: 'nndsvd' }),
      run('X', { sharpness: 2 }),
    ],
    (algorithm) => (algorithm === 'NMF' ? params : undefined),
  );
  it('lists every setting in words and marks those that are not the same', () => {
    expect(rows.find((r) => r.id === 'output_dimension')).toMatchObject({
      label: 'Components',
      values: ['5', 'all', null],
      differs: true,
    });
    expect(rows.find((r) => r.id === 'seed')?.differs).toBe(false);
    expect(rows.find((r) => r.id === 'sharpness')).toMatchObject({ label: 'sharpness', differs: false });
  });
  it('is said against the reference in one line', () => {
    expect(differenceInWords(rows, 1)).toBe('Components 5 → all');
    expect(differenceInWords(rows, 2)).toBe('Method NMF → X');
    expect(differenceInWords(rows, 0)).toBe('');
  });
  it('is cut where it would be longer than what it stands beside', () => {
    const set = { a: 1, b: 1, c: 1, d: 1 };
    const many = settingRows([run('X', set), run('X', { a: 2, b: 2, c: 2, d: 2 })], () => undefined);
    expect(differenceInWords(many, 1)).toBe('a 1 → 2, b 1 → 2 and 2 more');
  });
  it('names inputs and choices as people know them', () => {
    expect(valueInWords(params, 'navigation_mask', 'd7', () => 'damage mask')).toBe('damage mask');
    expect(valueInWords(params, 'init', 'nndsvd')).toBe('NNDSVD');
    expect(valueInWords(params, 'navigation_mask', null)).toBe('none');
  });
});
