import { describe, expect, it } from 'vitest';
import { buildNpy } from '../readers/builders/numpy.ts';
import { openShell } from './harness.ts';

describe('prepare', () => {
  const shell = openShell();
  const ramp = (): string => shell.write('map.npy', buildNpy({ shape: [4, 6, 20], dtype: 'uint16' }));
  const shapeOf = async (file: string): Promise<number[]> => {
    const { out } = await shell.run('info', file, '--json');
    return (JSON.parse(out) as { signals: { shape: number[] }[] }).signals[0]!.shape;
  };

  it('writes one step as a file of any format', async () => {
    ramp();
    const done = await shell.run(
      'prepare',
      'crop',
      'map.npy',
      'cut.hspy',
      '--axis',
      'channel',
      '--start',
      '5',
      '--end',
      '15',
    );
    expect(done).toMatchObject({ status: 0, places: [shell.path('cut.hspy')] });
    expect(await shapeOf('cut.hspy')).toEqual([4, 6, 10]);
    expect((await shell.run('prepare', 'rebin', 'cut.hspy', 'bins.tif', '--scale', '2,3,1')).status).toBe(0);
    const twice = ['prepare', 'merge', 'map.npy', 'long.npy', '--axis', 'y', '--others', 'map.npy,map.npy'];
    expect((await shell.run(...twice)).status).toBe(0);
    expect(await shapeOf('long.npy')).toEqual([12, 6, 20]);
  });

  it('takes what a file does not say, and keeps files that are there', async () => {
    shell.write('raw.bin', new Uint8Array(4 * 6 * 20 * 2 + 8));
    const raw = ['--raw-type', 'uint16', '--raw-offset', '8', '--signal-shape', '20', '--navigation-shape', '4,6'];
    const step = ['prepare', 'reduce_axis', 'raw.bin', 'sum.npy', '--axis', 'y', ...raw];
    expect((await shell.run(...step)).status).toBe(0);
    expect(await shapeOf('sum.npy')).toEqual([6, 20]);
    expect(await shell.run(...step)).toMatchObject({ status: 5 });
  });

  it('says what is wrong in the words of the command line', async () => {
    ramp();
    const refusals: [string[], number, RegExp][] = [
      [['sharpen', 'map.npy', 'a.npy'], 2, /prepare takes a step first: crop, .*; got sharpen/],
      [['crop', 'map.npy', 'a.npy'], 2, /axis must be given/],
      [
        ['crop', 'map.npy', 'a.npy', '--axis', 'energy'],
        2,
        /no axis “energy”; there are y \(0\), x \(1\), channel \(2\)/,
      ],
      [['crop', 'map.npy', 'a.npy', '--axis', '2', '--start', '30'], 2, /nothing of channel/],
      [['smooth', 'map.npy', 'a.npy', '--window_length', '4'], 2, /must be odd/],
      [['crop', 'map.npy', 'a.xyz', '--axis', '2'], 2, /can be written as/],
      [['merge', 'map.npy', 'a.npy', '--axis', 'y', '--others', 'no.npy'], 3, /no\.npy is not there/],
    ];
    for (const [args, status, message] of refusals) {
      const done = await shell.run('prepare', ...args);
      expect(done.error, args.join(' ')).toMatch(message);
      expect(done.status, args.join(' ')).toBe(status);
    }
  });

  it('lists its steps, and the flags of one', async () => {
    expect((await shell.run('prepare', '--help')).out).toMatch(/remove_background +Estimates/);
    expect((await shell.run('prepare', 'smooth', '--help')).out).toMatch(/--window_length/);
  });
});
