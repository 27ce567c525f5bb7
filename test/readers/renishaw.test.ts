import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, openPixels, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildJpeg, buildMap, buildWdf } from './builders/renishaw.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();

async function open(bytes: Uint8Array, hints = {}): Promise<readonly SignalHeader[]> {
  return (await openHeader(files.write('x.wdf', bytes), hints)).signals;
}

async function values(signal: SignalHeader): Promise<number[]> {
  const buffer = new SharedArrayBuffer(elementCount(signal.shape) * itemSize(signal.dtype));
  await loadCube(signal, buffer);
  return [...new Float32Array(buffer)];
}

/** 100 y + 10 x + channel over a map of nx × ny. */
const wanted = (nx: number, ny: number): number[] =>
  Array.from(
    { length: nx * ny * 3 },
    (_, i) => 100 * Math.floor(i / (3 * nx)) + 10 * (Math.floor(i / 3) % nx) + (i % 3),
  );

describe('WDF maps', () => {
  const orders = [
    { byColumns: false, toAndFro: false },
    { byColumns: false, toAndFro: true },
    { byColumns: true, toAndFro: false },
    { byColumns: true, toAndFro: true },
  ];
  it.each(orders.flatMap((order) => [true, false].map((withPositions) => ({ ...order, withPositions }))))(
    'have every spectrum at its place: %o',
    async (order) => {
      const [signal] = await open(buildMap(4, 3, order));
      expect(signal!.shape).toEqual([3, 4, 3]);
      expect(signal!.axes.map(({ name, scale, offset, navigate }) => [name, scale, offset, navigate])).toEqual([
        ['Y', 3, 5, true],
        ['X', 2, -20, true],
        ['Raman Shift', 100, 300, false],
      ]);
      expect(await values(signal!)).toEqual(wanted(4, 3));
    },
  );

  it('give any block as it is in the whole', async () => {
    const [signal] = await open(buildMap(5, 4, { toAndFro: true }));
    const source = await openPixels(signal!);
    expect([...source.read([1, 2, 1], [2, 3, 2])]).toEqual(
      [1, 2].flatMap((y) => [2, 3, 4].flatMap((x) => [1, 2].map((channel) => 100 * y + 10 * x + channel))),
    );
    source.close();
  });

  it('end with the row that was reached when they were interrupted, and what is missing is NaN', async () => {
    const [signal] = await open(buildMap(4, 3, { collected: 6 }));
    expect(signal!.shape).toEqual([2, 4, 3]);
    const found = await values(signal!);
    expect(found.slice(0, 18)).toEqual(wanted(4, 2).slice(0, 18));
    expect(found.slice(18)).toEqual(new Array<number>(6).fill(NaN));
    expect(signal!.warnings.join(' ')).toMatch(/6 of 12 spectra/);
    expect((await stats(signal!)).nanCount).toBe(6);
  });

  it('along a line have the distance from the first point as axis', async () => {
    const at = [0, 3, 6];
    const [signal] = await open(
      buildWdf({
        points: 2,
        spectra: [
          [2, 1],
          [4, 3],
          [6, 5],
        ],
        axis: [20, 10],
        axisUnit: 3,
        map: { flags: 128, location: [0, 0, 0], step: [3, 4, 1], length: [3, 1, 1] },
        origins: [
          { type: 3, label: 'X', values: at },
          { type: 4, label: 'Y', values: at.map((x) => (4 * x) / 3) },
        ],
      }),
    );
    // 3-4-5 triangles
    expect(signal!.axes[0]).toMatchObject({ name: 'Abs. Distance', units: 'µm', size: 3, scale: 5, offset: 0 });
    expect(signal!.axes[1]).toMatchObject({ name: 'Wavelength', units: 'nm', values: [10, 20] });
    expect(await values(signal!)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('take exposure, accumulations and laser from where the file keeps them', async () => {
    const [signal] = await open(buildMap(2, 2, {}));
    expect(signal!.metadata).toMatchObject({
      General: { title: 'a map', date: '2022-06-27', time: '17:48:23' },
      // 500 ms, 3 times; 20000 1/cm
      Acquisition_instrument: { Detector: { frames: 3, integration_time: 1.5 }, Laser: { wavelength: 500 } },
    });
    expect(signal!.originalMetadata['WXDM']).toEqual({ Scan: { 'Exposure Time': 500, Accumulations: 3 } });
  });
});

describe('other WDF measurements', () => {
  const spectra = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];

  it('step through what the file marks, evenly or not', async () => {
    const [signal] = await open(
      buildWdf({
        points: 2,
        spectra,
        axis: [10, 20],
        measurement: 2,
        origins: [
          { type: 11, unit: 24, label: 'Time', values: [100n, 200n, 300n] },
          { type: 5, label: 'Z', primary: true, values: [0, 1, 4] },
        ],
      }),
    );
    expect(signal!.axes[0]).toMatchObject({ name: 'Z', units: 'µm', values: [0, 1, 4] });
    expect(await values(signal!)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('count time from the first spectrum, in seconds', async () => {
    const ticks = [0, 2, 4].map((seconds) => 133_008_257_000_000_000n + BigInt(seconds) * 10_000_000n);
    const [signal] = await open(
      buildWdf({
        points: 2,
        spectra,
        axis: [10, 20],
        measurement: 2,
        origins: [{ type: 11, unit: 24, label: 'Time', primary: true, values: ticks }],
      }),
    );
    expect(signal!.axes[0]).toMatchObject({ name: 'Time', units: 's', scale: 2, offset: 0 });
  });

  it('that say nothing give their first spectrum, and all when asked', async () => {
    const bytes = buildWdf({ points: 2, spectra, axis: [10, 20], measurement: 0 });
    const [first] = await open(bytes);
    expect(first!.shape).toEqual([2]);
    expect(first!.warnings[0]).toMatch(/3 spectra/);
    const [all] = await open(bytes, { navigationShape: [3] });
    expect(await values(all!)).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(open(bytes, { navigationShape: [4] })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });

  it('with an x axis for every spectrum are refused in words', async () => {
    await expect(open(buildWdf({ points: 2, spectra, axis: [10, 20], flags: 1 }))).rejects.toMatchObject({
      code: 'unsupported-format',
    });
  });

  it('cut short are told from whole ones', async () => {
    const bytes = buildMap(4, 3, {});
    await expect(open(bytes.subarray(0, 560))).rejects.toMatchObject({
      code: expect.stringMatching(/corrupt|truncated/),
    });
  });
});

describe('pictures of the sample', () => {
  it('are a signal of their own, decoded when they are looked at', async () => {
    const [, picture] = await open(buildMap(2, 2, { picture: buildJpeg(2, [10, 200, 90, 128]) }));
    expect(picture).toMatchObject({ shape: [16, 16], dtype: 'rgb8' });
    const source = await openPixels(picture!);
    expect([...source.read([0, 0], [1, 16])]).toEqual([
      ...new Array<number>(24).fill(10),
      ...new Array<number>(24).fill(200),
    ]);
    expect([...source.read([8, 7], [1, 2])]).toEqual([90, 90, 90, 128, 128, 128]);
    source.close();
  });

  it('that promise more than their bytes can hold are refused before memory is asked for', async () => {
    const bytes = buildJpeg(1, [50]);
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    bytes.fill(0xff, frame + 5, frame + 9);
    await expect(open(buildMap(2, 2, { picture: bytes }))).rejects.toThrow(/65535 × 65535/);
  });
});
