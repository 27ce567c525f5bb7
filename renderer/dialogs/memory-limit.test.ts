import { describe, expect, it } from 'vitest';
import { limitParts, readLimit } from './memory-limit.ts';

describe('the memory ceiling', () => {
  it('is a number in MB or GB, with a point or a comma, or nothing at all', () => {
    expect(readLimit('2', 'GB')).toEqual({ bytes: 2e9 });
    expect(readLimit(' 1,5 ', 'GB')).toEqual({ bytes: 1.5e9 });
    expect(readLimit('800', 'MB')).toEqual({ bytes: 8e8 });
    expect(readLimit('  ', 'GB')).toEqual({ bytes: null });
  });

  it('says what it got and what it takes', () => {
    expect(readLimit('two', 'GB')).toEqual({
      problem: 'Memory must be a number such as 2 or 1.5, or empty; got “two”.',
    });
    expect(readLimit('2 GB', 'GB')).toHaveProperty('problem');
    expect(readLimit('63', 'MB')).toEqual({ problem: 'At least 64 MB are needed; got 63 MB.' });
    expect(readLimit('-4', 'GB')).toHaveProperty('problem');
    expect(readLimit('1e9', 'GB')).toHaveProperty('problem');
  });

  it.each([null, 64e6, 8e8, 2e9, 1.5e9, 1234567890])('comes back as it was given: %s', (bytes) => {
    const { text, unit } = limitParts(bytes);
    expect(readLimit(text, unit)).toEqual({ bytes });
  });
});
