import { describe, expect, it } from 'vitest';
import { bandPath } from './band-path.ts';

const same = (v: number): number => v;

describe('bandPath', () => {
  it('goes along the upper line and back along the lower one', () => {
    expect(bandPath([0, 1, 2], [0, 0, 0], [1, 2, 1], same, same, 100)).toBe(
      'M0.0 1.0L1.0 2.0L2.0 1.0L2.0 0.0L1.0 0.0L0.0 0.0Z',
    );
  });
  it('is interrupted where there is nothing', () => {
    expect(bandPath([0, 1, 2, 3, 4], [0, 0, NaN, 0, 0], [1, 1, NaN, 1, 1], same, same, 100).match(/M/g)).toHaveLength(
      2,
    );
  });
  it('keeps the highest of many points that share a pixel', () => {
    const high = new Float64Array(1000);
    high[537] = 9;
    expect(
      bandPath(
        Float64Array.from({ length: 1000 }, (_, i) => i),
        new Float64Array(1000),
        high,
        same,
        same,
        50,
      ),
    ).toContain(' 9.0');
  });
});
