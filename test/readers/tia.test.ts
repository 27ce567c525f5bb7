import { describe, expect, it } from 'vitest';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildEmi, buildSer } from './builders/tia.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
const position = { description: 'Position', units: 'meters', delta: 2e-10 };
const map = [
  { ...position, size: 4, offset: 1e-9 },
  { ...position, size: 3, delta: -3e-10 },
];

const open = async (path: string, hints: ReadHints = {}): Promise<readonly SignalHeader[]> =>
  (await openHeader(path, hints)).signals;

async function values(signal: SignalHeader): Promise<number[]> {
  const source = await openPixels(signal);
  const all = [
    ...source.read(
      signal.shape.map(() => 0),
      signal.shape,
    ),
  ].map(Number);
  source.close();
  return all;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('a SER', () => {
  it.each(['uint8', 'uint16', 'uint32', 'int8', 'int16', 'int32', 'float32', 'float64'] as const)(
    'holds spectra of %s with pointers of either width',
    async (dtype) => {
      for (const version of [0x210, 0x220] as const) {
        const [signal] = await open(write('types_1.ser', buildSer({ dimensions: map, element: [5], dtype, version })));
        expect(signal).toMatchObject({ shape: [3, 4, 5], dtype });
        expect(await values(signal!)).toEqual(upTo(60));
      }
    },
  );

  it.each(['complex64', 'complex128'] as const)('holds images of %s, rows from the top down', async (dtype) => {
    const [signal] = await open(
      write('complex_1.ser', buildSer({ dimensions: [{ size: 2 }], element: [2, 3], dtype })),
    );
    expect(signal).toMatchObject({ shape: [2, 2, 3], dtype });
    expect(await values(signal!)).toEqual(upTo(24));
  });

  it('calibrates the axes of a map in nm and of its spectra in eV', async () => {
    const bytes = buildSer({ dimensions: map, element: [5], calibration: [[-20, 0.2, 10]] });
    const [signal] = await open(write('axes_1.ser', bytes));
    expect(signal!.axes).toMatchObject([
      { name: 'y', units: 'nm', size: 3, navigate: true, scale: -0.3 },
      { name: 'x', units: 'nm', size: 4, navigate: true, scale: 0.2 },
      { name: 'Energy', units: 'eV', size: 5, navigate: false, scale: 0.2, offset: -22 },
    ]);
  });

  it('takes the step of a line scan from its positions', async () => {
    const positions = upTo(6).map((i) => [3e-9 * i, 4e-9 * i] as const);
    const bytes = buildSer({ dimensions: [{ ...position, size: 6 }], element: [8], positions });
    const [signal] = await open(write('line_1.ser', bytes));
    expect(signal!.axes[0]).toMatchObject({ name: 'x', units: 'nm', size: 6 });
    expect(signal!.axes[0]!.scale).toBeCloseTo(5, 12);
  });

  it('tells from its positions that the second dimension was the fast one', async () => {
    // three positions along y, then the next x
    const positions = upTo(12).map((i) => [Math.floor(i / 3) * 2e-10, (i % 3) * -3e-10] as const);
    const bytes = buildSer({ dimensions: map, element: [2], positions });
    const [signal] = await open(write('columns_1.ser', bytes));
    expect(signal!.shape).toEqual([4, 3, 2]);
    expect(signal!.axes[0]!.scale).toBeCloseTo(0.2, 12);
    expect(signal!.originalMetadata).toMatchObject({ ser: { dimensions: [{ size: 3 }, { size: 4 }] } });
  });

  it('keeps the order of its dimensions when the scan was rotated', async () => {
    const [c, s] = [Math.cos(1.2), Math.sin(1.2)];
    const positions = upTo(12).map((i) => {
      const [x, y] = [i % 4, Math.floor(i / 4)];
      return [(c * x - s * y) * 1e-10, (s * x + c * y) * 1e-10] as const;
    });
    const [signal] = await open(write('turned_1.ser', buildSer({ dimensions: map, element: [2], positions })));
    expect(signal!.shape).toEqual([3, 4, 2]);
  });

  it.each([
    ['float32', NaN],
    ['int32', 0],
  ] as const)('keeps the shape of a map that was stopped; missing points of %s are %d', async (dtype, missing) => {
    const bytes = buildSer({ dimensions: map, element: [2], dtype, valid: 7 });
    const [signal] = await open(write('stopped_1.ser', bytes));
    expect(signal!.shape).toEqual([3, 4, 2]);
    expect(signal!.warnings).toEqual([expect.stringContaining('7 of 12 elements')]);
    expect(await values(signal!)).toEqual([...upTo(14), ...new Array<number>(10).fill(missing)]);
  });

  it('shortens a line of spectra that was stopped', async () => {
    const bytes = buildSer({ dimensions: [{ ...position, size: 6 }], element: [2], valid: 4 });
    const [signal] = await open(write('short_1.ser', bytes));
    expect(signal!.shape).toEqual([4, 2]);
    expect(signal!.warnings).toEqual([expect.stringContaining('4 of 6 elements')]);
    expect(await values(signal!)).toEqual(upTo(8));
  });

  it('reads elements at uneven distances', async () => {
    const bytes = buildSer({ dimensions: [{ size: 5 }], element: [2, 3], gap: (i) => (i * 7) % 5 });
    const [signal] = await open(write('uneven_1.ser', bytes));
    expect(signal!.layout).toMatchObject({ kind: 'frames' });
    expect(await values(signal!)).toEqual(upTo(30));
  });

  it('reads some frames of a series, and lays a series out as a scan', async () => {
    const path = write('series_1.ser', buildSer({ dimensions: [{ size: 6 }], element: [1, 2] }));
    const [some] = await open(path, { frames: [2, 4] });
    expect(some!.shape).toEqual([2, 1, 2]);
    expect(await values(some!)).toEqual([4, 5, 6, 7]);
    const [scan] = await open(path, { navigationShape: [2, 3] });
    expect(scan!.shape).toEqual([2, 3, 1, 2]);
    await expect(open(path, { frames: [2, 7] })).rejects.toMatchObject({ code: 'parameter-out-of-range' });
  });

  it('says that the values of a single spectrum are in the EMI alone when it holds none', async () => {
    const bytes = buildSer({ dimensions: [{ ...position, size: 1 }], element: [8], valid: 0 });
    await expect(open(write('point_1.ser', bytes))).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining('single spectra in the .emi'),
    });
  });

  it('refuses elements of different sizes', async () => {
    const bytes = buildSer({ dimensions: [{ size: 3 }], element: [2, 4] });
    // width and height of the last image exchanged: as many values, another shape
    const at = bytes.length - 8 - 16 - 8;
    bytes.writeUInt32LE(2, at);
    bytes.writeUInt32LE(4, at + 4);
    await expect(open(write('sizes_1.ser', bytes))).rejects.toThrow(/different kinds/);
  });

  it('refuses a file that ends before its last element', async () => {
    const bytes = buildSer({ dimensions: map, element: [5] });
    await expect(open(write('cut_1.ser', bytes.subarray(0, bytes.length - 30)))).rejects.toMatchObject({
      code: 'truncated-file',
    });
  });
});

describe('an EMI', () => {
  const described = [
    ['High tension', '200', 'kV'],
    ['Camera length', '0.135', 'm'],
    ['Magnification', '5500', 'x'],
    ['Mode', ' TEM uP SA Zoom Diffraction'],
    ['Microscope', 'Microscope Tecnai 200 kV'],
    ['User', 'A. Person'],
    ['Stage X', '-0.158', 'um'],
    ['Stage A', '12.50', 'deg'],
  ] as const;
  const emi = buildEmi([
    { date: 'Mon Feb 22 11:30:22 2016', described, acquire: { DwellTimePath: '0.05', CameraNamePath: 'Ceta' } },
    { described: [['High tension', '300', 'kV']] },
  ]);
  const image = buildSer({
    dimensions: [{ size: 1 }],
    element: [2, 3],
    calibration: [
      [1e9, 1e8, 0],
      [0, 1e8, 0],
    ],
  });

  it('opens every SER beside it and tells each its own object', async () => {
    const path = write('both.emi', emi);
    write('both_1.ser', image);
    write('both_2.ser', buildSer({ dimensions: map, element: [2] }));
    write('both_3.ser', buildSer({ dimensions: map, element: [2], valid: 0 }));
    const signals = await open(path);
    expect(signals.map(({ shape }) => shape)).toEqual([
      [2, 3],
      [3, 4, 2],
    ]);
    expect(signals[0]!.warnings).toEqual([expect.stringContaining('both_3.ser')]);
    expect(signals[0]!.metadata).toMatchObject({
      General: { original_filename: 'both_1.ser', date: '2016-02-22', time: '11:30:22', authors: 'A. Person' },
      Acquisition_instrument: {
        TEM: {
          beam_energy: 200,
          camera_length: 135,
          magnification: 5500,
          microscope: 'Tecnai 200 kV',
          acquisition_mode: 'TEM',
          Detector: { Camera: { Name: 'Ceta', exposure: 0.05 } },
          Stage: { x: -0.000158, tilt_alpha: 12.5 },
        },
      },
    });
    expect(signals[1]!.metadata).toMatchObject({ Acquisition_instrument: { TEM: { beam_energy: 300 } } });
  });

  // a step of 1e8 m would be no image
  it('shows a diffraction pattern in 1/nm, also when its SER is alone', async () => {
    const [signal] = await open(write('single_1.ser', image));
    expect(signal!.axes.map(({ units }) => units)).toEqual(['1 / nm', '1 / nm']);
    expect(signal!.axes[0]!.scale).toBeCloseTo(0.1, 12);
  });

  it('says which file is missing when no SER is beside it', async () => {
    await expect(open(write('alone.emi', emi))).rejects.toMatchObject({
      code: 'file-not-found',
      message: expect.stringContaining('alone_1.ser'),
    });
  });

  it('is read with the pixels but without a description that is no XML', async () => {
    const broken = Buffer.from(emi.toString('latin1').replaceAll('</Data>', '</Date>'), 'latin1');
    write('broken_1.ser', image);
    const [signal] = await open(write('broken.emi', broken));
    expect(signal!.shape).toEqual([2, 3]);
    expect(signal!.metadata['Acquisition_instrument']).toBeUndefined();
  });
});
