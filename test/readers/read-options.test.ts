import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildVelox, encode, type Events } from './builders/emd-velox.ts';
import { buildHdr, buildMib } from './builders/frame-formats.ts';
import { buildJeolEvents, sweepWords } from './builders/jeol.ts';
import { temporaryFiles } from './builders/temporary.ts';

/* What a person may choose before a recording is opened: told only where choosing changes what is read. */

const { write } = temporaryFiles();
const optionsOf = async (path: string) => (await openHeader(path)).signals.map(({ options }) => options);

const sweep = sweepWords(4, 4, (y, x) => (x === y ? [100] : []));
const events: Events = [0, 1, 2].map((frame) => Array.from({ length: 6 }, () => [10 + frame]));
const scan = { height: 2, width: 3, channels: 16, frames: 3, version: '11' } as const;

describe('what can be chosen of a recording', () => {
  it('are the sweeps of a JEOL event list, when there are several', async () => {
    const of = (sweeps: number) =>
      buildJeolEvents({ width: 4, height: 4, words: Array.from({ length: sweeps }, () => [...sweep]).flat(), sweeps });
    expect(await optionsOf(write('two.pts', of(2)))).toEqual([{ frames: 2, summed: true }]);
    expect(await optionsOf(write('one.pts', of(1)))).toEqual([undefined]);
  });

  it('does not depend on what was chosen', async () => {
    const path = write('chosen.pts', buildJeolEvents({ width: 4, height: 4, words: [...sweep, ...sweep], sweeps: 2 }));
    const [signal] = (await openHeader(path, { frames: [1, 2], sumFrames: false })).signals;
    expect(signal!.options).toEqual({ frames: 2, summed: true });
  });

  it('are frames and detectors of a Velox recording', async () => {
    const one = await buildVelox({ ...scan, streams: [encode(events, 65535)] });
    const [alone] = await optionsOf(write('one.emd', one));
    expect(alone).toMatchObject({ summed: true });
    expect(alone).toHaveProperty('frames');
    expect(alone).not.toHaveProperty('detectors');
    const both = await buildVelox({ ...scan, streams: [encode(events, 65535), encode(events, 65535)] });
    const [two] = await optionsOf(write('both.emd', both));
    expect(two?.detectors).toHaveLength(2);
    // also while one of them is read alone
    const [chosen] = (await openHeader(write('again.emd', both), { detector: 1 })).signals;
    expect(chosen!.options?.detectors).toEqual(two?.detectors);
  });

  it('are the frames of a series, but not those of a scan', async () => {
    const frames = Array.from({ length: 6 }, (_, i) => new Uint8Array(4).fill(i));
    const mib = buildMib({ width: 2, height: 2, type: 'U08', depth: 6, frames });
    expect(await optionsOf(write('series.mib', mib))).toEqual([{ frames: 6 }]);
    write('scan.hdr', buildHdr({ 'Frames in Acquisition (Number)': 6, 'Frames per Trigger (Number)': 3 }));
    expect(await optionsOf(write('scan.mib', mib))).toEqual([undefined]);
  });
});

const sample = resolve(import.meta.dirname, '../../../shared/samples/emd-velox/example_fei_emd_si.emd');
describe.skipIf(!existsSync(sample))('a recording of Velox itself', () => {
  it('tells its five frames', async () => {
    expect((await optionsOf(sample))[0]).toMatchObject({ frames: 5, summed: true });
  });
});

describe('the refusal of a file whose name alone spoke for its format', () => {
  it('says so in its details, so that raw numbers can be offered', async () => {
    const path = write('numbers.dat', Buffer.alloc(512, 0xee));
    await expect(openHeader(path)).rejects.toMatchObject({ details: { byName: true } });
    const unknown = write('numbers.blob', Buffer.alloc(512, 0xee));
    await expect(openHeader(unknown)).rejects.toMatchObject({ details: { firstBytes: expect.any(String) as string } });
  });
});
