import { describe, expect, it } from 'vitest';
import { chooseMethod, requireMethod } from './solve.ts';

describe('the choice of method', () => {
  it.each([
    ['auto', 500, 400, 400, 'dense'],
    ['full', 500, 400, 400, 'dense'],
    ['auto', 501, 400, 10, 'accurate-gram'],
    ['auto', 16384, 4096, 10, 'accurate-gram'],
    ['auto', 65536, 8192, 10, 'randomized'],
    ['auto', 65536, 8192, 7000, 'accurate-gram'],
    ['full', 65536, 8192, 10, 'accurate-gram'],
    ['arpack', 65536, 8192, 10, 'accurate-gram'],
    ['gram', 300, 200, 10, 'gram'],
    ['randomized', 300, 200, 10, 'randomized'],
  ] as const)('%s for %d × %d and %d components is %s', (solver, rows, cols, k, method) => {
    expect(chooseMethod(solver, rows, cols, k)).toBe(method);
  });

  it('refuses an exact answer that would need too large a matrix, and says what to do', () => {
    expect(() => requireMethod('full', 40000, 20000, 5)).toThrow(/20000 × 20000.*randomized/s);
    expect(requireMethod('auto', 40000, 20000, 5)).toBe('randomized');
  });
});
