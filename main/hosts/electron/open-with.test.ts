import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf } from './open-with.ts';

describe('filesOf', () => {
  const folder = resolve('/data');

  it('takes every argument of an installed app that is no switch', () => {
    const argv = ['/opt/Eigenscope/eigenscope', '--no-sandbox', 'map.dm4', '/scratch/b.hspy'];
    expect(filesOf(argv, folder, true)).toEqual([resolve('/data/map.dm4'), resolve('/scratch/b.hspy')]);
  });

  it('leaves out the folder of the application in a checkout, wherever switches stand', () => {
    expect(filesOf(['electron', '/src/eigenscope', 'map.dm4'], folder, false)).toEqual([resolve('/data/map.dm4')]);
    expect(filesOf(['electron', '--inspect=0', '/src/eigenscope', '-x'], folder, false)).toEqual([]);
  });
});
