import { describe, expect, it } from 'vitest';
import { factorPairs, guessFromName, offeredShapes, suggestShapes } from './raw-suggestions.ts';

const shapes = (told: Parameters<typeof suggestShapes>[0]) =>
  suggestShapes(told).map(({ navigation, signal }) => `${navigation.join('x')}|${signal.join('x')}`);

describe('factorPairs', () => {
  it('finds all ways to lay out, squarest first', () => {
    expect(factorPairs(12)).toEqual([
      [3, 4],
      [2, 6],
      [1, 12],
    ]);
  });
});

describe('suggestShapes', () => {
  it('lays the pixels out when the signal is told, both ways round', () => {
    const found = shapes({ values: 24 * 10, navigation: [], signal: [10] });
    expect(found.slice(0, 2)).toEqual(['4x6|10', '6x4|10']);
    expect(found).toContain('24|10');
  });

  it('says what would be left over', () => {
    const [first] = suggestShapes({ values: 16 * 10 + 7, navigation: [], signal: [10] });
    expect(first).toEqual({ navigation: [4, 4], signal: [10], left: 7 });
  });

  it('finds the channels when the pixels are told, also as a square image', () => {
    expect(shapes({ values: 6 * 64, navigation: [2, 3], signal: [] })).toEqual(['2x3|64', '2x3|8x8']);
  });

  it('guesses both by what labs record', () => {
    expect(shapes({ values: 64 * 64 * 1024, navigation: [], signal: [] })[0]).toBe('64x64|1024');
    expect(shapes({ values: 100 * 80 * 2048, navigation: [], signal: [] })).toContain('80x100|2048');
  });

  it('offers only what fits', () => {
    for (const told of [
      { values: 40320, navigation: [], signal: [] },
      { values: 40320, navigation: [], signal: [7] },
      { values: 40320, navigation: [9, 9], signal: [] },
    ]) {
      for (const { navigation, signal, left } of suggestShapes(told)) {
        expect([...navigation, ...signal].reduce((n, size) => n * size, 1) + left).toBe(told.values);
        expect(left).toBeGreaterThanOrEqual(0);
      }
    }
    expect(suggestShapes({ values: 0, navigation: [], signal: [] })).toEqual([]);
  });
});

describe('offeredShapes', () => {
  it('adds what else the size may mean to what fits the told signal, nothing twice', () => {
    const found = offeredShapes({ values: 64 * 64 * 1024, navigation: [64, 64], signal: [512] });
    const keys = found.map(({ navigation, signal }) => `${navigation.join('x')}|${signal.join('x')}`);
    expect(keys).toContain('64x128|512');
    expect(keys).toContain('64x64|1024');
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('guessFromName', () => {
  it('supposes a header where the numbers alone make no scan', () => {
    expect(guessFromName('detector.dat', 512 + 64 * 64 * 1024 * 2)).toMatchObject({
      offset: '512',
      navigation: '64 × 64',
      signal: '1024',
    });
  });
  it('takes sizes and type from the name where they fit', () => {
    expect(guessFromName('map_8x9x100_float32.raw', 28_800)).toMatchObject({
      dtype: 'float32',
      navigation: '8 × 9',
      signal: '100',
      offset: '0',
    });
  });
  it('finds the type by the size, and a header before the numbers', () => {
    expect(guessFromName('scan 8x9x100.bin', 14_400 + 512)).toMatchObject({ dtype: 'uint16', offset: '512' });
  });
  it('does not believe a name that does not fit', () => {
    expect(guessFromName('map_512x512x2048_uint16.raw', 64 * 64 * 1024 * 2)).toMatchObject({
      navigation: '64 × 64',
      signal: '1024',
    });
  });
});
