import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount } from '../../workers/model/dtype.ts';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, openPixels, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildVelox, buildVeloxEels, encode, type Events, type VeloxOptions } from './builders/emd-velox.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
let count = 0;

async function open(options: VeloxOptions, hints: ReadHints = {}): Promise<readonly SignalHeader[]> {
  const path = files.write(`velox-${count++}.emd`, await buildVelox(options));
  const header = await openHeader(path, hints);
  expect(header.format).toBe('emd-velox');
  return header.signals;
}

/** Events of a scan that can be told apart: pixel p of frame f has p % 3 counts in channel p and one in channel f. */
const scanEvents = (frames: number, pixels: number): Events =>
  Array.from({ length: frames }, (_, f) =>
    Array.from({ length: pixels }, (_, p) => [...new Array<number>(p % 3).fill(p), 10 + f]),
  );

/** The counts that the description of the format promises, straight from the events. */
function expected(events: Events, channels: number, frames: readonly number[]): number[] {
  const counts = new Array<number>(events[0]!.length * channels).fill(0);
  for (const frame of frames) {
    events[frame]!.forEach((pixel, p) => pixel.forEach((channel) => counts[p * channels + channel]!++));
  }
  return counts;
}

async function all(signal: SignalHeader): Promise<number[]> {
  const source = await openPixels(signal);
  try {
    return Array.from(
      source.read(
        signal.shape.map(() => 0),
        signal.shape,
      ),
      Number,
    );
  } finally {
    source.close();
  }
}

const events = scanEvents(3, 6);
const scan: VeloxOptions = {
  height: 2,
  width: 3,
  channels: 16,
  streams: [encode(events, 65535)],
  frames: 3,
  version: '4',
};

describe('the event stream of a Velox file', () => {
  it('is counted into (height, width, channels), all frames summed', async () => {
    const [signal] = await open(scan);
    expect(signal).toMatchObject({ title: 'EDS', signalType: 'EDS_TEM', shape: [2, 3, 16], dtype: 'uint16' });
    expect(signal!.axes.map((axis) => axis.navigate)).toEqual([true, true, false]);
    expect(await all(signal!)).toEqual(expected(events, 16, [0, 1, 2]));
  });

  it('gives energies in keV and positions in a unit of readable size', async () => {
    const [signal] = await open(scan);
    const [y, x, energy] = signal!.axes;
    expect(energy).toMatchObject({ units: 'keV', scale: 0.01, offset: -0.25 });
    expect(x).toMatchObject({ name: 'x', units: 'nm' });
    expect(x!.scale).toBeCloseTo(5, 12);
    expect(x!.offset).toBeCloseTo(-10, 12);
    expect(y!.scale).toBeCloseTo(4, 12);
    expect(y!.offset).toBeCloseTo(20, 12);
  });

  // HyperSpy 1.7.3 shows 512 pixels of 5.3 nm in µm, 16 of them in nm
  it('gives large fields in the next larger unit', async () => {
    const [, image] = await open({ ...scan, height: 1, width: 512, streams: [encode([[[1]]], 65535)], frames: 1 });
    expect(image!.axes.map(({ units }) => units)).toEqual(['µm', 'µm']);
    expect(image!.axes[1]!.scale).toBeCloseTo(0.005, 12);
    expect(image!.axes[1]!.offset).toBeCloseTo(-0.01, 12);
  });

  it('of one place, without a scan, is left to its sum spectrum', async () => {
    const signals = await open({ ...scan, isPoint: true });
    expect(signals.map(({ title, shape }) => [title, shape])).toEqual([['EDS', [16]]]);
  });

  it('sums detectors unless one is asked for', async () => {
    const other: Events = events.map((frame) => frame.map(() => [15]));
    const both = { ...scan, streams: [encode(events, 65535), encode(other, 65535)] };
    const sum = expected(events, 16, [0, 1, 2]).map((n, i) => n + (i % 16 === 15 ? 3 : 0));
    expect(await all((await open(both))[0]!)).toEqual(sum);
    expect(await all((await open(both, { detector: 1 }))[0]!)).toEqual(expected(other, 16, [0, 1, 2]));
    await expect(open(both, { detector: 2 })).rejects.toMatchObject({ code: 'parameter-out-of-range' });
  });

  it('keeps angles that detectors share and those of the one that is asked for', async () => {
    const both = { ...scan, streams: [encode(events, 65535), encode(events, 65535)] };
    const eds = async (hints: ReadHints) => (await open(both, hints))[0]!.metadata['Acquisition_instrument'];
    expect(await eds({})).toMatchObject({ TEM: { beam_energy: 200, Detector: { EDS: { elevation_angle: 18 } } } });
    expect(await eds({})).not.toHaveProperty('TEM.Detector.EDS.azimuth_angle');
    expect(await eds({ detector: 1 })).toMatchObject({ TEM: { Detector: { EDS: { azimuth_angle: 135 } } } });
  });

  it('counts some frames only, or keeps every frame on an axis of its own', async () => {
    expect(await all((await open(scan, { frames: [1, 3] }))[0]!)).toEqual(expected(events, 16, [1, 2]));
    const [apart] = await open(scan, { sumFrames: false, frames: [1, 9] });
    expect(apart!.shape).toEqual([2, 2, 3, 16]);
    expect(apart!.axes[0]).toMatchObject({ name: 'Time', units: 's', scale: 0.5, navigate: true });
    expect(await all(apart!)).toEqual([...expected(events, 16, [1]), ...expected(events, 16, [2])]);
    await expect(open(scan, { frames: [3, 4] })).rejects.toMatchObject({ code: 'parameter-out-of-range' });
  });

  it('keeps what there is of an incomplete last frame', async () => {
    // 2 frames and 4 of 6 pixels, the last of them without its end
    const words = encode([...events.slice(0, 2), events[2]!.slice(0, 4)], 65535, true);
    const [signal] = await open({ ...scan, streams: [words] });
    const part = events.map((frame, f) => frame.map((pixel, p) => (f === 2 && p >= 4 ? [] : pixel)));
    expect(await all(signal!)).toEqual(expected(part, 16, [0, 1, 2]));
    const [apart] = await open({ ...scan, streams: [words] }, { sumFrames: false });
    expect(apart!.shape[0]).toBe(3);
    expect(await all(apart!)).toEqual([0, 1, 2].flatMap((frame) => expected(part, 16, [frame])));
  });

  it('leaves out what follows the last pixel of the last frame', async () => {
    const [signal] = await open({ ...scan, streams: [[...encode(events, 65535), 3, 3, 3]] });
    expect(await all(signal!)).toEqual(expected(events, 16, [0, 1, 2]));
  });

  it.each([
    [8, 255],
    [32, 0xffff_ffff],
  ] as const)('is read in words of %i bits', async (wordBits, end) => {
    const [signal] = await open({ ...scan, wordBits, streams: [encode(events, end)] });
    expect(await all(signal!)).toEqual(expected(events, 16, [0, 1, 2]));
  });

  it('leaves out words that are no channel', async () => {
    const [signal] = await open({ ...scan, channels: 12, streams: [encode(events, 65535)] });
    const inside = events.map((frame) => frame.map((pixel) => pixel.filter((channel) => channel < 12)));
    expect(await all(signal!)).toEqual(expected(inside, 12, [0, 1, 2]));
  });

  it('stops at the largest count instead of beginning again at 0', async () => {
    const crowded: Events = [[new Array<number>(100_000).fill(2), ...new Array<number[]>(17).fill([])]];
    const [signal] = await open({ ...scan, height: 3, width: 6, streams: [encode(crowded, 65535)], frames: 1 });
    expect(signal!.dtype).toBe('uint16');
    expect((await stats(signal!)).max).toBe(65535);
    const [wide] = await open({ ...scan, streams: [encode([crowded[0]!.slice(0, 6)], 65535)], frames: 1 });
    expect(wide!.dtype).toBe('uint32');
    expect((await stats(wide!)).max).toBe(100_000);
  });

  it('reads any block as the whole has it', async () => {
    const many = scanEvents(4, 20 * 7).map((frame) => frame.map((pixel) => pixel.map((channel) => channel % 13)));
    const [signal] = await open({
      ...scan,
      height: 20,
      width: 7,
      channels: 13,
      streams: [encode(many, 65535)],
      frames: 4,
    });
    const whole = expected(many, 13, [0, 1, 2, 3]);
    const source = await openPixels(signal!);
    for (const [start, size] of [
      [
        [3, 0, 0],
        [5, 7, 13],
      ],
      [
        [0, 2, 4],
        [20, 3, 5],
      ],
      [
        [19, 6, 12],
        [1, 1, 1],
      ],
      [
        [7, 1, 0],
        [1, 6, 13],
      ],
    ] as const) {
      const want: number[] = [];
      for (let y = start[0]; y < start[0] + size[0]; y++)
        for (let x = start[1]; x < start[1] + size[1]; x++)
          for (let c = start[2]; c < start[2] + size[2]; c++) want.push(whole[(y * 7 + x) * 13 + c]!);
      expect(Array.from(source.read(start, size), Number)).toEqual(want);
    }
    source.close();
    const buffer = new SharedArrayBuffer(2 * elementCount(signal!.shape));
    await loadCube(signal!, buffer);
    expect([...new Uint16Array(buffer)]).toEqual(whole);
  });

  it('is refused when it is far shorter than one frame of its scan', async () => {
    await expect(open({ ...scan, height: 100, width: 100, streams: [[1, 2, 65535]], frames: 1 })).rejects.toMatchObject(
      {
        code: 'truncated-file',
      },
    );
  });
});

describe('the size of the scan', () => {
  it.each(['4', '11'] as const)(
    'is that of the image recorded with it, not of another one (version %s)',
    async (version) => {
      const signals = await open({ ...scan, version, survey: [5, 4] });
      expect(signals[0]!.shape).toEqual([2, 3, 16]);
      expect(signals.map(({ title }) => title)).toEqual(['EDS', 'BF', version === '4' ? 'HAADF' : 'Dark field', 'EDS']);
    },
  );

  it('agrees with the table of frames', async () => {
    const table = [0, encode(events.slice(0, 1), 65535).length, encode(events.slice(0, 2), 65535).length];
    const [signal] = await open({ ...scan, survey: [3, 4], frameTable: table });
    expect(signal!.shape).toEqual([2, 3, 16]);
  });
});

describe('images of Velox files', () => {
  const image = Uint16Array.from([1, 10, 100, 2, 20, 200, 3, 30, 300, 4, 40, 400, 5, 50, 500, 6, 60, 600]);

  it('are shown as float64; of those recorded with spectra the first frame', async () => {
    const signal = (await open({ ...scan, image }))[1]!;
    expect(signal).toMatchObject({ title: 'HAADF', shape: [2, 3], dtype: 'float64' });
    expect(await all(signal)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await all((await open({ ...scan, image }, { frames: [2, 3] }))[1]!)).toEqual([100, 200, 300, 400, 500, 600]);
  });

  it('have their frames first where frames are asked for', async () => {
    const signal = (await open({ ...scan, image, gzip: 4 }, { sumFrames: false, frames: [1, 3] }))[1]!;
    expect(signal.shape).toEqual([2, 2, 3]);
    expect(await all(signal)).toEqual([10, 20, 30, 40, 50, 60, 100, 200, 300, 400, 500, 600]);
  });

  it('keep the date, the instrument and the stage', async () => {
    const [, signal] = await open({ ...scan, image });
    expect(signal!.metadata).toMatchObject({
      General: { title: 'HAADF', date: '2017-03-06', time: '09:57:56', time_zone: 'UTC' },
      Acquisition_instrument: {
        TEM: { beam_energy: 200, camera_length: 98, microscope: 'Talos', Stage: { tilt_alpha: 5.73 } },
      },
    });
  });
});

it('sum spectra are read with their energies', async () => {
  const spectrum = (await open(scan)).at(-1)!;
  expect(spectrum).toMatchObject({ title: 'EDS', shape: [16], dtype: 'uint32' });
  expect(spectrum.axes[0]).toMatchObject({ units: 'keV', scale: 0.01, offset: -0.25 });
});

it('energy losses of a map are brought behind its places', async () => {
  const path = join(files.folder, 'eels.emd');
  files.write('eels.emd', await buildVeloxEels(2, 3, 4));
  const [signal] = (await openHeader(path)).signals;
  expect(signal).toMatchObject({ signalType: 'EELS', shape: [2, 3, 4], dtype: 'float32' });
  expect(signal!.axes[2]).toMatchObject({ name: 'Energy-loss', units: 'eV', scale: 0.25, offset: 100 });
  // element (y, E, x) of the file holds (y · 4 + E) · 3 + x
  const source = await openPixels(signal!);
  expect(Array.from(source.read([1, 2, 0], [1, 1, 4]), Number)).toEqual([14, 17, 20, 23]);
  source.close();
});
