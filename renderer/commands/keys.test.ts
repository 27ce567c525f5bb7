import { describe, expect, it } from 'vitest';
import { isSingleKey, keyWords, matchesKey, splitCombination, type KeyPress } from './keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe('matchesKey', () => {
  it('wants exactly the modifiers that are written', () => {
    expect(matchesKey('Ctrl+Z', press('z', { ctrlKey: true }), false)).toBe(true);
    expect(matchesKey('Ctrl+Z', press('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matchesKey('Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(matchesKey('Ctrl+Z', press('z'), false)).toBe(false);
    expect(matchesKey('F2', press('F2'), false)).toBe(true);
    expect(matchesKey('F2', press('F2', { shiftKey: true }), false)).toBe(false);
  });
  it('takes Command for Ctrl on a Mac', () => {
    expect(matchesKey('Ctrl+O', press('o', { metaKey: true }), true)).toBe(true);
    expect(matchesKey('Ctrl+O', press('o', { ctrlKey: true }), true)).toBe(false);
  });
  it('does not ask whether a sign needed Shift on this keyboard', () => {
    expect(matchesKey('Ctrl+/', press('/', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(matchesKey('Ctrl+.', press('.', { ctrlKey: true }), false)).toBe(true);
  });
});

describe('combinations', () => {
  it('can name the plus key', () => {
    expect(splitCombination('Ctrl++').key).toBe('+');
    expect(splitCombination('+').key).toBe('+');
  });
  it('are shown in the words of the system', () => {
    expect(keyWords('Ctrl+Shift+Z', false)).toBe('Ctrl Shift Z');
    expect(keyWords('Ctrl+Shift+Z', true)).toBe('⌘⇧Z');
    expect(keyWords('Delete', false)).toBe('Del');
  });
  it('tell single keys, which work only where a view has the focus', () => {
    expect(isSingleKey('M')).toBe(true);
    expect(isSingleKey('F2')).toBe(false);
    expect(isSingleKey('Ctrl+O')).toBe(false);
  });
});
