import { describe, expect, it } from 'vitest';
import { runsOf } from '../clusters/pixel-sets.ts';
import { packPainting, packRuns, parsePainting, unpackRuns, type KeptPainting } from './kept-painting.ts';
import { nothingPainted, paintedTo, undoPaint } from './paint-history.ts';

describe('runs of pixels as text', () => {
  it('are the differences from end to end in base 36', () => {
    expect(packRuns([0, 5, 40, 76])).toBe('0 5 z 10');
    expect(unpackRuns('0 5 z 10', 76)).toEqual([0, 5, 40, 76]);
    expect(unpackRuns('', 10)).toEqual([]);
  });

  it.each([
    ['one end is missing', '2 3 4'],
    ['they do not rise', '2 0'],
    ['they leave the data', '2 a'],
    ['they are no numbers', '2 -1'],
    ['they are no text', [2, 3]],
  ])('are refused when %s', (_, text) => {
    expect(unpackRuns(text, 10)).toBeNull();
  });
});

describe('a painting that is kept', () => {
  const samples = 4096;
  const line = (from: number, to: number): Uint8Array =>
    Uint8Array.from({ length: samples }, (_, p) => (p >= from && p < to ? 1 : 0));
  const painting = (change: Partial<KeptPainting> = {}): Omit<KeptPainting, 'dataset'> => {
    const nothing = nothingPainted(samples);
    const first = paintedTo(nothing, line(10, 20), 'Paint');
    return {
      tool: 'lasso',
      radius: 7,
      isErasing: true,
      keeps: true,
      name: 'Vacuum',
      from: 'mask-1',
      history: paintedTo(first, line(15, 60), 'Erase'),
      begun: nothing.set,
      ...change,
    };
  };
  const over = (json: unknown) => JSON.parse(JSON.stringify(json)) as Record<string, unknown>;
  const here = (id: string): number | null => (id === 'data-1' ? samples : null);

  it('comes back with its tool, its name and its way back', () => {
    const kept = painting();
    const found = parsePainting(over(packPainting('data-1', kept)), here)!;
    expect({ ...found, history: null }).toEqual({ ...kept, dataset: 'data-1', history: null });
    expect(runsOf(found.history.set)).toEqual([15, 60]);
    expect(runsOf(undoPaint(found.history).set)).toEqual([10, 20]);
    expect(runsOf(undoPaint(undoPaint(found.history)).set)).toEqual([]);
  });

  it('still knows whether there is anything to lose', () => {
    const history = { ...nothingPainted(samples), set: line(3, 9) };
    const found = parsePainting(over(packPainting('data-1', painting({ history, begun: line(3, 9) }))), here)!;
    expect(found.begun).toEqual(found.history.set);
    const other = parsePainting(over(packPainting('data-1', painting({ history, begun: line(3, 8) }))), here)!;
    expect(other.begun).not.toEqual(other.history.set);
  });

  it('is small however long one has painted: the oldest steps are forgotten, the pixels are not', () => {
    let history = nothingPainted(samples);
    for (let i = 0; i < 3000; i++) {
      const next = history.set.slice();
      next[(i * 7) % samples] = 1 - next[(i * 7) % samples]!;
      history = paintedTo(history, next, 'Paint');
    }
    const packed = packPainting('data-1', painting({ history }));
    // a layout that is sent while the page is left may have 20 000 characters
    expect(JSON.stringify(packed).length).toBeLessThan(20_000);
    const found = parsePainting(over(packed), here)!;
    expect(found.history.set).toEqual(history.set);
    expect(found.history.done.length).toBeGreaterThan(300);
    expect(runsOf(undoPaint(found.history).set)).toEqual(runsOf(undoPaint(history).set));
  });

  it.each([
    ['its data are gone', { dataset: 'data-2' }],
    ['its data have fewer pixels now', { set: '0 35t' }],
    ['it is damaged', { set: 'pixels' }],
  ])('is none when %s', (_, change) => {
    expect(parsePainting({ ...packPainting('data-1', painting()), ...change }, here)).toBeNull();
    expect(parsePainting(null, here)).toBeNull();
  });

  it('is not kept in more pieces than a mask may have', () => {
    const set = Uint8Array.from({ length: 600_000 }, (_, p) => p % 2);
    expect(packPainting('data-1', painting({ history: { ...nothingPainted(0), set }, begun: set }))).toBeNull();
  });
});
