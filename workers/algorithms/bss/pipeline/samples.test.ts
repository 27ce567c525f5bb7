import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../../model/axes.ts';
import { dilate, gatherSamples, type SampleSource } from './samples.ts';

const source = (rows: number[], k: number, shape: number[], more: Partial<SampleSource> = {}): SampleSource => ({
  rows: Float64Array.from(rows),
  k,
  shape,
  axes: null,
  ...more,
});
const mask = (values: number[]) => ({
  shape: [values.length],
  dtype: 'bool' as const,
  data: Float64Array.from(values),
});
const all = { diff_order: 1, diff_axes: null };

describe('the samples of a search', () => {
  it('are the values themselves without a derivative', () => {
    expect(gatherSamples(source([1, 2, 3, 4], 1, [4]), { diff_order: 0, diff_axes: null })).toEqual({
      rows: 4,
      cols: 1,
      data: Float64Array.of(1, 2, 3, 4),
    });
  });

  it('are the derivatives along all axes, one axis after the other', () => {
    const image = source([1, 2, 6, 3, 4, 5], 1, [2, 3]);
    expect([...gatherSamples(image, all).data]).toEqual([2, 2, -1, 2, 2, -1, 1, 2.5, 4, 1, 1, 1]);
    expect([...gatherSamples(image, { diff_order: 1, diff_axes: [1] }).data]).toEqual([1, 2.5, 4, 1, 1, 1]);
  });

  it('count the calibration of the axes', () => {
    const axis = { ...plainAxis('energy', 3, false), scale: 0.5 };
    expect([...gatherSamples(source([1, 2, 4], 1, [3], { axes: [axis] }), all).data]).toEqual([2, 3, 4]);
    const uneven = { ...axis, values: [0, 1, 3] };
    const found = gatherSamples(source([1, 2, 6], 1, [3], { axes: [uneven] }), all).data;
    [1, 4 / 3, 2].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 14));
  });

  // HyperSpy keeps channel 7 itself on an exactly uniform axis: the derivative there does not look at its own value
  it.each([1, 2])('leave out a masked channel and all that a derivative of order %i mixes with it', (order) => {
    const squares = Array.from({ length: 12 }, (_, i) => i * i);
    const masked = mask(squares.map((_, i) => (i === 7 ? 1 : 0)));
    const found = gatherSamples(source(squares, 1, [12], { mask: masked }), { diff_order: order, diff_axes: null });
    const whole = gatherSamples(source(squares, 1, [12]), { diff_order: order, diff_axes: null });
    expect([...found.data]).toEqual([...whole.data].filter((_, i) => Math.abs(i - 7) > order));
    expect(masked.data.reduce((sum, value) => sum + value, 0)).toBe(1);
  });

  it('leave out values that are not numbers, like masked ones', () => {
    const rows = [1, 10, 2, 20, NaN, 30, 4, 40, 5, 50, 7, 70, 8, 80];
    expect(gatherSamples(source(rows, 2, [7]), { diff_order: 0, diff_axes: null }).rows).toBe(6);
    expect([...gatherSamples(source(rows, 2, [7]), all).data]).toEqual([1, 10, 1.5, 15, 1.5, 15, 1, 10]);
  });

  it('refuse what leaves too little, with the count', () => {
    const tooFew = expect.objectContaining({
      code: 'too-few-samples',
      message: expect.stringMatching(/^Only 2 .*2 comp/),
    });
    expect(() => gatherSamples(source([1, 2, 3, 4], 2, [2]), { diff_order: 0, diff_axes: null })).toThrow(tooFew);
    const none = expect.objectContaining({ code: 'too-few-samples' });
    expect(() => gatherSamples(source([1, 2, 3], 1, [1, 3]), { diff_order: 1, diff_axes: [0] })).toThrow(none);
  });

  it.each([[[2]], [[-1]], [[0.5]], [[0, 0]]])('refuse the axes %j of an image', (diff_axes) => {
    const image = source([1, 2, 6, 3, 4, 5], 1, [2, 3]);
    expect(() => gatherSamples(image, { diff_order: 1, diff_axes })).toThrow(/diff_axes must hold .* 0 to 1.*; got/);
  });

  it('refuse a mask of another shape and an axis that stands still', () => {
    const three = source([1, 2, 4], 1, [3]);
    expect(() => gatherSamples({ ...three, mask: mask([0, 1]) }, all)).toThrow(/mask has shape \(2\); \(3\) is needed/);
    const image = { ...source([1, 2, 6, 3, 4, 5], 1, [2, 3]), mask: { ...mask([0, 1, 0, 0, 0, 0]), shape: [3, 2] } };
    expect(() => gatherSamples(image, all)).toThrow(/mask has shape \(3, 2\); \(2, 3\) is needed/);
    const axis = { ...plainAxis('energy', 3, false), values: [0, 1, 1] };
    expect(() => gatherSamples({ ...three, axes: [axis] }, all)).toThrow(/“energy” .* 1 and 2 are both 1/);
  });
});

describe('dilate', () => {
  it('spreads along one axis alone and not over its ends', () => {
    const marks = Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0);
    expect([...dilate(marks, [3, 3], 1, 1)]).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect([...dilate(marks, [3, 3], 0, 2)]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
  });
});
