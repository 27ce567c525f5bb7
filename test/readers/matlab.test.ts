import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { loadCube, openPixels, probe, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildMat4, matlabSeeds, matWriter } from './builders/matlab.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
let made = 0;
const open = async (bytes: Uint8Array, hints = {}): Promise<readonly SignalHeader[]> =>
  (await openHeader(write(`file${++made}.mat`, bytes), hints)).signals;
const named = (signals: readonly SignalHeader[], title: string): SignalHeader =>
  signals.find((signal) => signal.title === title)!;

async function cubeOf(signal: SignalHeader): Promise<SharedArrayBuffer> {
  const buffer = new SharedArrayBuffer(elementCount(signal.shape) * itemSize(signal.dtype));
  await loadCube(signal, buffer);
  return buffer;
}

const w = matWriter();
/** values[r + 3 (c + 4 b)] of an array of 3 × 4 × 5 */
const columnMajor = Array.from({ length: 60 }, (_, i) => i);
const rowMajor = Array.from({ length: 60 }, (_, i) => {
  const [r, c, b] = [Math.floor(i / 20), Math.floor(i / 5) % 4, i % 5];
  return r + 3 * (c + 4 * b);
});

describe('a MATLAB 5 array', () => {
  const numeric = {
    name: 'cube',
    size: [3, 4, 5],
    values: columnMajor,
    stored: 'uint16',
    className: 'double',
  } as const;

  it.each([
    ['little-endian', true, false],
    ['big-endian', false, false],
    ['compressed', true, true],
    ['compressed big-endian', false, true],
  ])('%s keeps its size, rows × columns × bands, and has spectra along its last size', async (_, little, packed) => {
    const writer = matWriter(little);
    const part = writer.numeric(numeric);
    const [signal] = await open(writer.file(packed ? writer.compressed(part) : part));
    expect(signal).toMatchObject({ title: 'cube', shape: [3, 4, 5], dtype: 'uint16' });
    expect(signal!.layout.kind).toBe(packed ? 'coded' : 'raw');
    expect(signal!.axes.map((a) => [a.name, a.navigate])).toEqual([
      ['y', true],
      ['x', true],
      ['channel', false],
    ]);
    expect([...new Uint16Array(await cubeOf(signal!))]).toEqual(rowMajor);
    expect(await probe(signal!, [2, 1, 3])).toBe(2 + 3 * (1 + 4 * 3));
    const source = await openPixels(signal!);
    expect([...(source.read([1, 2, 1], [1, 2, 3]) as Uint16Array)]).toEqual([19, 31, 43, 22, 34, 46]);
    source.close();
  });

  it('is seen in another shape where its sizes can be split, and refused where not', async () => {
    const file = w.file(w.compressed(w.numeric({ ...numeric, size: [12, 5] })));
    const [signal] = await open(file, { navigationShape: [3, 4] });
    expect(signal!.shape).toEqual([3, 4, 5]);
    // pixel (1, 2) is row 6 of 12
    expect(await probe(signal!, [1, 2, 3])).toBe(6 + 12 * 3);
    await expect(open(file, { navigationShape: [5, 4] })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });

  it('of complex numbers has both parts side by side, also when they are stored as small integers', async () => {
    for (const packed of [false, true]) {
      for (const stored of ['float64', 'int8', 'float32'] as const) {
        const part = w.numeric({
          name: 'z',
          size: [2, 3],
          values: [1, 2, 3, 4, 5, 6],
          imaginary: [6, 5, 4, 3, 2, 1],
          stored,
        });
        const [signal] = await open(w.file(packed ? w.compressed(part) : part));
        expect(signal!.dtype).toBe(stored === 'float32' ? 'complex64' : 'complex128');
        expect(await probe(signal!, [1, 2])).toEqual({ re: 6, im: 1 });
        expect(await probe(signal!, [0, 1])).toEqual({ re: 3, im: 4 });
        const buffer = await cubeOf(signal!);
        const parts = stored === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
        expect([...parts]).toEqual([1, 6, 3, 4, 5, 2, 2, 5, 4, 3, 6, 1]);
      }
    }
  });

  it('that is sparse is unfolded with zeros', async () => {
    const part = w.sparse('sp', [3, 4], [0, 2, 1], [0, 1, 1, 3, 3], [5, 6, 7]);
    for (const bytes of [part, w.compressed(part)]) {
      const [signal] = await open(w.file(bytes));
      expect(signal).toMatchObject({ shape: [3, 4], dtype: 'float64' });
      expect([...new Float64Array(await cubeOf(signal!))]).toEqual([5, 0, 0, 0, 0, 0, 7, 0, 0, 0, 6, 0]);
    }
  });

  // as in logical_sparse.mat of SciPy, which MATLAB wrote
  it('that is sparse and logical has bytes that are called doubles', async () => {
    const part = w.sparse('sp', [3, 4], [0, 2, 1], [0, 1, 1, 3, 3], [1, 1, 1], true);
    const [signal] = await open(w.file(part));
    expect(signal).toMatchObject({ shape: [3, 4], dtype: 'bool' });
    expect([...new Uint8Array(await cubeOf(signal!))]).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
  });

  it('that is sparse is refused when it is too large unfolded or points outside', async () => {
    const huge = w.sparse('sp', [2 ** 30, 1000], [0], [0, ...new Array<number>(1000).fill(1)], [5]);
    await expect(open(w.file(huge))).rejects.toThrow(/sparse matrix of 1073741824 × 1000.*full\(\)/);
    const [outside] = await open(w.file(w.sparse('sp', [3, 4], [0, 9, 1], [0, 1, 1, 3, 3], [5, 6, 7])));
    await expect(stats(outside!)).rejects.toMatchObject({ code: 'corrupt-file' });
    const [backwards] = await open(w.file(w.sparse('sp', [3, 4], [0, 2, 1], [0, 3, 1, 3, 3], [5, 6, 7])));
    await expect(stats(backwards!)).rejects.toMatchObject({ code: 'corrupt-file' });
  });

  it('of small whole numbers in rows and columns is a picture; a column is one spectrum; truth values are bool', async () => {
    const file = w.file(
      w.numeric({ name: 'labels', size: [2, 3], values: [0, 1, 2, 3, 4, 5], stored: 'uint8' }),
      w.numeric({ name: 'counts', size: [2, 3], values: [0, 1, 2, 3, 4, 500], stored: 'uint16' }),
      w.numeric({ name: 'column', size: [4, 1], values: [1, 2, 3, 4] }),
      w.numeric({
        name: 'mask',
        size: [2, 2],
        values: [0, 1, 1, 0],
        stored: 'uint8',
        className: 'uint8',
        logical: true,
      }),
    );
    const signals = await open(file);
    expect(named(signals, 'labels').axes.map((a) => a.navigate)).toEqual([false, false]);
    expect(named(signals, 'counts').axes.map((a) => a.navigate)).toEqual([true, false]);
    expect(named(signals, 'column').axes.map((a) => [a.size, a.navigate])).toEqual([
      [4, false],
      [1, true],
    ]);
    expect([...new Float64Array(await cubeOf(named(signals, 'column')))]).toEqual([1, 2, 3, 4]);
    expect(named(signals, 'mask').dtype).toBe('bool');
    expect(await probe(named(signals, 'mask'), [1, 0])).toBe(true);
  });
});

describe('a MATLAB 5 file', () => {
  it('offers arrays in structs and cells by their path, cubes first, and lists the rest as metadata', async () => {
    for (const seed of matlabSeeds.slice(0, 3)) {
      const signals = await open(seed.files['x.mat']!);
      const data = named(signals, 's.data');
      expect([...new Uint16Array(await cubeOf(data))]).toEqual(rowMajor);
      expect(await probe(named(signals, 's.list{1}'), [0, 1])).toBe(3);
      expect(signals.map((s) => s.shape.length)).toEqual([...signals.map((s) => s.shape.length)].sort((a, b) => b - a));
      expect(signals[0]!.originalMetadata['variables']).toMatchObject({ s: { note: 'hello', list: { '{2}': 'x' } } });
      const [only] = await open(seed.files['x.mat']!, { dataset: 's.data' });
      expect(only!.title).toBe('s.data');
      await expect(open(seed.files['x.mat']!, { dataset: 'nothing' })).rejects.toThrow(/s\.data/);
    }
  });

  it('of text alone shows the codes of its characters and says so', async () => {
    const [signal] = await open(w.file(w.text('t', 'Hi there')));
    expect(signal).toMatchObject({ shape: [8], dtype: 'uint16' });
    expect(await probe(signal!, [1])).toBe(105);
    expect(signal!.warnings[0]).toMatch(/text only/);
  });

  it('without any array is refused by the names of what it holds', async () => {
    const file = w.file(w.numeric({ name: 'alpha', size: [1, 1], values: [3] }));
    await expect(open(file)).rejects.toThrow(/no array of numbers \(alpha\)/);
  });

  it('that is cut is refused with both sizes', async () => {
    const file = w.file(w.numeric({ name: 'a', size: [2, 3], values: [1, 2, 3, 4, 5, 6] }));
    await expect(open(file.subarray(0, file.length - 5))).rejects.toMatchObject({ code: 'truncated-file' });
    const packed = w.file(w.compressed(w.numeric({ name: 'a', size: [2, 3], values: [1, 2, 3, 4, 5, 6] })));
    await expect(open(packed.subarray(0, packed.length - 5))).rejects.toMatchObject({ code: 'truncated-file' });
  });

  it('whose compressed part is damaged, or claims more than it can hold, is refused before memory is taken', async () => {
    const part = w.numeric({ name: 'a', size: [20, 30], values: Array.from({ length: 600 }, (_, i) => Math.sin(i)) });
    const packed = w.file(w.compressed(part));
    packed[packed.length - 40]! ^= 0xff;
    await expect(open(packed)).rejects.toMatchObject({ code: 'corrupt-file' });
    // a small stream that says it unpacks to 2 GB
    const bomb = Buffer.from(part);
    bomb.writeUInt32LE(2 ** 31 - 8, 4);
    const stream = deflateSync(bomb);
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(stream.length, 4);
    await expect(open(w.file(tag, stream))).rejects.toThrow(/claims 2147483648 bytes from \d+ compressed/);
    // one that unpacks to more than it says
    const more = deflateSync(Buffer.concat([part, Buffer.alloc(5000)]));
    tag.writeUInt32LE(more.length, 4);
    await expect(open(w.file(tag, more))).rejects.toMatchObject({ code: 'corrupt-file' });
  });

  it('unpacked while it is read, when large, is checked to its end', async () => {
    const size = [1024, 700];
    let x = 1;
    const values = Array.from({ length: 1024 * 700 }, () => (x = (x * 48271) % 2147483647));
    const packed = w.file(w.compressed(w.numeric({ name: 'a', size, values })));
    const [signal] = await open(packed);
    const loaded = new Float64Array(await cubeOf(signal!));
    expect(loaded[3 * 700 + 5]).toBe(values[5 * 1024 + 3]);
    // the checksum at the very end
    packed[packed.length - 1]! ^= 0xff;
    const [damaged] = await open(packed);
    await expect(cubeOf(damaged!)).rejects.toMatchObject({ code: 'corrupt-file' });
    await expect(probe(damaged!, [0, 0])).rejects.toMatchObject({ code: 'corrupt-file' });
  });

  it('stops a load that is cancelled', async () => {
    const part = w.numeric({ name: 'a', size: [3, 4, 5], values: columnMajor });
    const [signal] = await open(w.file(w.compressed(part)));
    const buffer = new SharedArrayBuffer(480);
    const stop = (): never => {
      throw new Error('stop');
    };
    await expect(loadCube(signal!, buffer, () => {}, stop)).rejects.toThrow('stop');
  });
});

describe('a MATLAB 4 file', () => {
  it.each([true, false])('holds arrays column by column (little-endian: %s)', async (littleEndian) => {
    const signals = await open(
      Buffer.concat([
        buildMat4('a', [2, 3], [1, 2, 3, 4, 5, 6], { littleEndian, stored: 2 }),
        buildMat4('z', [2, 2], [1, 2, 3, 4], { littleEndian, imaginary: [4, 3, 2, 1] }),
        buildMat4('sp', [4, 3], [1, 2, 3, 3, 1, 2, 3, 4, 7, 8, 9, 0], { littleEndian, kind: 2 }),
        buildMat4('t', [1, 3], [97, 98, 99], { littleEndian, kind: 1 }),
      ]),
    );
    expect(named(signals, 'a')).toMatchObject({ shape: [2, 3], dtype: 'int32', layout: { kind: 'raw' } });
    expect([...new Int32Array(await cubeOf(named(signals, 'a')))]).toEqual([1, 3, 5, 2, 4, 6]);
    expect(await probe(named(signals, 'z'), [0, 1])).toEqual({ re: 3, im: 2 });
    expect([...new Float64Array(await cubeOf(named(signals, 'sp')))]).toEqual([7, 0, 0, 0, 0, 8, 0, 0, 0, 0, 9, 0]);
    expect(signals[0]!.originalMetadata['variables']).toMatchObject({ t: 'abc' });
  });

  it('with numbers of a VAX is refused in words', async () => {
    const file = buildMat4('a', [2, 3], [1, 2, 3, 4, 5, 6]);
    file.writeUInt32LE(2000, 0);
    await expect(open(file)).rejects.toThrow(/VAX D-float/);
  });

  it('that is cut is refused', async () => {
    const file = buildMat4('a', [2, 3], [1, 2, 3, 4, 5, 6]);
    await expect(open(file.subarray(0, 60))).rejects.toMatchObject({ code: 'truncated-file' });
  });
});

const samples = fileURLToPath(new URL('../../../shared/samples/matlab/', import.meta.url));
describe.skipIf(!existsSync(samples))('MATLAB samples', () => {
  it.each([
    ['Indian_pines_gt.mat', 'indian_pines_gt', [145, 145], 'uint8', 88829],
    ['PaviaU_gt.mat', 'paviaU_gt', [610, 340], 'uint8', 146670],
    ['test3dmatrix_6.1_SOL2.mat', 'test3dmatrix', [2, 3, 4], 'uint8', 300],
    ['testdouble_4.2c_SOL2.mat', 'testdouble', [1, 9], 'float64', 28.27433388230814],
    ['testsparse_7.4_GLNX86.mat', 'testsparse', [3, 5], 'float64', 20],
    ['testmulti_7.4_GLNX86.mat', 'theta', [1, 9], 'float64', 28.27433388230814],
  ])('%s holds %s as SciPy reads it', async (file, title, shape, dtype, sum) => {
    const signal = named((await openHeader(samples + file)).signals, title);
    expect(signal).toMatchObject({ shape, dtype });
    expect((await stats(signal)).sum).toBeCloseTo(sum, 9);
  });

  it('whose zlib data are corrupt are refused', async () => {
    await expect(openHeader(`${samples}corrupted_zlib_data.mat`)).rejects.toMatchObject({ code: 'corrupt-file' });
  });
});
