import { describe, expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import { linesTogether, resample } from './preview-lines.ts';

const energy: Axis = { name: 'Energy', units: 'eV', size: 6, navigate: false, scale: 1, offset: 10 };
const values = [1, 2, 3, 4, 5, 6];

describe('linesTogether', () => {
  it('draws a cropped spectrum over the whole one, with gaps beside it', () => {
    const cut = { axis: { ...energy, size: 2, offset: 12 }, values: [3, 4] };
    const both = linesTogether({ axis: energy, values }, cut);
    expect(both?.axis).toBe(energy);
    expect(both?.before).toBe(values);
    expect(Array.from(both?.after ?? [])).toEqual([NaN, NaN, 3, 4, NaN, NaN]);
  });
  it('takes the wider axis where the outcome goes further', () => {
    const longer = { axis: { ...energy, size: 9 }, values: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    const both = linesTogether({ axis: energy, values }, longer);
    expect(both?.axis).toBe(longer.axis);
    expect(Array.from(both?.before ?? []).slice(4)).toEqual([5, 6, NaN, NaN, NaN]);
  });
  it('shows bins as wide as they are', () => {
    const binned = { axis: { ...energy, size: 3, scale: 2, offset: 10.5 }, values: [3, 7, 11] };
    expect(Array.from(linesTogether({ axis: energy, values }, binned)?.after ?? [])).toEqual([3, 3, 7, 7, 11, 11]);
  });
  it('parts lines that one chart cannot show: other axes, other units, values of another size', () => {
    const other = (change: Partial<Axis>) =>
      linesTogether({ axis: energy, values }, { axis: { ...energy, ...change }, values });
    expect(other({ name: 'x' })).toBeNull();
    expect(other({ units: 'keV' })).toBeNull();
    expect(other({ offset: 100 })).toBeNull();
    const small = { axis: energy, values: values.map((v) => v / 100) };
    expect(linesTogether({ axis: energy, values }, small)).toBeNull();
    expect(linesTogether({ axis: energy, values }, { axis: energy, values: values.map(() => 0) })).not.toBeNull();
  });
});

describe('resample', () => {
  it('gives the same values back on the same axis', () => {
    expect(resample({ axis: energy, values }, { ...energy })).toBe(values);
  });
  it('works on falling axes', () => {
    const falling = { ...energy, scale: -1, offset: 15 };
    expect(Array.from(resample({ axis: falling, values: [6, 5, 4, 3, 2, 1] }, energy))).toEqual(values);
  });
});
