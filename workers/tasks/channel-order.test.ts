import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { plainAxis } from '../model/axes.ts';
import type { SignalHeader } from '../model/signal.ts';
import { channelsFirst, navigatorByChannel, overviewByChannel } from './channel-order.ts';
import { computeNavigator } from './navigator.ts';
import { computeOverview } from './overview.ts';
import { readSignal } from './row-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-channels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whole numbers, so that sums are the same in any order; one value is missing, and with channels first all of one pixel. */
const valuesOf = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (i === 17 || i % 20 === 3 ? Number.NaN : (i * 37) % 101));

let files = 0;
/** A flat file of these axes, in this order. */
function stored(axes: readonly [name: string, size: number, navigate: boolean][]): SignalHeader {
  const shape = axes.map(([, size]) => size);
  const data = valuesOf(shape.reduce((a, b) => a * b, 1));
  const path = join(folder, `${files++}.raw`);
  writeFileSync(path, data);
  return {
    ...{ title: 'test', signalType: '', shape, dtype: 'float32', metadata: {}, originalMetadata: {}, warnings: [] },
    axes: axes.map(([name, size, navigate]) => plainAxis(name, size, navigate)),
    quantity: { name: 'Intensity', units: null },
    layout: { kind: 'raw', path, offset: 0, littleEndian: true, storedShape: shape },
  };
}

/** The same with its axes told in another order than they are stored in. */
const toldAs = (signal: SignalHeader, order: readonly number[]): SignalHeader => ({
  ...signal,
  shape: order.map((axis) => signal.shape[axis]!),
  axes: order.map((axis) => signal.axes[axis]!),
  layout: { ...(signal.layout as Extract<SignalHeader['layout'], { kind: 'raw' }>), axisOrder: order },
});

const energyFirst = stored([
  ['E', 9, false],
  ['y', 4, true],
  ['x', 5, true],
]);
const imagesBetween = stored([
  ['v', 3, false],
  ['x', 5, true],
  ['u', 4, false],
]);
const sources: [string, SignalHeader][] = [
  ['energy first', energyFirst],
  ['energy first, told last', toldAs(energyFirst, [1, 2, 0])],
  ['energy first, pixels turned', toldAs(energyFirst, [2, 1, 0])],
  ['a signal axis on either side of the pixels', imagesBetween],
  ['the same, told as images of pixels', toldAs(imagesBetween, [1, 0, 2])],
];

describe.each(sources)('channels that lie one after another: %s', (_name, signal) => {
  const byChannel = channelsFirst(signal)!;

  it('have the overview of their rows', async () => {
    const rows = await readSignal(signal);
    const wanted = computeOverview(rows, Infinity, () => 0);
    rows.close();
    expect(await overviewByChannel(byChannel, Infinity, () => 0)).toEqual(wanted);
  });

  it.each(['sum', 'mean', 'max'] as const)('have the same image of any window: %s', async (reduce) => {
    for (const channels of [
      [0, 9],
      [3, 4],
      [2, 7],
    ] as const) {
      const rows = await readSignal(signal);
      const wanted = computeNavigator(rows, { reduce, channels });
      rows.close();
      expect(await navigatorByChannel(byChannel, { reduce, channels })).toEqual(wanted);
    }
  });
});

describe('data of which a part is looked at', () => {
  const [channels, pixels] = [6, 2 ** 20];
  // channel c is c + 1 at every pixel; each fills half a block
  const large = stored([
    ['E', channels, false],
    ['x', pixels, true],
  ]);
  const values = Float32Array.from({ length: channels * pixels }, (_, i) => Math.floor(i / pixels) + 1);
  writeFileSync((large.layout as { path: string }).path, values);

  it('show the channels that could be read in the place of those that could not', async () => {
    let clock = 0;
    const { image, spectrum, complete } = await overviewByChannel(channelsFirst(large)!, 15, () => (clock += 10));
    expect(complete).toBe(false);
    // two blocks of three were read: channels 1, 2 and 5, 6
    expect([...spectrum]).toEqual([1, 2, 1, 2, 5, 6]);
    expect(image[7]).toBeCloseTo(((1 + 2 + 5 + 6) * 6) / 4, 12);
  });
});

it('pixels that lie row by row, and channels that do not follow one another, are read by rows', () => {
  expect(channelsFirst(toldAs(imagesBetween, [2, 1, 0]))).toBeNull();
  expect(
    channelsFirst(
      stored([
        ['y', 2, true],
        ['x', 3, true],
        ['E', 4, false],
      ]),
    ),
  ).toBeNull();
  expect(channelsFirst(toldAs(energyFirst, [1, 2, 0]))?.signal.axes.map(({ name }) => name)).toEqual(['E', 'y', 'x']);
  expect(
    channelsFirst(
      stored([
        ['one', 1, false],
        ['x', 3, true],
        ['E', 4, false],
      ]),
    ),
  ).toBeNull();
});
