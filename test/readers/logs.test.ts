import { describe, expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { probe, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildDens, buildProtochips } from './builders/logs.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
let made = 0;
const open = async (extension: string, text: string, hints = {}): Promise<readonly SignalHeader[]> =>
  (await openHeader(write(`log${++made}.${extension}`, text), hints)).signals;

describe('a DENS log', () => {
  it('is the measured temperature over the time of day', async () => {
    const [signal] = await open('dens', buildDens([50077.68, 50078.01, 50078.34], [15.091, 16.828, 13.232]));
    expect(signal).toMatchObject({ shape: [3], dtype: 'float64', quantity: { name: 'Temperature', units: 'Celsius' } });
    expect(signal!.axes[0]).toMatchObject({ name: 'Time', units: 's', offset: 50077.68 });
    expect(signal!.axes[0]!.scale).toBeCloseTo(0.33, 9);
    expect(signal!.metadata['General']).toMatchObject({ date: '2015-04-16', time: '13:53:00' });
    expect(signal!.originalMetadata['DENS_header']).toMatchObject({ R0: 282.7, b: 0.225, version: 'Digiheater 3.1' });
    expect(await probe(signal!, [1])).toBe(16.828);
  });

  it('gives another column when it is asked for', async () => {
    const [signal] = await open('dens', buildDens([1, 2, 3], [20, 21, 22]), { dataset: 'Rheat' });
    expect(signal!.quantity).toEqual({ name: 'Resistance', units: 'Ω' });
    expect(await probe(signal!, [2])).toBe(291.5);
    await expect(open('dens', buildDens([1, 2], [20, 21]), { dataset: 'x' })).rejects.toThrow(/Tset\[C\], Tmeas\[C\]/);
  });

  it('goes on past midnight, and lists times that are not even', async () => {
    const [signal] = await open('dens', buildDens([86_399, 86_400, 86_402], [20, 21, 22]));
    expect(signal!.axes[0]!.values).toEqual([86_399, 86_400, 86_402]);
    expect(signal!.warnings[0]).toMatch(/not evenly spaced/);
  });

  it('without the names of its columns is refused', async () => {
    await expect(open('dens', 'Digiheater 3.1\n1\t2\t3\n')).rejects.toMatchObject({ code: 'corrupt-file' });
  });
});

describe('a Protochips log', () => {
  const text = buildProtochips([0, 100, 200, 300], [0.5, 0.25, 'NaN', 1]);

  it('has a signal for each of its columns, with the units of its notes', async () => {
    const [current, voltage, ...more] = await open('csv', text);
    expect(more).toEqual([]);
    expect(current).toMatchObject({ title: 'Channel A Current (Amps)', shape: [4], dtype: 'float64' });
    expect(current!.axes[0]).toMatchObject({ name: 'Time', units: 's', scale: 0.1, offset: 0 });
    expect(await stats(current!)).toMatchObject({ sum: 1.75, nanCount: 1 });
    // whole numbers stay whole
    expect(voltage).toMatchObject({ title: 'Channel A Voltage (Volts)', dtype: 'int64' });
    expect(current!.metadata['General']).toMatchObject({ date: '2014-10-08', time: '16:26:51.738000' });
    // a comma in a note does not shift the columns
    expect(current!.originalMetadata['events']).toEqual([{ time: '200', note: 'Beam, on' }]);
  });

  it('tells when its times are uneven and keeps them', async () => {
    const [signal] = await open('csv', buildProtochips([0, 147, 196, 296, 396], [1, 2, 3, 4, 5]));
    expect(signal!.axes[0]!.scale).toBe(0.1);
    expect(signal!.warnings[0]).toMatch(/0\.1 s/);
    expect(signal!.originalMetadata['times']).toEqual([0, 0.147, 0.196, 0.296, 0.396]);
  });

  it('with words for numbers is refused; a last line that is cut is left out', async () => {
    await expect(open('csv', buildProtochips([0, 1], [1, 'much']))).rejects.toThrow(/“much” stands in the column/);
    const [signal] = await open('csv', text.slice(0, -4));
    expect(signal!.shape).toEqual([3]);
  });
});
