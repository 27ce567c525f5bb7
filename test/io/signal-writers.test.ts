import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { signalFormats, type SignalForm } from '../../main/contract/signal-formats.ts';
import type { SignalToWrite } from '../../main/io/signal-files/signal-to-write.ts';
import { writeTiffUpTo } from '../../main/io/signal-files/tiff.ts';
import { ratioOf } from '../../main/io/signal-files/tiff-directory.ts';
import { writeInOrder } from '../../main/io/signal-files/write-in-order.ts';
import { placesOfSignal, writeSignal } from '../../main/io/signal-writers.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { axisValues } from '../../workers/model/axes.ts';
import type { DType } from '../../workers/model/dtype.ts';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { componentsToFloat64 } from '../../workers/readers/elements.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { encodeElements, type BuiltType } from '../readers/builders/elements.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-writers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const fresh = (extension: string): string => join(folder, `signal${++made}.${extension}`);

const axis = (name: string, size: number, navigate: boolean, rest: Partial<Axis> = {}): Axis => ({
  name,
  units: null,
  size,
  navigate,
  scale: 1,
  offset: 0,
  ...rest,
});
const y = (size: number): Axis => axis('y', size, true, { units: 'nm', scale: 0.5 });
const x = (size: number): Axis => axis('x', size, true, { units: 'nm', scale: 0.5 });
const energy = (size: number): Axis => axis('Energy', size, false, { units: 'eV', scale: 0.2, offset: 400 });
const row = (size: number): Axis => axis('y', size, false, { units: 'nm', scale: 0.3, offset: 1.5 });
const column = (size: number): Axis => axis('x', size, false, { units: 'nm', scale: 0.3, offset: -3 });

/** 0, 1, 4, 9 … kept small enough for every type, with a sign where there is one. */
const valueAt = (i: number, dtype: BuiltType): number => {
  const value = (i * i) % 97;
  if (dtype === 'bool') return i % 3 === 0 ? 1 : 0;
  return dtype.startsWith('u') ? value : i % 5 === 2 ? -value : value;
};

function signalOf(dtype: BuiltType, axes: readonly Axis[], more: Partial<SignalToWrite> = {}): SignalToWrite {
  const shape = axes.map(({ size }) => size);
  const count = shape.reduce((n, size) => n * size, 1) * (dtype.startsWith('complex') ? 2 : 1);
  const bytes = encodeElements(
    Array.from({ length: count }, (_, i) => valueAt(i, dtype)),
    dtype,
  );
  return {
    title: 'Test µ',
    signalType: '',
    shape,
    dtype,
    axes,
    quantity: { name: 'Intensity', units: 'counts' },
    metadata: {},
    originalMetadata: {},
    // blocks that end in the middle of an element, as they come from memory
    *blocks() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    ...more,
  };
}

async function numbersOf(signal: SignalHeader): Promise<number[]> {
  const pixels = await openPixels(signal);
  try {
    const start = signal.shape.map(() => 0);
    return [...componentsToFloat64(pixels.read(start, signal.shape), signal.dtype)];
  } finally {
    pixels.close();
  }
}

const sourceNumbers = (signal: SignalToWrite): number[] => {
  const bytes = Buffer.concat([...(signal.blocks() as Iterable<Uint8Array>)]);
  const { dtype } = signal;
  const header = { ...signal, layout: { kind: 'bytes', bytes: new Uint8Array(bytes) }, warnings: [] } as SignalHeader;
  const words = openPixelsNow(header);
  return [...componentsToFloat64(words, dtype)];
};
function openPixelsNow(header: SignalHeader) {
  const bytes = (header.layout as { bytes: Uint8Array }).bytes.slice();
  const { dtype } = header;
  const kinds = {
    bool: Uint8Array,
    int8: Int8Array,
    uint8: Uint8Array,
    int16: Int16Array,
    uint16: Uint16Array,
    int32: Int32Array,
    uint32: Uint32Array,
    float32: Float32Array,
    float64: Float64Array,
    int64: BigInt64Array,
    uint64: BigUint64Array,
    float16: Uint16Array,
    complex64: Float32Array,
    complex128: Float64Array,
  };
  return new kinds[dtype as BuiltType](bytes.buffer);
}

/** Values of an array [a, b, c …] in the order of other axes. */
function reordered(values: readonly number[], shape: readonly number[], order: readonly number[]): number[] {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((n, size) => n * size, 1));
  let all: number[] = [0];
  for (const a of order) all = all.flatMap((at) => Array.from({ length: shape[a]! }, (_, i) => at + i * strides[a]!));
  return all.map((at) => values[at]!);
}

/** Writes, opens again, and says what was there. */
async function roundTrip(extension: string, signal: SignalToWrite) {
  const path = fresh(extension);
  const { files, notes } = await writeSignal(path, signal, { overwrite: false });
  expect(files).toEqual(placesOfSignal(path));
  const { signals, format } = await openHeader(path);
  return { format, again: signals[0]!, values: await numbersOf(signals[0]!), notes, path };
}

const places = (axes: readonly Axis[]) =>
  axes.map((one) => ({
    size: one.size,
    units: one.units,
    navigate: one.navigate,
    values: [...axisValues(one)].map((v) => Number(v.toPrecision(6))),
  }));

const si = (dtype: BuiltType = 'uint16') => signalOf(dtype, [y(3), x(4), energy(5)]);

describe('a spectrum image comes back with data, axes and units', () => {
  it.each<[string, BuiltType, DType]>([
    ['rpl', 'uint16', 'uint16'],
    ['rpl', 'float32', 'float32'],
    ['rpl', 'int64', 'int64'],
    ['rpl', 'bool', 'uint8'],
    ['rpl', 'float16', 'float32'],
    ['hdr', 'uint16', 'uint16'],
    ['hdr', 'float64', 'float64'],
    ['hdr', 'complex64', 'complex64'],
    ['hdr', 'int8', 'int16'],
    ['hspy', 'int32', 'int32'],
    ['hspy', 'float32', 'float32'],
  ])('.%s of %s', async (extension, dtype, stored) => {
    const signal = si(dtype);
    const { again, values, notes } = await roundTrip(extension, signal);
    expect(again).toMatchObject({ shape: [3, 4, 5], dtype: stored });
    expect(values).toEqual(sourceNumbers(signal));
    expect(places(again.axes)).toEqual(places(signal.axes));
    expect(again.title).toBe('Test µ');
    expect(notes.length).toBe(stored === dtype ? 0 : 1);
  });

  it('as a table, but for the unit of the channels, which is said', async () => {
    const signal = si('int16');
    const { again, values, notes, format } = await roundTrip('csv', signal);
    expect(format).toBe('table');
    expect(again.shape).toEqual([3, 4, 5]);
    expect(values).toEqual(sourceNumbers(signal));
    expect(places(again.axes.slice(0, 2))).toEqual(places(signal.axes.slice(0, 2)));
    expect(places(again.axes.slice(2))[0]!.values).toEqual(places(signal.axes.slice(2))[0]!.values);
    expect(notes.join()).toContain('without their unit (eV)');
  });

  it.each<[string, BuiltType]>([
    ['tif', 'uint16'],
    ['tif', 'float64'],
    ['mrc', 'float32'],
    ['mrc', 'int16'],
  ])('as a stack of maps, one per channel: .%s of %s', async (extension, dtype) => {
    const signal = si(dtype);
    const { again, values, notes } = await roundTrip(extension, signal);
    expect(again).toMatchObject({ shape: [5, 3, 4], dtype });
    expect(values).toEqual(reordered(sourceNumbers(signal), [3, 4, 5], [2, 0, 1]));
    expect(again.axes.map(({ navigate }) => navigate)).toEqual([true, false, false]);
    expect(places(again.axes)[1]).toMatchObject({ units: 'nm', values: [0, 0.5, 1] });
    expect(places(again.axes)[0]!.values).toEqual([400, 400.2, 400.4, 400.6, 400.8]);
    expect(notes.join()).toContain('one per channel of “Energy”');
  });

  it('with wavelengths that are not evenly spaced in ENVI, hspy and csv; ripple refuses them', async () => {
    const bands = axis('Wavelength', 5, false, {
      units: 'nm',
      values: [400, 410.5, 425, 450, 490.25],
      offset: 400,
      scale: 22,
    });
    const signal = signalOf('float32', [y(3), x(4), bands]);
    for (const extension of ['hdr', 'hspy', 'csv']) {
      const { again, values } = await roundTrip(extension, signal);
      expect(again.axes[2]!.values).toEqual(bands.values);
      expect(values).toEqual(sourceNumbers(signal));
    }
    const refused = await writeSignal(fresh('rpl'), signal, { overwrite: false }).catch(
      (error: EigenscopeError) => error,
    );
    expect(refused).toMatchObject({ code: 'bad-request' });
    expect((refused as EigenscopeError).message).toMatch(/“Wavelength” is not evenly spaced.*\.hspy/);
  });

  it('when its axes are stored with the signal first', async () => {
    const signal = signalOf('uint16', [energy(5), y(3), x(4)]);
    for (const extension of ['rpl', 'hdr']) {
      const { again, values } = await roundTrip(extension, signal);
      expect(again.shape).toEqual([3, 4, 5]);
      expect(values).toEqual(reordered(sourceNumbers(signal), [5, 3, 4], [1, 2, 0]));
    }
    const { again, values } = await roundTrip('tif', signal);
    expect(again.shape).toEqual([5, 3, 4]);
    expect(values).toEqual(sourceNumbers(signal));
  });
});

describe('spectra', () => {
  it.each(['msa', 'csv', 'hdr', 'rpl', 'hspy'])('a single one comes back from .%s', async (extension) => {
    const signal = signalOf('float32', [energy(5)], {
      signalType: 'EELS',
      metadata: { Acquisition_instrument: { TEM: { beam_energy: 200, Detector: { EELS: { collection_angle: 30 } } } } },
    });
    const { again, values } = await roundTrip(extension, signal);
    expect(values).toEqual(sourceNumbers(signal));
    expect(places(again.axes)).toEqual(places(signal.axes));
    if (['msa', 'rpl', 'hspy'].includes(extension)) {
      expect(again.signalType).toBe('EELS');
      expect(again.metadata).toMatchObject({
        Acquisition_instrument: { TEM: { beam_energy: 200, Detector: { EELS: { collection_angle: 30 } } } },
      });
    }
    if (extension === 'msa') expect(again.quantity).toEqual({ name: 'Intensity', units: 'counts' });
  });

  it('lists the positions in .msa when they are not even', async () => {
    const values = [1, 2, 4, 8, 16];
    const { again } = await roundTrip(
      'msa',
      signalOf('float64', [axis('t', 5, false, { units: 's', values, scale: 3, offset: 1 })]),
    );
    expect(again.axes[0]!.values).toEqual(values);
  });

  it.each(['rpl', 'hdr', 'csv', 'hspy'])('along a line come back from .%s', async (extension) => {
    const signal = signalOf('uint16', [x(4), energy(5)]);
    const { again, values } = await roundTrip(extension, signal);
    expect(again.shape).toEqual([4, 5]);
    expect(values).toEqual(sourceNumbers(signal));
    expect(again.axes.map(({ navigate }) => navigate)).toEqual([true, false]);
  });
});

describe('images', () => {
  it.each(['tif', 'rpl', 'csv', 'hspy', 'mrc'])('a single one comes back from .%s', async (extension) => {
    const signal = signalOf('float32', [row(3), column(4)]);
    const { again, values } = await roundTrip(extension, signal);
    expect(again.shape).toEqual([3, 4]);
    expect(values).toEqual(sourceNumbers(signal));
    expect(places(again.axes)).toEqual(places(signal.axes));
  });

  it.each<[string, BuiltType]>([
    ['tif', 'uint8'],
    ['tif', 'int32'],
    ['tif', 'uint64'],
    ['tif', 'complex64'],
    ['rpl', 'int16'],
    ['mrc', 'uint16'],
    ['mrc', 'complex64'],
    ['hspy', 'uint8'],
  ])('a stack of them comes back from .%s of %s', async (extension, dtype) => {
    const signal = signalOf(dtype, [axis('t', 2, true, { scale: 2, offset: 5 }), row(3), column(4)]);
    const { again, values } = await roundTrip(extension, signal);
    expect(again).toMatchObject({ shape: [2, 3, 4], dtype });
    expect(values).toEqual(sourceNumbers(signal));
    expect(again.axes.map(({ navigate }) => navigate)).toEqual([true, false, false]);
    expect(places(again.axes).map((one) => one.values)).toEqual(places(signal.axes).map((one) => one.values));
  });

  it('of colours come back from TIFF as colours', async () => {
    const bytes = Uint8Array.from({ length: 3 * 4 * 3 }, (_, i) => i * 5);
    const signal = { ...signalOf('uint8', [row(3), column(4)]), dtype: 'rgb8' as const, blocks: () => [bytes] };
    const { again, values } = await roundTrip('tif', signal);
    expect(again).toMatchObject({ shape: [3, 4], dtype: 'rgb8' });
    expect(values).toEqual([...bytes]);
  });
});

describe('diffraction patterns', () => {
  const pattern = (name: string): Axis => axis(name, 4, false, { units: 'cm', scale: 0.05 });

  it('of bytes come back from a blockfile as they were', async () => {
    const signal = signalOf('uint8', [y(2), x(3), pattern('dy'), pattern('dx')], {
      metadata: { Acquisition_instrument: { TEM: { beam_energy: 200, camera_length: 80 } } },
    });
    const { again, values, notes } = await roundTrip('blo', signal);
    expect(again).toMatchObject({ shape: [2, 3, 4, 4], dtype: 'uint8' });
    expect(values).toEqual(sourceNumbers(signal));
    expect(places(again.axes)).toEqual(places(signal.axes));
    expect(again.metadata).toMatchObject({ Acquisition_instrument: { TEM: { beam_energy: 200 } } });
    expect(notes).toEqual([]);
  });

  it('of other types are scaled to bytes, and how is said', async () => {
    const numbers = Uint16Array.from({ length: 2 * 3 * 16 }, (_, i) => i * 10);
    const signal = { ...signalOf('uint16', [y(2), x(3), pattern('dy'), pattern('dx')]), blocks: () => [numbers] };
    const { values, notes } = await roundTrip('blo', signal);
    expect(values[0]).toBe(0);
    expect(values.at(-1)).toBe(255);
    expect(values[48]).toBe(Math.round((480 * 255) / 950));
    expect(notes[0]).toContain(`multiplied by ${(255 / 950).toPrecision(6)}`);
  });

  it('come back from a TIFF stack of four axes', async () => {
    const signal = signalOf('uint16', [y(2), x(3), row(4), column(5)]);
    const { values } = await roundTrip('tif', signal);
    expect(values).toEqual(sourceNumbers(signal));
  });
});

describe('a picture', () => {
  it('holds bytes and 16-bit numbers as they are, and other numbers from the smallest to the largest', async () => {
    for (const [dtype, bits] of [
      ['uint8', 8],
      ['uint16', 16],
      ['float32', 16],
    ] as const) {
      const signal = signalOf(dtype, [row(3), column(4)]);
      const path = fresh('png');
      await writeSignal(path, signal, { overwrite: false });
      const bytes = readFileSync(path);
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24], bytes[25]]).toEqual([4, 3, bits, 0]);
      const length = bytes.readUInt32BE(33);
      const body = inflateSync(bytes.subarray(41, 41 + length));
      const stride = (4 * bits) / 8 + 1;
      for (let r = 1; r < 3; r++) {
        expect(body[r * stride]).toBe(2);
        for (let i = 1; i < stride; i++) body[r * stride + i]! += body[(r - 1) * stride + i]!;
      }
      const greys = Array.from({ length: 12 }, (_, i) => {
        const at = Math.floor(i / 4) * stride + 1 + ((i % 4) * bits) / 8;
        return bits === 8 ? body[at]! : body.readUInt16BE(at);
      });
      const values = sourceNumbers(signal);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      expect(greys).toEqual(
        dtype === 'float32' ? values.map((v) => Math.round((65_535 * (v - low)) / (high - low))) : values,
      );
    }
  });
});

describe('NumPy archives of data', () => {
  it('hold the array and the coordinates of its axes', async () => {
    const path = fresh('npz');
    await writeSignal(path, si(), { overwrite: false });
    const { signals } = await openHeader(path, { dataset: 'data' });
    expect(signals[0]).toMatchObject({ shape: [3, 4, 5], dtype: 'uint16' });
    expect(await numbersOf(signals[0]!)).toEqual(sourceNumbers(si()));
    const energies = (await openHeader(path, { dataset: 'axis_2_Energy' })).signals[0]!;
    expect((await numbersOf(energies)).map((v) => Number(v.toFixed(6)))).toEqual([400, 400.2, 400.4, 400.6, 400.8]);
  });
});

describe('what a format cannot hold', () => {
  const spectrum = [energy(5)];
  const image = [row(3), column(4)];
  const cube = [y(3), x(4), energy(5)];
  const patterns = [y(3), x(4), row(5), column(6)];
  it.each<[string, BuiltType, readonly Axis[], RegExp]>([
    ['msa', 'float32', cube, /one spectrum; save as \.hspy or \.rpl, or choose or sum pixels/],
    ['msa', 'float32', image, /an image.*save as \.tif/],
    ['tif', 'float32', spectrum, /no image; save it as \.msa/],
    ['rpl', 'float32', patterns, /2 navigation axes and 2 signal axes.*save as \.hspy/],
    ['rpl', 'complex64', cube, /complex numbers; save them as \.hspy/],
    ['hdr', 'float32', patterns, /save as \.hspy or \.tif/],
    ['blo', 'uint8', cube, /one diffraction pattern per pixel/],
    ['blo', 'uint8', patterns, /5 × 6, and those of a blockfile are square; crop or rebin/],
    ['mrc', 'float32', patterns, /4 axes, more than this format has; save as \.hspy, or \.blo/],
    ['png', 'float32', cube, /3 axes, and a picture has two/],
    ['csv', 'float32', patterns, /a table holds spectra, or one image/],
  ])('.%s refuses %s: %#', async (extension, dtype, axes, words) => {
    const path = fresh(extension);
    const error = await writeSignal(path, signalOf(dtype, axes), { overwrite: false }).catch((e: EigenscopeError) => e);
    expect(error).toMatchObject({ code: 'bad-request' });
    expect((error as EigenscopeError).message).toMatch(words);
    expect(existsSync(path)).toBe(false);
  });

  it('is known before anything is written: every format answers for every kind of data', () => {
    const kinds: SignalForm[] = [spectrum, image, cube, patterns].flatMap((axes) =>
      (['uint8', 'float32', 'complex128', 'rgb8'] as const).map((dtype) => ({ dtype, axes })),
    );
    for (const kind of kinds) {
      const able = signalFormats.filter((format) => format.refusal(kind) === null).map(({ id }) => id);
      expect(able).toEqual(expect.arrayContaining(['hspy', 'npy']));
    }
    expect(new Set(signalFormats.flatMap(({ extensions }) => extensions)).size).toBe(
      signalFormats.flatMap(({ extensions }) => extensions).length,
    );
  });
});

describe('a write that fails', () => {
  const failing = (signal: SignalToWrite): SignalToWrite => ({
    ...signal,
    *blocks() {
      yield new Uint8Array(8);
      throw new Error('the drive is gone');
    },
  });

  it.each(['tif', 'rpl', 'hdr', 'mrc', 'csv', 'npy', 'npz', 'hspy'])(
    'leaves the old files of .%s and nothing else',
    async (extension) => {
      const path = fresh(extension);
      const files = placesOfSignal(path);
      for (const file of files) writeFileSync(file, 'old');
      const before = readdirSync(folder).sort();
      await expect(writeSignal(path, failing(si()), { overwrite: true })).rejects.toThrow('the drive is gone');
      for (const file of files) expect(readFileSync(file, 'utf8')).toBe('old');
      expect(readdirSync(folder).sort()).toEqual(before);
    },
  );

  it.each(['rpl', 'hdr'])('of two files refuses when either is there: .%s', async (extension) => {
    const path = fresh(extension);
    const data = placesOfSignal(path).find((place) => place !== path)!;
    writeFileSync(data, 'old');
    await expect(writeSignal(path, si(), { overwrite: false })).rejects.toMatchObject({ code: 'exists' });
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(data, 'utf8')).toBe('old');
  });

  it('for too few pixels says so', async () => {
    const short = { ...si(), blocks: () => [new Uint16Array(59)] };
    for (const extension of ['tif', 'rpl', 'csv']) {
      await expect(writeSignal(fresh(extension), short, { overwrite: false })).rejects.toMatchObject({
        code: 'shape-mismatch',
      });
    }
  });

  it('is refused beforehand when the drive has no room', async () => {
    const huge = { ...si(), shape: [1e6, 1e6, 1000], axes: [y(1e6), x(1e6), energy(1000)] };
    for (const extension of ['rpl', 'tif', 'hdr', 'mrc', 'npy']) {
      const path = fresh(extension);
      await expect(writeSignal(path, huge, { overwrite: false })).rejects.toMatchObject({ code: 'disk-full' });
      expect(existsSync(path)).toBe(false);
    }
  });
});

describe('writing axes in another order', () => {
  it('gives the same file whatever is gathered at once', async () => {
    const signal = signalOf('uint16', [y(7), x(5), energy(11)]);
    const wanted = reordered(sourceNumbers(signal), [7, 5, 11], [2, 0, 1]);
    for (const gather of [2, 14, 22, 100, 110, 220, 1000]) {
      const path = fresh('bin');
      const file = await open(path, 'w+');
      await writeInOrder(file, path, signal, { at: 6, order: [2, 0, 1], gather });
      await file.close();
      const bytes = readFileSync(path);
      expect(bytes.length).toBe(6 + 2 * wanted.length);
      expect(Array.from(wanted, (_, i) => bytes.readUInt16LE(6 + 2 * i))).toEqual(wanted);
    }
  });
});

describe('a TIFF file', () => {
  it('keeps a resolution as the nearest ratio of two 32-bit numbers', () => {
    expect(ratioOf(50)).toEqual([50, 1]);
    expect(ratioOf(1 / 0.3)).toEqual([10, 3]);
    expect(ratioOf(0)).toEqual([0, 1]);
    for (const value of [Math.PI, 1e-7, 123456.789, 5e9, 1e-12]) {
      const [p, q] = ratioOf(value);
      expect(p).toBeLessThan(2 ** 32);
      expect(q).toBeLessThan(2 ** 32);
      if (value < 4e9 && value > 1e-9) expect(Math.abs(p / q - value)).toBeLessThan(1e-9 * value);
    }
  });

  it('too long for 32-bit offsets is a BigTIFF, which comes back the same', async () => {
    for (const dtype of ['uint16', 'float32'] as const) {
      const signal = signalOf(dtype, [axis('t', 20, true, { scale: 2, offset: 5 }), row(3), column(4)]);
      const path = fresh('tif');
      await writeTiffUpTo(path, signal, { overwrite: false }, 1000);
      expect([...readFileSync(path).subarray(0, 8)]).toEqual([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
      const again = (await openHeader(path)).signals[0]!;
      expect(again).toMatchObject({ shape: [20, 3, 4], dtype });
      expect(await numbersOf(again)).toEqual(sourceNumbers(signal));
      expect(places(again.axes).map((one) => one.values)).toEqual(places(signal.axes).map((one) => one.values));
    }
  });
});
