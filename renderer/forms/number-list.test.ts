import { describe, expect, it } from 'vitest';
import type { Param } from '../../workers/specs/param.ts';
import { parseText } from './form-model.ts';
import { joinedTexts, stepOfEach, textsOfEach } from './number-list.ts';
import { moveInput, orderedChoices, toggleInput } from './ordered-inputs.ts';

const scale: Param = { kind: 'numbers', default: null, least: 1, most: 10, label: 'Bins', help: 'Bins of each axis.' };

describe('numbers in fields of their own', () => {
  it('come back as the numbers that were typed, decimal commas included', () => {
    expect(parseText(scale, joinedTexts(['2', '1,5', ' 3 ']))).toEqual({ ok: true, value: [2, 1.5, 3] });
    expect(textsOfEach([2, 1.5, 3], undefined, 3)).toEqual(['2', '1.5', '3']);
  });
  it('never take an empty field for a zero, and keep what was typed', () => {
    const joined = joinedTexts(['2', '', 'x']);
    expect(parseText(scale, joined).ok).toBe(false);
    expect(textsOfEach([1, 1, 1], joined, 3)).toEqual(['2', '', 'x']);
  });
  it('go by one or ten with the arrow keys, not below zero', () => {
    expect(stepOfEach('2', 'ArrowUp', false)).toBe('3');
    expect(stepOfEach('2', 'ArrowUp', true)).toBe('12');
    expect(stepOfEach('2', 'ArrowDown', true)).toBe('0');
    expect(stepOfEach('x', 'ArrowUp', false)).toBeNull();
    expect(stepOfEach('2', 'a', false)).toBeNull();
  });
});

describe('data sets in an order', () => {
  const choices = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id }));
  it('stand first as they were chosen, then the others; what is gone is left out', () => {
    expect(orderedChoices(choices, ['c', 'gone', 'a']).map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd']);
  });
  it('are taken at the end and let go', () => {
    expect(toggleInput(['c'], 'a')).toEqual(['c', 'a']);
    expect(toggleInput(['c', 'a'], 'c')).toEqual(['a']);
  });
  it('move by one place and stay at the ends', () => {
    expect(moveInput(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moveInput(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(moveInput(['a', 'b'], 'a', -1)).toEqual(['a', 'b']);
    expect(moveInput(['a', 'b'], 'x', 1)).toEqual(['a', 'b']);
  });
});
