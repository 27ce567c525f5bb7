import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, openPixels, probe, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { BcfOptions, Packing } from './builders/bruker.ts';
import { buildBcf, buildBcfXml, buildMap, buildSfs, buildSpx, mixedRecord, testSpectrum } from './builders/bruker.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
const packings: readonly Packing[] = ['pulses', 'packed', 'runs'];
const size = { height: 6, width: 7, channels: 64 };
const small: BcfOptions = { ...size, spectrum: testSpectrum(64), packing: () => 'pulses' };

/** The cube that the map was built from. */
const expected = ({ height, width, channels, spectrum }: BcfOptions): number[] => {
  const values: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values.push(...Array.from(spectrum(y, x) ?? new Uint8Array(channels)));
  }
  return values;
};

async function cube(signal: SignalHeader): Promise<number[]> {
  const bytes = elementCount(signal.shape) * itemSize(signal.dtype);
  const buffer = new SharedArrayBuffer(bytes);
  // what was there before must not shine through
  new Uint8Array(buffer).fill(7);
  await loadCube(signal, buffer);
  if (signal.dtype === 'uint8') return Array.from(new Uint8Array(buffer));
  return Array.from(signal.dtype === 'uint16' ? new Uint16Array(buffer) : new Uint32Array(buffer));
}

describe('a Bruker map', () => {
  it.each(packings)('gives every count of pixels stored as %s', async (packing) => {
    const options = { ...small, packing: () => packing };
    const [signal] = (await openHeader(write(`${packing}.bcf`, buildBcf(options)))).signals;
    expect(signal!.shape).toEqual([6, 7, 64]);
    expect(signal!.dtype).toBe('uint8');
    expect(await cube(signal!)).toEqual(expected(options));
  });

  it.each([
    ['packed into blocks', { compressed: true }],
    ['whose chunks do not lie together', { scattered: true }],
    ['in large chunks', { chunkBytes: 65536 }],
  ])('is read from a container %s', async (name, how) => {
    const options = { ...small, ...how, packing: (y: number, x: number) => packings[(x + y) % 3]! };
    const [signal] = (await openHeader(write(`${name}.bcf`, buildBcf(options)))).signals;
    expect(await cube(signal!)).toEqual(expected(options));
  });

  it.each([
    [255, 'uint8'],
    [256, 'uint16'],
    [65535, 'uint16'],
    [65536, 'uint32'],
  ] as const)('whose largest count is %i has %s', async (peak, dtype) => {
    const spectrum = (y: number, x: number): number[] => {
      const counts = new Array<number>(64).fill(0);
      counts[10] = 3;
      if (y === 5 && x === 6) counts[20] = peak;
      return counts;
    };
    const options = { ...small, spectrum, packing: () => 'runs' as const };
    const [signal] = (await openHeader(write(`peak-${peak}.bcf`, buildBcf(options)))).signals;
    expect(signal!.dtype).toBe(dtype);
    expect(await stats(signal!)).toMatchObject({ max: peak, sum: 3 * 42 + peak });
  });

  it('stays in a byte when hundreds of pulses fall into many channels', async () => {
    const spectrum = (): number[] => new Array<number>(64).fill(9);
    const path = write('many.bcf', buildBcf({ ...small, spectrum, packing: () => 'packed' }));
    expect((await openHeader(path)).signals[0]!.dtype).toBe('uint8');
  });

  it('gives lines that are longer than what is unpacked together, from more bytes than are read together', async () => {
    const [height, width, channels] = [4, 160, 4096];
    const spectrum = (y: number, x: number): number[] | null => {
      const counts = new Array<number>(channels).fill(0);
      for (let i = 0; i < 300; i++) counts[(i * 131 + 17 * x + 1009 * y) % channels]! += 1 + ((i + x) % 3);
      return x % 11 === 5 ? null : counts;
    };
    const packing = (y: number, x: number): Packing => packings[(x + y) % 3]!;
    const path = write('wide.bcf', buildBcf({ height, width, channels, energy: 300, spectrum, packing }));
    const [signal] = (await openHeader(path)).signals;
    expect(signal).toMatchObject({ shape: [height, width, channels], dtype: 'uint8' });
    const buffer = new SharedArrayBuffer(height * width * channels);
    await loadCube(signal!, buffer);
    expect(Buffer.from(buffer).equals(Uint8Array.from(expected({ height, width, channels, spectrum, packing })))).toBe(
      true,
    );
    const pixels = await openPixels(signal!);
    expect(Array.from(pixels.read([3, 150, 4000], [1, 1, 96]), Number)).toEqual(spectrum(3, 150)!.slice(4000));
    pixels.close();
  });

  it('adds the pulses that follow the runs of a spectrum', async () => {
    const counts = new Array<number>(64).fill(0).map((_, c) => (c > 8 && c < 30 ? 20 + c : 0));
    const map = buildMap({ height: 1, width: 2, spectrum: () => null, packing: () => 'runs' });
    map.writeUInt32LE(1, 0x1a0);
    const path = write(
      'mixed.bcf',
      buildSfs({
        files: {
          HeaderData: buildBcfXml({ width: 2, height: 1, channels: 64 }),
          SpectrumData0: Buffer.concat([map, mixedRecord(1, counts, [9, 9, 63])]),
        },
      }),
    );
    const [signal] = (await openHeader(path)).signals;
    const wanted = counts.slice();
    wanted[9]! += 2;
    wanted[63]! += 1;
    expect(await cube(signal!)).toEqual([...new Array<number>(64).fill(0), ...wanted]);
  });

  it('gives any block as it is in the cube', async () => {
    const options = { ...small, packing: (y: number, x: number) => packings[(x + y) % 3]!, compressed: true };
    const [signal] = (await openHeader(write('blocks.bcf', buildBcf(options)))).signals;
    const all = expected(options);
    const source = await openPixels(signal!);
    const got = source.read([2, 3, 5], [3, 2, 40]);
    source.close();
    const wanted: number[] = [];
    for (let y = 2; y < 5; y++) {
      for (let x = 3; x < 5; x++) wanted.push(...all.slice((y * 7 + x) * 64 + 5, (y * 7 + x) * 64 + 45));
    }
    expect(Array.from(got as Uint8Array)).toEqual(wanted);
  });

  // HyperSpy 1.7.3 keeps all channels as well unless it is told to cut
  it('keeps what was counted in channels beyond the energy of the beam', async () => {
    // −0.47 keV + 0.01 keV · n reaches 0.035 keV at n = 50.5
    const options = { ...small, energy: '0,035' };
    const [signal] = (await openHeader(write('beyond.bcf', buildBcf(options)))).signals;
    expect(signal!.shape).toEqual([6, 7, 64]);
    const all = expected(options);
    const at = all.findIndex((count, i) => count > 0 && i % 64 > 51);
    expect(at).toBeGreaterThan(0);
    expect(await probe(signal!, [Math.floor(at / 448), Math.floor(at / 64) % 7, at % 64])).toBe(all[at]);
  });

  it('tells calibration, microscope, detector and elements', async () => {
    const [signal] = (await openHeader(write('meta.bcf', buildBcf(small)))).signals;
    expect(signal!.axes).toMatchObject([
      { name: 'height', units: 'µm', scale: 2.5, navigate: true },
      { name: 'width', units: 'µm', scale: 2.5, navigate: true },
      { name: 'Energy', units: 'keV', scale: 0.01, offset: -0.47, navigate: false },
    ]);
    expect(signal!.signalType).toBe('EDS_SEM');
    expect(signal!.metadata).toMatchObject({
      General: { date: '2016-04-01', time: '18:05:10', original_filename: 'meta.bcf' },
      Acquisition_instrument: {
        SEM: {
          beam_energy: 20,
          magnification: 131.1433,
          Stage: { tilt_alpha: 0.5, x: 62409.2, y: 36517.61, rotation: 329.5 },
          Detector: { EDS: { azimuth_angle: 90, elevation_angle: 35, detector_type: 'XFlash 6|10' } },
        },
      },
      Sample: { name: 'Grain 7', elements: ['Pd', 'Ti'], xray_lines: ['Pd_La', 'Ti_Ka'] },
    });
    // 6 lines of 7 pixels scanned 3 times, 2 µs · 16 · 2 each
    const { SEM } = signal!.metadata['Acquisition_instrument'] as { SEM: { Detector: { EDS: { real_time: number } } } };
    expect(SEM.Detector.EDS.real_time).toBeCloseTo(6 * 7 * 3 * 64e-6, 12);
  });

  it('comes with the pictures that were recorded, not with those that were not', async () => {
    const image = Uint16Array.from({ length: 42 }, (_, i) => i * 1500);
    const { signals } = await openHeader(write('picture.bcf', buildBcf({ ...small, image })));
    expect(signals.map(({ title, shape, dtype }) => [title, shape, dtype])).toEqual([
      ['EDX', [6, 7, 64], 'uint8'],
      ['BSE', [6, 7], 'uint16'],
    ]);
    expect(await probe(signals[1]!, [5, 6])).toBe(41 * 1500);
  });

  // HyperSpy 1.7.3 shows the picture of such a map as well
  it('comes with a picture that is marked as not valid and yet holds values', async () => {
    const image = Uint16Array.from({ length: 42 }, (_, i) => i * 1500);
    const { signals } = await openHeader(write('marked.bcf', buildBcf({ ...small, image, invalidImage: true })));
    expect(signals.map(({ title }) => title)).toEqual(['EDX', 'BSE']);
    expect(await probe(signals[1]!, [5, 6])).toBe(41 * 1500);
  });

  it('is one of several when there are several', async () => {
    const { signals } = await openHeader(write('two.bcf', buildBcf({ ...small, maps: 2 })));
    expect(signals.map(({ title }) => title)).toEqual(['EDX 1', 'EDX 2']);
    expect(await cube(signals[1]!)).toEqual(expected(small));
  });

  it('that breaks off gives the lines before, zeros behind, and says so', async () => {
    const map = buildMap(small);
    const files = {
      HeaderData: buildBcfXml(size),
      SpectrumData0: map.subarray(0, map.length - 900),
    };
    const [signal] = (await openHeader(write('broken.bcf', buildSfs({ files })))).signals;
    expect(signal!.warnings.join()).toMatch(/incomplete/);
    const got = await cube(signal!);
    const all = expected(small);
    const same = got.findIndex((value, i) => value !== all[i]);
    expect(same).toBeGreaterThan(2 * 7 * 64);
    expect(got.slice(-64).every((value) => value === 0)).toBe(true);
  });

  it('in a container that was cut short keeps what is there', async () => {
    const whole = buildBcf({ ...small, height: 40, spectrum: testSpectrum(64) });
    // tables come last in what the builder writes: only a map whose table is there can be read
    await expect(openHeader(write('cut-off.bcf', whole.subarray(0, whole.length - 6000)))).rejects.toMatchObject({
      code: expect.stringMatching(/truncated-file|corrupt-file/),
    });
  });

  it('that announces far more pixels than its bytes can hold is refused', async () => {
    const map = buildMap(small);
    map.writeUInt32LE(4_000_000, 4);
    const path = write('huge.bcf', buildSfs({ files: { HeaderData: buildBcfXml(size), SpectrumData0: map } }));
    await expect(openHeader(path)).rejects.toMatchObject({ code: 'corrupt-file' });
  });

  it.each([
    ['is no container', Buffer.from('NotToday0.......')],
    ['holds no header', buildSfs({ files: { Other: Buffer.from('x') } })],
    ['is of another folder', buildSfs({ folder: 'EBSDData', files: { HeaderData: buildBcfXml(size) } })],
  ])('that %s is refused by name', async (name, bytes) => {
    const path = write(`${name}.bcf`, bytes);
    await expect(openHeader(path)).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringContaining(name),
    });
  });
});

describe('a Bruker spectrum', () => {
  it('is read with its calibration and times', async () => {
    const { format, signals } = await openHeader(write('one.spx', buildSpx([0, 1, 2, 70000])));
    expect(format).toBe('bruker-spx');
    expect(signals[0]).toMatchObject({ shape: [4], dtype: 'uint64', signalType: 'EDS_SEM', title: 'EDX' });
    expect(signals[0]!.axes[0]).toMatchObject({ units: 'keV', scale: 0.01, offset: -0.47 });
    expect(await stats(signals[0]!)).toMatchObject({ sum: 70003, max: 70000 });
    expect(signals[0]!.metadata).toMatchObject({
      Acquisition_instrument: { SEM: { beam_energy: 20, Detector: { EDS: { real_time: 7.575, live_time: 7.385 } } } },
    });
  });

  it('without counts, or with something else, is refused', async () => {
    await expect(openHeader(write('none.spx', buildSpx([])))).rejects.toMatchObject({ code: 'corrupt-file' });
    const bytes = Buffer.from(buildSpx([1, 2, 3]).toString('latin1').replace('1,2,3', '1,x,3'), 'latin1');
    await expect(openHeader(write('text.spx', bytes))).rejects.toMatchObject({ code: 'corrupt-file' });
  });
});
