import { describe, expect, it } from 'vitest';
import { derived, readAll, signalOf } from './signals.ts';

const axes = [
  { name: 'y', size: 2, navigate: true, scale: 0.5, offset: 0, units: 'nm' },
  { name: 'Energy', size: 5, navigate: false, scale: 10, offset: 100, units: 'eV' },
];
const source = signalOf(axes, 'uint16', [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);

describe('crop', () => {
  it('keeps values from the first up to the end, which is left out, and their calibration', async () => {
    const cut = await derived('crop', { axis: 'Energy', start: 110, end: 130 }, source);
    expect(cut.shape).toEqual([2, 2]);
    expect(cut.axes[1]).toMatchObject({ name: 'Energy', offset: 110, scale: 10, size: 2 });
    expect(await readAll(cut)).toEqual([1, 2, 11, 12]);
  });

  it('counts indices, negative ones from the end, and takes every n-th', async () => {
    const cut = await derived('crop', { axis: 1, start: -5, by: 'index', step: 2 }, source);
    expect(await readAll(cut)).toEqual([0, 2, 4, 10, 12, 14]);
    expect(cut.axes[1]).toMatchObject({ offset: 100, scale: 20 });
  });

  it('cuts a crop again', async () => {
    const once = await derived('crop', { axis: 'Energy', start: 110 }, source);
    const twice = await derived('crop', { axis: 'y', start: 0.5 }, once);
    expect(await readAll(twice)).toEqual([11, 12, 13, 14]);
  });

  it('takes a falling axis in either direction', async () => {
    const falling = signalOf(
      [axes[0]!, { ...axes[1]!, scale: -10, offset: 140 }],
      'uint16',
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    expect(await readAll(await derived('crop', { axis: 1, start: 110, end: 130 }, falling))).toEqual([1, 2, 6, 7]);
  });

  it('refuses an empty range and an axis that is not there, in words', async () => {
    await expect(derived('crop', { axis: 'Energy', start: 500 }, source)).rejects.toThrow(/nothing of Energy/);
    await expect(derived('crop', { axis: 'x' }, source)).rejects.toThrow(
      /no axis “x”; there are y \(0\), Energy \(1\)/,
    );
  });
});
