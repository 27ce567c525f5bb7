import { describe, expect, it } from 'vitest';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { npyReader } from '../../workers/readers/npy.ts';
import { npzReader } from '../../workers/readers/npz.ts';
import { parsePythonLiteral } from '../../workers/readers/numpy-literal.ts';
import { arrangeFortran } from '../../workers/readers/numpy-signal.ts';
import { loadCube, openPixels, probe, rowSourceOf, stats, toFloat64 } from '../../workers/readers/pixels.ts';
import type { BuiltType } from './builders/elements.ts';
import { buildNpy, buildNpz } from './builders/numpy.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();

const open = async (bytes: Uint8Array, hints = {}, name = 'array.npy') =>
  (await npyReader.header(write(name, bytes), hints)).signals[0]!;

const refusal = async (opening: Promise<unknown>): Promise<EigenscopeError> =>
  opening.then(
    () => Promise.reject(new Error('it was opened')),
    (error: EigenscopeError) => error,
  );

describe('an .npy array without hints', () => {
  it('has its last axis as the signal and the others as navigation, named from the fastest on', async () => {
    const signal = await open(buildNpy({ shape: [2, 3, 4, 5], dtype: 'uint16' }));
    expect(signal.axes.map((a) => [a.name, a.size, a.navigate, a.units])).toEqual([
      ['z', 2, true, null],
      ['y', 3, true, null],
      ['x', 4, true, null],
      ['channel', 5, false, null],
    ]);
  });

  it('with one axis is one spectrum', async () => {
    const signal = await open(buildNpy({ shape: [7] }));
    expect(signal.axes.map((a) => [a.name, a.navigate])).toEqual([['channel', false]]);
    expect(rowSourceOf(signal)).toMatchObject({ samples: 1, features: 7, littleEndian: true });
  });

  const types: [BuiltType, number][] = [
    ['bool', 1],
    ['int8', 23],
    ['uint8', 23],
    ['int16', 23],
    ['uint16', 23],
    ['int32', 23],
    ['uint32', 23],
    ['int64', 23],
    ['uint64', 23],
    ['float16', 23],
    ['float32', 23],
    ['float64', 23],
  ];
  for (const bigEndian of [false, true]) {
    it.each(types)(
      `of %s, ${bigEndian ? 'big' : 'little'}-endian, gives the values that were stored`,
      async (dtype, last) => {
        const signal = await open(buildNpy({ shape: [2, 3, 4], dtype, bigEndian }));
        expect(signal.dtype).toBe(dtype);
        const pixels = await openPixels(signal);
        const row = toFloat64(pixels.read([1, 2, 0], [1, 1, 4]), dtype);
        pixels.close();
        expect([...row]).toEqual(dtype === 'bool' ? [0, 1, 0, 1] : [20, 21, 22, 23]);
        expect(await probe(signal, [1, 2, 3])).toBe(dtype === 'bool' ? true : last);
        expect((await stats(signal)).sum).toBe(dtype === 'bool' ? 12 : 276);
      },
    );
  }

  it.each(['complex64', 'complex128'] as const)('of %s keeps re and im side by side', async (dtype) => {
    const signal = await open(buildNpy({ shape: [2, 2], dtype, data: [1, 2, 3, -4, 5, 6, -7, 8] }));
    expect(await probe(signal, [1, 0])).toEqual({ re: 5, im: 6 });
    expect(await stats(signal)).toEqual({
      sum: { re: 2, im: 12 },
      min: Math.sqrt(5),
      max: Math.sqrt(113),
      nanCount: 0,
    });
  });

  it.each([1, 2, 3] as const)('of format version %i is read alike', async (version) => {
    expect(await probe(await open(buildNpy({ shape: [3, 2], version })), [2, 1])).toBe(5);
  });

  it('in Fortran order is seen as NumPy sees it', async () => {
    // np.save(np.asfortranarray(np.arange(24).reshape(2, 3, 4))) stores 0 12 4 16 8 20 1 13 …
    const stored = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
    const signal = await open(buildNpy({ shape: [2, 3, 4], dtype: 'int32', data: stored, fortranOrder: true }));
    expect(signal.shape).toEqual([2, 3, 4]);
    expect(rowSourceOf(signal)).toBeNull();
    const buffer = new SharedArrayBuffer(96);
    await loadCube(signal, buffer);
    expect([...new Int32Array(buffer)]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(await probe(signal, [1, 0, 3])).toBe(15);
    // the navigation axes joined: 6 spectra of 4 channels cannot be seen in place, 2 × 3 × (2 × 2) can
    const error = await refusal(
      open(buildNpy({ shape: [2, 3, 4], dtype: 'int32', data: stored, fortranOrder: true }), { navigationShape: [6] }),
    );
    expect(error.message).toContain('ascontiguousarray');
    const split = await open(buildNpy({ shape: [2, 3, 4], dtype: 'int32', data: stored, fortranOrder: true }), {
      navigationShape: [2, 3],
      signalShape: [2, 2],
    });
    expect(await probe(split, [1, 2, 1, 0])).toBe(22);
  });

  it('of RGB records is a colour picture', async () => {
    const descr = "[('R', 'u1'), ('G', 'u1'), ('B', 'u1')]";
    const signal = await open(buildNpy({ shape: [1, 2], dtype: 'uint8', data: [1, 2, 3, 4, 5, 6], descr }));
    expect(signal.dtype).toBe('rgb8');
    expect(await probe(signal, [0, 1])).toEqual([4, 5, 6]);
    expect(await probe(signal, [0, 1, 2])).toBe(6);
  });
});

describe('hints for an .npy array', () => {
  const cube = buildNpy({ shape: [1024, 256], dtype: 'uint16', data: new Uint16Array(1024 * 256) });

  it('re-shape and calibrate it', async () => {
    const signal = await open(cube, {
      navigationShape: [32, 32],
      signalShape: [256],
      axes: [{ name: 'energy', units: 'keV', scale: 0.01, offset: -0.2 }],
    });
    expect(signal.shape).toEqual([32, 32, 256]);
    expect(signal.axes[2]).toEqual({
      name: 'energy',
      units: 'keV',
      scale: 0.01,
      offset: -0.2,
      size: 256,
      navigate: false,
    });
    expect(signal.axes[1]).toMatchObject({ name: 'x', navigate: true, units: null, scale: 1 });
  });

  it('complete the shape that was not told', async () => {
    expect((await open(cube, { signalShape: [256] })).axes.map((a) => [a.size, a.navigate])).toEqual([
      [1024, true],
      [256, false],
    ]);
    expect((await open(cube, { navigationShape: [32, 32] })).shape).toEqual([32, 32, 256]);
    expect((await open(cube, { navigationShape: [] })).axes.map((a) => [a.name, a.navigate])).toEqual([
      ['y', false],
      ['x', false],
    ]);
  });

  it('that do not fit are refused with both products', async () => {
    const error = await refusal(open(cube, { navigationShape: [32, 33], signalShape: [256] }));
    expect(error.code).toBe('shape-mismatch');
    expect(error.message).toContain('270336');
    expect(error.message).toContain('262144');
    expect((await refusal(open(cube, { signalShape: [0] }))).code).toBe('shape-mismatch');
    expect((await refusal(open(cube, { axes: [{}, {}, {}] }))).code).toBe('shape-mismatch');
    expect((await refusal(open(cube, { axes: [{ scale: 0 }] }))).code).toBe('parameter-out-of-range');
  });
});

describe('an .npy array that cannot be shown', () => {
  it.each([
    ["'|O'", 'never opened'],
    ["'<U12'", 'text'],
    ["'|S5'", 'text'],
    ["'<f16'", 'extended precision'],
    ["'<M8[ns]'", 'dates'],
    ["[('x', '<f8'), ('y', '<f8')]", 'x, y'],
  ])('of type %s is refused by name', async (descr, words) => {
    const error = await refusal(open(buildNpy({ shape: [4], descr })));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(words);
    expect(error.message).toContain('array.npy');
  });

  it('is refused before any memory is asked for when it promises more than the file holds', async () => {
    const whole = buildNpy({ shape: [2, 2] });
    const lie = Buffer.from(
      whole.toString('latin1').replace('(2, 2), }  ', '(9007199254740991, 2), }').slice(0, whole.length),
      'latin1',
    );
    expect((await refusal(open(lie))).code).toMatch(/corrupt-file/);
    const long = Buffer.from(
      whole.toString('latin1').replace('(2, 2), }       ', '(20000, 90000), }').slice(0, whole.length),
      'latin1',
    );
    const error = await refusal(open(long));
    expect(error.code).toBe('truncated-file');
    expect(error.details).toMatchObject({ found: whole.length });
  });

  it.each([
    [[0, 4], 'corrupt-file'],
    [[], 'unsupported-format'],
  ])('of shape %j is refused', async (shape, code) => {
    expect((await refusal(open(buildNpy({ shape, data: [1] })))).code).toBe(code);
  });
});

describe('an .npz file', () => {
  const members = {
    'factors.npy': buildNpy({ shape: [5, 2] }),
    'mean.npy': buildNpy({ shape: [], data: [3] }),
    'title.npy': buildNpy({ shape: [], descr: "'<U4'", data: [] }),
    'poissonian.npy': buildNpy({ shape: [], descr: "'|O'", data: [] }),
    'labels.npy': buildNpy({ shape: [6], dtype: 'int32', bigEndian: true }),
    'kind.txt': Buffer.from('text'),
  };

  it.each([false, true])('gives every numeric array as a signal (compressed: %s)', async (deflate) => {
    const { signals } = await npzReader.header(write('results.npz', buildNpz(members, deflate)), {});
    expect(signals.map((s) => [s.title, s.shape, s.dtype, s.layout.kind])).toEqual([
      ['factors', [5, 2], 'float64', deflate ? 'bytes' : 'raw'],
      ['labels', [6], 'int32', deflate ? 'bytes' : 'raw'],
    ]);
    expect(await probe(signals[0]!, [4, 1])).toBe(9);
    expect(await probe(signals[1]!, [5])).toBe(5);
    expect(signals[0]!.warnings.join()).toContain('poissonian');
  });

  it('gives the chosen member alone, and names what is there when it is not', async () => {
    const path = write('chosen.npz', buildNpz(members));
    expect((await npzReader.header(path, { dataset: 'labels' })).signals).toHaveLength(1);
    const error = await refusal(npzReader.header(path, { dataset: 'loadings' }));
    expect(error.code).toBe('not-found');
    expect(error.message).toContain('factors, mean');
  });

  it('in Fortran order and compressed is put into C order', async () => {
    const stored = buildNpy({
      shape: [2, 3],
      dtype: 'int16',
      data: [0, 3, 1, 4, 2, 5],
      fortranOrder: true,
      bigEndian: true,
    });
    const { signals } = await npzReader.header(write('f.npz', buildNpz({ 'a.npy': stored }, true)), {});
    const pixels = await openPixels(signals[0]!);
    expect([...(pixels.read([0, 0], [2, 3]) as Int16Array)]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('that claims far more than deflate can give is refused without unpacking', async () => {
    const bytes = buildNpz({ 'a.npy': buildNpy({ shape: [4] }) }, true);
    const directory = bytes.indexOf('PK\x01\x02', 0, 'latin1');
    bytes.writeUInt32LE(4_000_000_000, directory + 24);
    const error = await refusal(npzReader.header(write('bomb.npz', bytes), {}));
    expect(error.code).toBe('corrupt-file');
    expect(error.message).toContain('4000000000');
  });

  it('cut short says so', async () => {
    const bytes = buildNpz(members);
    const error = await refusal(npzReader.header(write('short.npz', bytes.subarray(0, bytes.length - 30)), {}));
    expect(error.code).toBe('truncated-file');
  });

  it('of a Zarr store says what it is', async () => {
    const error = await refusal(npzReader.header(write('z.zspy', buildNpz({ '.zgroup': Buffer.from('{}') })), {}));
    expect(error.message).toContain('Zarr');
  });
});

describe('parsePythonLiteral', () => {
  it('reads what Python 2 and 3 write', () => {
    const found = parsePythonLiteral("{u'a': (3L, -2,), \"b\": [True, None, 'x'], 'c': ()}\n") as Map<string, unknown>;
    expect([...found]).toEqual([
      ['a', [3, -2]],
      ['b', [true, null, 'x']],
      ['c', []],
    ]);
  });

  it.each(['__import__("os")', '{1: 2}', "{'a': 1", '((((((((((1))))))))))', "{'a': 1} + {}", "'open"])(
    'refuses %s',
    (text) => {
      expect(() => parsePythonLiteral(text)).toThrow(SyntaxError);
    },
  );
});

describe('arrangeFortran', () => {
  it('orders axes by their distance in the file', () => {
    expect(arrangeFortran([2, 3, 4], [2, 3, 4])).toEqual({ storedShape: [4, 3, 2], axisOrder: [2, 1, 0] });
    expect(arrangeFortran([6, 4], [2, 3, 4])).toEqual({ storedShape: [4, 2, 3], axisOrder: [1, 2, 0] });
    expect(arrangeFortran([2, 3, 4], [6, 4])).toBeNull();
  });
});
