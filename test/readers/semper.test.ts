import { describe, expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { probe, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { SemperOptions } from './builders/semper.ts';
import { buildSemper } from './builders/semper.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
let made = 0;
const path = (bytes: Uint8Array): string => write(`picture${++made}.unf`, bytes);
const open = async (options: SemperOptions, hints = {}): Promise<SignalHeader> =>
  (await openHeader(path(buildSemper(options)), hints)).signals[0]!;
const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('a Semper picture', () => {
  it.each([
    [0, 'int8'],
    [1, 'int16'],
    [2, 'float32'],
    [4, 'int32'],
  ])('of form %i holds %s, in either byte order', async (form, dtype) => {
    for (const littleEndian of [true, false]) {
      const signal = await open({ columns: 4, rows: 3, form, values: ramp(12), littleEndian });
      expect(signal).toMatchObject({ shape: [3, 4], dtype });
      expect(await probe(signal, [2, 1])).toBe(9);
      expect((await stats(signal)).sum).toBe(66);
    }
  });

  it('of complex numbers has both parts', async () => {
    const signal = await open({ columns: 2, rows: 2, form: 3, values: [1, 2, 3, 4, 5, 6, 7, 8], label: false });
    expect(signal.dtype).toBe('complex64');
    expect(await probe(signal, [1, 0])).toEqual({ re: 5, im: 6 });
  });

  it('of bytes is unsigned when its range says so', async () => {
    const signal = await open({ columns: 2, rows: 1, form: 0, values: [1, 200], range: '1,200' });
    expect(signal).toMatchObject({ shape: [2], dtype: 'uint8' });
    expect(await probe(signal, [1])).toBe(200);
  });

  it('carries scale, origin, unit, title, date and time in its label', async () => {
    const signal = await open({ columns: 4, rows: 3, values: ramp(12), dx: 0.5, x0: -2, xUnit: 'nm', title: 'Hello' });
    expect(signal.axes[1]).toMatchObject({ name: 'x', scale: 0.5, offset: -2, units: 'nm', navigate: false });
    expect(signal.axes[0]).toMatchObject({ name: 'y', scale: 1, offset: 0, units: null });
    expect(signal.metadata['General']).toMatchObject({ title: 'Hello', date: '2015-10-27', time: '14:31:26' });
    // a year of two digits from which 1900 was taken
    const old = await open({ columns: 2, rows: 2, values: ramp(4), date: [15 - 1900, 1, 2, 3, 4, 5] });
    expect(old.metadata['General']).toMatchObject({ date: '2015-01-02', time: '03:04:05' });
  });

  it('in three dimensions is a stack of images, or a volume when its class is not told', async () => {
    const navigate = async (pictureClass: number, hints = {}): Promise<boolean[]> =>
      (await open({ columns: 4, rows: 3, layers: 2, pictureClass, values: ramp(24) }, hints)).axes.map(
        (a) => a.navigate,
      );
    expect(await navigate(1)).toEqual([true, false, false]);
    expect(await navigate(6)).toEqual([false, false, false]);
    expect(await navigate(4)).toEqual([true, true, false]);
    expect(await navigate(6, { signalShape: [4] })).toEqual([true, true, false]);
    await expect(navigate(6, { signalShape: [12] })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });

  it('that is cut, or whose records do not close, is refused', async () => {
    const whole = buildSemper({ columns: 4, rows: 3, values: ramp(12) });
    await expect(openHeader(path(whole.subarray(0, -7)))).rejects.toMatchObject({ code: 'truncated-file' });
    const open = Buffer.from(whole);
    open.writeUInt32LE(99, open.length - 4);
    await expect(openHeader(path(open))).rejects.toMatchObject({ code: 'corrupt-file' });
  });
});
