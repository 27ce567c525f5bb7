import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { unpackBzip2 } from '../../workers/readers/bzip2.ts';
import { openPixels, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildProject, mapCounts, packedProjects } from './builders/phenom.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();

describe('bzip2', () => {
  it('is unpacked to the bytes that were packed', () => {
    for (const version of [0, 4] as const) {
      expect(Buffer.compare(unpackBzip2('x', packedProjects[version], 1e6), buildProject(version))).toBe(0);
    }
    // bz2.compress(b'') and bz2.compress(b'a' * 1000)
    expect(unpackBzip2('x', Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64'), 10)).toHaveLength(0);
    const runs = Buffer.from('QlpoOTFBWSZTWUncT2MAAAGBAaAAAIAACCAAIKptQZi6g8XckU4UJBJ3E9jA', 'base64');
    expect(Buffer.from(unpackBzip2('x', runs, 1000)).toString()).toBe('a'.repeat(1000));
    expect(() => unpackBzip2('x', runs, 999)).toThrow(/more than 999/);
  });

  it('that breaks off is refused at any place', () => {
    const packed = packedProjects[0];
    for (let length = 0; length < packed.length - 10; length += 7) {
      expect(() => unpackBzip2('x', packed.subarray(0, length), 1e6)).toThrow(/bzip2/);
    }
  });
});

describe.each([0, 4] as const)('Phenom projects of version %i', (version) => {
  it('hold spots, maps, lines and differences', async () => {
    const { signals } = await openHeader(files.write(`v${version}.elid`, packedProjects[version]));
    expect(signals.map(({ title, shape, dtype }) => [title, shape, dtype])).toEqual([
      ['Image 1, Spot 1', [3], 'int64'],
      ['Image 1, Map 2', [2, 2, 3], 'uint32'],
      ['Image 1, Line 3', [2, 3], 'uint32'],
      ['Image 1, Difference 1 - 2', [3], 'int64'],
    ]);
    const values = await Promise.all(
      signals.map(async (signal) => {
        const source = await openPixels(signal);
        const read = [
          ...source.read(
            signal.shape.map(() => 0),
            [...signal.shape],
          ),
        ].map(Number);
        source.close();
        return read;
      }),
    );
    expect(values).toEqual([[1, 300, 3], mapCounts, [1, 2, 3, 4, 5, 6], [0, 1, -1]]);
    expect(signals[1]!.axes.at(-1)).toMatchObject({ units: 'keV', scale: 0.01, offset: -0.04 });
    expect(signals[0]!.metadata).toMatchObject({
      General: { date: '2019-08-07', time: '09:37:31' },
      Acquisition_instrument: {
        SEM: { beam_energy: 15, Stage: { x: 1, y: 2 }, Detector: { EDS: { live_time: 5, real_time: 10 } } },
      },
    });
    const eds = (
      signals[0]!.metadata as { Acquisition_instrument: { SEM: { Detector: { EDS: { elevation_angle: number } } } } }
    ).Acquisition_instrument.SEM.Detector.EDS;
    expect(eds.elevation_angle).toBeCloseTo(30, 12);
  });
});

const folder = fileURLToPath(new URL('../../../shared/samples/phenom/', import.meta.url));
describe.skipIf(!existsSync(folder))('sample projects', () => {
  // HyperSpy 1.7.3 on version 0, with an LZW decoder added to tifffile; the same analyses are in version 4
  const sums = [124601, 114223, 32790, 67239, 127284, 33, 35573, 146075];
  it.each(['Elid2Version0.elid', 'Elid2Version4.elid'])('%s has the sums that HyperSpy gives', async (name) => {
    const { signals } = await openHeader(folder + name);
    expect(await Promise.all(signals.map(async (signal) => Number((await stats(signal)).sum)))).toEqual(sums);
  });
});
