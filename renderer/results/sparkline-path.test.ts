import { describe, expect, it } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

describe('sparklinePath', () => {
  it('keeps a peak that is one channel wide', () => {
    const values = new Float64Array(1000);
    values[537] = 9;
    // height 13, padding 1.5: the peak reaches y = 1.5
    expect(sparklinePath(values, 50, 13).line).toContain(' 1.5');
  });
  it('breaks where channels were left out', () => {
    expect(sparklinePath([1, 2, NaN, 2, 1], 50, 13).line.match(/M/g)).toHaveLength(2);
  });
  it('shows the zero line only where values go below it', () => {
    expect(sparklinePath([0, 1], 10, 13).zero).toBeNull();
    expect(sparklinePath([-1, 1], 10, 13).zero).toBe(7.5);
  });
  it('draws nothing of nothing', () => {
    expect(sparklinePath([], 10, 10).line).toBe('');
    expect(sparklinePath([NaN, NaN], 10, 10).line).toBe('');
  });
});
