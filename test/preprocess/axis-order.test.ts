import { expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import { derived, readAll, signalOf } from './signals.ts';

/* Data whose file has the channels first, in a layout that cannot be turned by its header: steps see pixels first. */

const [energies, rows, columns] = [12, 3, 4];
const energy = { ...plainAxis('Energy', energies, false), scale: 2, offset: 10, units: 'eV' };
const axes = [plainAxis('y', rows, true), plainAxis('x', columns, true), energy] as const;
const value = (y: number, x: number, e: number): number => 100 + 7 * y + 3 * x + ((e * 5) % 11) + (e === 4 ? 40 : 0);

const pixelsFirst = signalOf(
  axes,
  'float64',
  Array.from({ length: rows * columns * energies }, (_, at) =>
    value(Math.floor(at / (columns * energies)), Math.floor(at / energies) % columns, at % energies),
  ),
);
const channelsFirst = signalOf(
  [axes[2], axes[0], axes[1]],
  'float64',
  Array.from({ length: rows * columns * energies }, (_, at) =>
    value(Math.floor(at / columns) % rows, at % columns, Math.floor(at / (rows * columns))),
  ),
);

const steps: [string, Metadata][] = [
  ['smooth', {}],
  ['normalize', {}],
  ['derivative', {}],
  ['remove_background', { method: 'snip' }],
  ['align_peak', {}],
  ['remove_spikes', {}],
  ['remove_dead_pixels', {}],
  ['crop', { axis: 'Energy', start: 14, end: 26 }],
  ['rebin', { scale: [1, 2, 3] }],
  ['reduce_axis', { axis: 'y' }],
  ['transpose', { signal_axes: [1] }],
  ['change_dtype', { dtype: 'float32' }],
];

it.each(steps)('%s of data with the channels first is that of the same data in order', async (step, parameters) => {
  const expected = await derived(step, parameters, pixelsFirst);
  const made = await derived(step, parameters, channelsFirst);
  expect(made.axes).toEqual(expected.axes);
  expect(await readAll(made)).toEqual(await readAll(expected));
});
