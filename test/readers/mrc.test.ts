import { describe, expect, it } from 'vitest';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { toFloat64 } from '../../workers/readers/elements.ts';
import { encodeElements } from './builders/elements.ts';
import { buildInfo, buildMrc } from './builders/mrc.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();

const open = async (path: string, hints: ReadHints = {}): Promise<SignalHeader> =>
  (await openHeader(path, hints)).signals[0]!;

async function values(signal: SignalHeader, start?: readonly number[], count?: readonly number[]): Promise<number[]> {
  const source = await openPixels(signal);
  const elements = source.read(start ?? signal.shape.map(() => 0), count ?? signal.shape);
  source.close();
  return [...(signal.dtype === 'float16' ? toFloat64(elements, 'float16') : elements)].map(Number);
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const size = [5, 4, 3] as const;

describe('an MRC file', () => {
  it.each([
    [0, 'uint8'],
    [1, 'int16'],
    [2, 'float32'],
    [4, 'complex64'],
    [6, 'uint16'],
    [12, 'float16'],
  ] as const)('of mode %i holds %s in either byte order', async (mode, dtype) => {
    for (const bigEndian of [false, true]) {
      const signal = await open(write('modes.mrc', buildMrc({ size, mode, bigEndian })));
      expect(signal).toMatchObject({ shape: [3, 4, 5], dtype, layout: { kind: 'raw' } });
      expect(await values(signal)).toEqual(upTo(mode === 4 ? 120 : 60));
    }
  });

  it('of mode 0 holds signed bytes when IMOD says so', async () => {
    const data = Uint8Array.of(0, 1, 127, 128, 254, 255);
    const signal = await open(write('signed.mrc', buildMrc({ size: [3, 2, 1], mode: 0, data, imodFlags: 1 })));
    expect(signal.dtype).toBe('int8');
    expect(await values(signal)).toEqual([0, 1, 127, -128, -2, -1]);
    const plain = await open(write('unsigned.mrc', buildMrc({ size: [3, 2, 1], mode: 0, data, imodFlags: 0 })));
    expect(plain.dtype).toBe('uint8');
  });

  it.each([false, true])('of mode 3 holds complex numbers of int16 (big-endian: %s)', async (bigEndian) => {
    const numbers = Array.from({ length: 24 }, (_, i) => i * 100 - 1000);
    const data = encodeElements(numbers, 'int16', !bigEndian);
    const signal = await open(write('pairs.mrc', buildMrc({ size: [3, 2, 2], mode: 3, data, bigEndian })));
    expect(signal).toMatchObject({ shape: [2, 2, 3], dtype: 'complex64' });
    expect(await values(signal)).toEqual(numbers);
    expect(await values(signal, [1, 0, 1], [1, 2, 1])).toEqual([400, 500, 1000, 1100]);
  });

  it('of mode 101 holds two 4-bit values per byte, the low half first, and every row begins with a byte', async () => {
    // rows 1 2 3 | 4 5 6 | 7 8 9 | 10 11 12
    const data = Uint8Array.of(0x21, 0x03, 0x54, 0xf6, 0x87, 0x09, 0xba, 0x0c);
    const signal = await open(write('nibbles.mrc', buildMrc({ size: [3, 2, 2], mode: 101, data })));
    expect(signal).toMatchObject({ shape: [2, 2, 3], dtype: 'uint8' });
    expect(await values(signal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await values(signal, [0, 0, 1], [2, 2, 2])).toEqual([2, 3, 5, 6, 8, 9, 11, 12]);
    expect(await values(signal, [1, 1, 2], [1, 1, 1])).toEqual([12]);
    // the same with its columns along y
    const turned = await open(write('turned.mrc', buildMrc({ size: [3, 2, 2], mode: 101, data, map: [2, 1, 3] })));
    expect(turned.shape).toEqual([2, 3, 2]);
    expect(await values(turned)).toEqual([1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12]);
    expect(await values(turned, [0, 1, 0], [1, 2, 2])).toEqual([2, 5, 3, 6]);
  });

  it.each([
    [[1, 2, 3], [3, 4, 5], (z: number, y: number, x: number) => z * 20 + y * 5 + x],
    [[2, 1, 3], [3, 5, 4], (z: number, y: number, x: number) => z * 20 + x * 5 + y],
    [[3, 1, 2], [5, 3, 4], (z: number, y: number, x: number) => y * 20 + x * 5 + z],
    [[2, 3, 1], [4, 5, 3], (z: number, y: number, x: number) => x * 20 + z * 5 + y],
    [[3, 2, 1], [5, 4, 3], (z: number, y: number, x: number) => x * 20 + y * 5 + z],
  ] as const)('whose columns, rows and sections are %s is brought to z, y, x', async (map, shape, at) => {
    const signal = await open(
      write('map.mrc', buildMrc({ size, mode: 1, map, intervals: [10, 10, 10], cell: [100, 200, 300] })),
    );
    expect(signal.shape).toEqual(shape);
    // 1, 2 and 3 nm per step along x, y and z, whichever way they are stored
    expect(signal.axes.map(({ name, scale }) => [name, scale])).toEqual([
      ['z', 3],
      ['y', 2],
      ['x', 1],
    ]);
    const wanted = upTo(shape[0]).flatMap((z) => upTo(shape[1]).flatMap((y) => upTo(shape[2]).map((x) => at(z, y, x))));
    expect(await values(signal)).toEqual(wanted);
  });

  it('with a single z gives an image, also when z is not the slowest axis', async () => {
    const flat = await open(write('flat.mrc', buildMrc({ size: [5, 4, 1], mode: 6 })));
    expect(flat.shape).toEqual([4, 5]);
    const turned = await open(write('flat2.mrc', buildMrc({ size: [1, 5, 4], mode: 6, map: [3, 1, 2] })));
    expect(turned.shape).toEqual([4, 5]);
    expect(await values(turned)).toEqual(upTo(20));
  });

  it('without any mark is known by its extension and sensible sizes, in either byte order', async () => {
    for (const bigEndian of [false, true]) {
      const signal = await open(write('old.st', buildMrc({ size, mode: 1, isOld: true, bigEndian, map: [0, 0, 0] })));
      expect(await values(signal)).toEqual(upTo(60));
      expect(signal.axes.map(({ units }) => units)).toEqual([null, null, null]);
    }
  });

  it('takes pixel size and microscope from an extended header of FEI', async () => {
    const extended = Buffer.alloc(768 * 2);
    extended.write('Titan', 20);
    extended.writeDoubleLE(300_000, 84);
    extended.writeDoubleLE(2e-10, 156);
    extended.writeDoubleLE(2e-10, 164);
    extended.writeDoubleLE(0.1, 301);
    const bytes = buildMrc({ size: [3, 2, 2], mode: 6, extended, extendedType: 'FEI1' });
    const signal = await open(write('fei.mrc', bytes));
    expect(await values(signal)).toEqual(upTo(12));
    expect(signal.axes[2]).toMatchObject({ units: 'nm', scale: 0.2 });
    expect(signal.metadata).toMatchObject({
      Acquisition_instrument: { TEM: { beam_energy: 300, camera_length: 100 } },
    });
    expect(signal.originalMetadata).toMatchObject({ fei_header: { microscope_type: 'Titan' } });
  });

  it('of a stack of volumes has the volumes on an axis of their own', async () => {
    const bytes = buildMrc({ size: [2, 2, 6], mode: 1, spaceGroup: 401, intervals: [2, 2, 3] });
    expect((await open(write('volumes.mrc', bytes))).shape).toEqual([2, 3, 2, 2]);
  });

  it('with more bytes than its header says is read, and says so; with fewer it is refused', async () => {
    const bytes = buildMrc({ size, mode: 6 });
    const signal = await open(write('more.mrc', Buffer.concat([bytes, Buffer.alloc(7)])));
    expect(signal.warnings).toEqual(['7 bytes after the array are not read.']);
    await expect(open(write('less.mrc', bytes.subarray(0, -1)))).rejects.toMatchObject({ code: 'truncated-file' });
    const endless = buildMrc({ size, mode: 6 });
    endless.writeInt32LE(2 ** 30, 92);
    await expect(open(write('endless.mrc', endless))).rejects.toMatchObject({ code: 'truncated-file' });
  });

  it('is folded and cut as a person asks', async () => {
    const path = write('stack.mrc', buildMrc({ size: [1, 2, 6], mode: 6 }));
    const folded = await open(path, { navigationShape: [2, 3] });
    expect(folded).toMatchObject({ shape: [2, 3, 2, 1], layout: { kind: 'raw' } });
    expect(await values(folded)).toEqual(upTo(12));
    const some = await open(path, { frames: [2, 5] });
    expect(await values(some)).toEqual([4, 5, 6, 7, 8, 9]);
    const more = await open(path, { navigationShape: [2, 4] });
    expect(await values(more)).toEqual([...upTo(12), 0, 0, 0, 0]);
    expect(more.warnings).toEqual([expect.stringContaining('6 of 8')]);
    await expect(open(path, { navigationShape: [5, 5] })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

describe('a movie of a Direct Electron camera', () => {
  const info = buildInfo({
    'Scan - Enable': 'Enable',
    'Scan - Size X': 3,
    'Scan - Size Y': 2,
    'Instrument Accelerating Voltage (V)': 300_000,
    'Camera Model': 'DE16',
    'Frames Per Second': 700,
  });

  it('is folded into the scan that the text beside it tells', async () => {
    write('a_info.txt', info);
    const signal = await open(write('a_movie.mrc', buildMrc({ size: [4, 2, 6], mode: 6, cell: [-40, -20, 0] })));
    expect(signal.shape).toEqual([2, 3, 2, 4]);
    expect(signal.axes.map(({ name, units }) => [name, units])).toEqual([
      ['y', 'nm'],
      ['x', 'nm'],
      ['ky', 'nm^-1'],
      ['kx', 'nm^-1'],
    ]);
    expect(await values(signal)).toEqual(upTo(48));
    expect(signal.metadata).toMatchObject({
      Acquisition_instrument: { TEM: { beam_energy: 300, detector: 'DE16', frames_per_second: 700 } },
    });
  });

  it('that stopped early keeps the shape of its scan', async () => {
    write('b_info.txt', info);
    const signal = await open(write('b_movie.mrc', buildMrc({ size: [1, 2, 5], mode: 6 })));
    expect(signal.shape).toEqual([2, 3, 2, 1]);
    expect(await values(signal)).toEqual([...upTo(10), 0, 0]);
    expect(signal.warnings).toEqual([expect.stringContaining('5 of 6 frames')]);
  });

  it('that has nothing to do with the scan stays a stack', async () => {
    write('c_info.txt', info);
    const signal = await open(write('c_movie.mrc', buildMrc({ size: [1, 2, 20], mode: 6 })));
    expect(signal.shape).toEqual([20, 2, 1]);
  });
});
