import { describe, expect, it } from 'vitest';
import { admit, createMemory, parseMemory, sizeText } from './memory.ts';

describe('a size on the command line', () => {
  it.each([
    ['2G', 2 * 2 ** 30],
    ['500M', 500 * 2 ** 20],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['64k', 65536],
    ['800000', 800000],
    ['1TB', 2 ** 40],
  ])('%s is %d bytes', (text, bytes) => expect(parseMemory('--memory', text)).toBe(bytes));
  it.each(['', 'lots', '-1G', '1K', '0', '2 G B', '1e400G', 'NaN'])('“%s” is refused by name', (text) => {
    expect(() => parseMemory('--memory', text)).toThrow(/--memory takes a size from 64K/);
  });
  it('reads back what it shows', () => {
    expect(sizeText(1)).toBe('1 KiB');
    expect(sizeText(3 * 2 ** 20)).toBe('3 MiB');
  });
});

describe('the ceiling', () => {
  const free = 1000;
  const platform = { freeMemory: () => free };
  it('leaves a quarter of what is free to others when nobody said anything', () => {
    expect(createMemory(platform, () => null).room(400)).toBe(750);
  });
  it('is what the user allows, less what is held, and never more than is there', () => {
    expect(createMemory(platform, () => 600).room(400)).toBe(200);
    expect(createMemory(platform, () => 600).room(700)).toBe(0);
    expect(createMemory(platform, () => 10_000).room(0)).toBe(750);
  });
});

describe('a run', () => {
  it('keeps in memory what fits, then writes rows to a file, then leaves the data on disk', () => {
    const model = { bytes: 80, fileBytes: 60, seconds: 1 };
    expect(admit(180, 100, model)).toEqual({ data: 'memory', rows: 'memory' });
    expect(admit(120, 100, model)).toEqual({ data: 'memory', rows: 'file' });
    expect(admit(80, 100, model)).toEqual({ data: 'file', rows: 'memory' });
    expect(admit(20, 100, model)).toEqual({ data: 'file', rows: 'file' });
    expect(admit(19, 100, model)).toBeNull();
    expect(admit(79, 100, { bytes: 80, seconds: 1 })).toBeNull();
  });
});
