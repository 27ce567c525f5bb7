import { describe, expect, it } from 'vitest';
import { nameOfMask } from './mask-names.ts';

describe('the name of a mask', () => {
  it('says what is kept or left out', () => {
    expect(nameOfMask(['rim', 'film'], 80, false, [])).toBe('Without rim, film');
    expect(nameOfMask([], 212, true, [])).toBe('Only 212 px');
    expect(nameOfMask(['a', 'b', 'c'], 80, true, [])).toBe('Only 3 clusters');
  });
  it('gets a number when it is taken', () => {
    expect(nameOfMask(['rim'], 80, true, ['Only rim', 'Only rim (2)'])).toBe('Only rim (3)');
  });
});
