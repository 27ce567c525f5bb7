import { describe, expect, it } from 'vitest';
import { buildComparison, columnLimits, scaledToOne } from './comparison.ts';

const of = (...values: number[]) => Float64Array.from(values);
const reference = { factors: [of(1, 0, 0), of(0, 1, 0)], loadings: [of(1, 2, 3), of(5, 0, 0)] };
const other = { factors: [of(0, -2, 0), of(3, 0, 0), of(0, 0, 1)], loadings: [of(-5, 0, 0), of(2, 4, 6), of(0, 0, 1)] };

describe('the comparison', () => {
  const rows = buildComparison([reference, other]);
  it('puts components that belong together in one column', () => {
    expect(rows[1]?.cells.map((cell) => cell?.component)).toEqual([1, 0]);
    expect(rows[1]?.unmatched).toEqual([2]);
  });
  it('turns a flipped component over, factor and loading together', () => {
    expect([...(rows[1]?.cells[1]?.factor ?? [])].map(Math.abs)).toEqual([0, 2, 0]);
    expect(rows[1]?.cells[1]?.factor[1]).toBe(2);
    expect(rows[1]?.cells[1]?.loading[0]).toBe(5);
    expect(rows[1]?.cells[1]?.correlation).toBeCloseTo(1, 12);
  });
  it('pairs nothing where the channels are not the same', () => {
    const strange = { factors: [of(1, 2)], loadings: [of(1, 2, 3)] };
    expect(buildComparison([reference, strange])[1]).toMatchObject({ cells: [null, null], isIncomparable: true });
  });
  it('shares limits of a column, around zero as soon as one map is signed', () => {
    const shared = columnLimits(rows, 0);
    expect(shared.isSigned).toBe(false);
    expect(shared.limits.max).toBeGreaterThan(5.9);
    const signed = columnLimits(buildComparison([{ factors: [of(1)], loadings: [of(-4, 1)] }]), 0);
    expect(signed.limits.min).toBe(-signed.limits.max);
  });
  it('scales to the largest magnitude and leaves holes', () => {
    expect([...scaledToOne(of(1, -4, NaN))]).toEqual([0.25, -1, NaN]);
    expect([...scaledToOne(of(0, 0))]).toEqual([0, 0]);
  });
});
