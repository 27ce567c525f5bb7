import { describe, expect, it } from 'vitest';
import { invertedSet, nothingPainted, paintedTo, redoPaint, undoPaint } from './paint-history.ts';

const set = (text: string): Uint8Array => Uint8Array.from(text, Number);
const words = (bytes: Uint8Array): string => bytes.join('');

describe('a painting', () => {
  const first = paintedTo(nothingPainted(6), set('011000'), 'Paint');
  const second = paintedTo(first, set('010011'), 'Erase');
  const third = paintedTo(second, invertedSet(second.set), 'Invert');

  it('is undone and done again step by step', () => {
    expect(words(third.set)).toBe('101100');
    const back = undoPaint(third);
    expect(words(back.set)).toBe('010011');
    expect(words(undoPaint(back).set)).toBe('011000');
    const begun = undoPaint(undoPaint(back));
    expect(words(begun.set)).toBe('000000');
    expect(begun.undone.map(({ what }) => what)).toEqual(['Invert', 'Erase', 'Paint']);
    expect(words(redoPaint(redoPaint(redoPaint(begun))).set)).toBe('101100');
  });
  it('has nothing before its beginning and nothing after its end', () => {
    const begun = nothingPainted(3);
    expect(undoPaint(begun)).toBe(begun);
    expect(redoPaint(third)).toBe(third);
  });
  it('forgets what was undone when something else is painted', () => {
    const other = paintedTo(undoPaint(third), set('111111'), 'Paint');
    expect(other.undone).toEqual([]);
    expect(other.done.map(({ what }) => what)).toEqual(['Paint', 'Erase', 'Paint']);
  });
  it('keeps only steps that changed something, and as the pixels that changed', () => {
    expect(paintedTo(first, set('011000'), 'Paint')).toBe(first);
    expect(second.done.at(-1)).toEqual({ what: 'Erase', changed: [2, 3, 4, 6] });
  });
  it('never changes a set that was handed out', () => {
    const before = words(second.set);
    undoPaint(second);
    redoPaint(undoPaint(second));
    expect(words(second.set)).toBe(before);
  });
  it('refuses a set of another size', () => {
    expect(() => paintedTo(first, new Uint8Array(7), 'Paint')).toThrow(/6 pixels .* 7/);
  });
});
