import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import { inputChoices } from './input-choices.ts';

const axes = [plainAxis('y', 3, true), plainAxis('x', 4, true), plainAxis('e', 9, false)];
const cube = { id: 'si', name: 'si', shape: [3, 4, 9], axes, dtype: 'uint16' };
const other = (id: string, shape: number[], dtype = 'uint8') => ({ id, name: id, shape, axes: [], dtype });
const opened = [
  cube,
  other('haadf', [3, 4]),
  other('mask', [3, 4], 'bool'),
  other('flat', [12]),
  other('edge', [9]),
  other('var', [3, 4, 9]),
];
const input = (role: 'navigation_mask' | 'signal_mask' | 'array') =>
  ({ kind: 'input', default: null, role, label: 'Mask', help: 'Left out.' }) as const;

describe('what can be chosen as an input', () => {
  it('has the navigation shape for a navigation mask; boolean ones come first', () => {
    expect(inputChoices(input('navigation_mask'), cube, opened).map((c) => c.id)).toEqual(['mask', 'haadf', 'flat']);
  });
  it('has the signal shape for a signal mask', () => {
    expect(inputChoices(input('signal_mask'), cube, opened).map((c) => c.id)).toEqual(['edge']);
  });
  it('has the shape of the data for an array, and is never the data themselves', () => {
    expect(inputChoices(input('array'), cube, opened).map((c) => c.id)).toEqual(['var']);
  });
});
