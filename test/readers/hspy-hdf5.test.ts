import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataset, group, text } from '../../main/io/hdf5-writer/tree.ts';
import { writeHdf5 } from '../../main/io/hdf5-writer/write-hdf5.ts';
import { elementCount } from '../../workers/model/dtype.ts';
import { calibrationOf } from '../../workers/readers/hdf5-axes.ts';
import { explainHdf5Failure } from '../../workers/readers/hdf5-errors.ts';
import { createTileCache, tileShape } from '../../workers/readers/hdf5-tiles.ts';
import { hdf5Reader } from '../../workers/readers/hdf5.ts';
import { evaluateAxisExpression } from '../../workers/readers/hspy-expression.ts';
import { parseQuantity } from '../../workers/readers/hspy-metadata.ts';
import { decodeKey } from '../../workers/readers/hspy-tree.ts';
import { openPixels, stats } from '../../workers/readers/pixels.ts';
import { array, buildHdf5, group as groupOf } from './builders/hdf5.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();

describe('any HDF5 file', () => {
  const counts = Uint16Array.from({ length: 6 * 40 }, (_, i) => i);
  const tree = () =>
    group(
      {},
      {
        a: dataset('uint16', [6, 40], counts),
        deep: group(
          {},
          {
            packed: dataset('uint16', [6, 40], counts, { kind: 'deflated', level: 4 }),
            one: dataset('float64', [1], Float64Array.of(3)),
          },
        ),
        info: group({ operator: text('somebody') }),
      },
    );

  it('lists its arrays without reading them; single values are metadata', async () => {
    const path = join(files.folder, 'any.h5');
    await writeHdf5(path, tree(), { overwrite: false });
    const { format, signals } = await hdf5Reader.header(path, {});
    expect(format).toBe('hdf5');
    expect(signals.map((signal) => [signal.title, signal.shape, signal.layout.kind])).toEqual([
      ['a', [6, 40], 'raw'],
      ['deep/packed', [6, 40], 'hdf5'],
    ]);
    expect(signals[0]!.axes.map((axis) => axis.navigate)).toEqual([true, false]);
    expect(signals[0]!.originalMetadata).toMatchObject({ info: { operator: 'somebody' }, deep: { one: [3] } });
  });

  it('gives the same values as plain bytes of the file and through the library', async () => {
    const path = join(files.folder, 'same.h5');
    await writeHdf5(path, tree(), { overwrite: false });
    const { signals } = await hdf5Reader.header(path, {});
    for (const signal of signals) {
      const source = await openPixels(signal);
      expect(Array.from(source.read([2, 30], [2, 3]) as Uint16Array)).toEqual([110, 111, 112, 150, 151, 152]);
      expect(() => source.read([5, 0], [2, 1])).toThrow(expect.objectContaining({ code: 'parameter-out-of-range' }));
      source.close();
      expect(await stats(signal)).toMatchObject({ sum: (239 * 240) / 2, min: 0, max: 239 });
    }
  });

  it('opens the data set that was asked for, in the shape that was asked for', async () => {
    const path = join(files.folder, 'asked.h5');
    await writeHdf5(path, tree(), { overwrite: false });
    const hints = {
      dataset: 'a',
      navigationShape: [2, 3],
      signalShape: [40],
      axes: [{ name: 'energy', units: 'eV', scale: 0.5, offset: 100 }],
    };
    const { signals } = await hdf5Reader.header(path, hints);
    expect(signals).toHaveLength(1);
    expect(signals[0]!.shape).toEqual([2, 3, 40]);
    expect(signals[0]!.axes[2]).toMatchObject({
      name: 'energy',
      units: 'eV',
      scale: 0.5,
      offset: 100,
      navigate: false,
    });
    await expect(hdf5Reader.header(path, { dataset: 'nothing' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('/deep/packed'),
    });
    await expect(hdf5Reader.header(path, { dataset: 'deep/packed', navigationShape: [2, 3] })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    await expect(
      hdf5Reader.header(path, { dataset: 'a', navigationShape: [7], signalShape: [40] }),
    ).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

describe('reading in tiles of whole chunks', () => {
  it.each([
    [[512, 512, 2048], [8, 8, 2048], 2, [8, 128, 2048]],
    [[1000, 1000], [10, 10], 4, [1000, 1000]],
    [[100, 4_000_000], [1, 1_000_000], 4, [1, 1_000_000]],
    [[100, 100, 100], null, 2, [100, 100, 100]],
    [[5], [5], 8, [5]],
  ])('of %j in chunks %j', (shape, chunks, size, tile) => {
    expect(tileShape(shape, chunks, size).tile).toEqual(tile);
  });

  it('cuts a chunk that does not fit into memory', () => {
    const { tile } = tileShape([4000, 1000, 1000], [4000, 1000, 1000], 8);
    expect(elementCount(tile) * 8).toBeLessThanOrEqual(256 * 2 ** 20);
    expect(tile[1]).toBe(1000);
  });

  it('unpacks every chunk once when the array is read row by row', () => {
    const shape = [64, 100, 50];
    const tile = [8, 30, 50];
    const reads = new Map<string, number>();
    const cache = createTileCache(shape, tile, 8 * 100 * 50 * 2, (start, count) => {
      reads.set(start.join(), (reads.get(start.join()) ?? 0) + 1);
      return new Uint8Array(elementCount(count) * 2);
    });
    let elements = 0;
    for (let row = 0; row < 64; row++)
      for (const part of cache.parts([row, 0, 0], [1, 100, 50])) elements += elementCount(part.count);
    expect(elements).toBe(64 * 100 * 50);
    expect(reads.size).toBe(8 * 4);
    expect([...reads.values()].every((times) => times === 1)).toBe(true);
  });
});

describe('coordinates of an axis', () => {
  it('are a scale and an offset where they are evenly spaced, centres where they are edges, values otherwise', () => {
    expect(calibrationOf(Float64Array.of(20, 22, 24), 3)).toEqual({ scale: 2, offset: 20 });
    expect(calibrationOf(Float64Array.of(0, 2, 4, 6), 3)).toEqual({ scale: 2, offset: 1 });
    expect(calibrationOf(Float64Array.of(1, 2, 4), 3)).toEqual({ scale: 1, offset: 0, values: [1, 2, 4] });
    expect(calibrationOf(Float64Array.of(7), 1)).toEqual({ scale: 1, offset: 7 });
    expect(calibrationOf(Float64Array.of(1, 2), 5)).toBeNull();
    expect(calibrationOf(Float64Array.of(1, NaN, 3), 3)).toBeNull();
  });

  it('follow a formula without running it', () => {
    const names = new Map([
      ['x', 1.5],
      ['a', 2],
      ['b', -1.5],
    ]);
    // HyperSpy 1.7.3, FunctionalDataAxis('a * x ** 2 + b / (x + 1)', a=2, b=-1.5) at x = 1.5
    expect(evaluateAxisExpression('a * x ** 2 + b / (x + 1)', names)).toBeCloseTo(3.9, 12);
    expect(evaluateAxisExpression('-2 ** 2', names)).toBe(-4);
    expect(evaluateAxisExpression('2 ** 3 ** 2', names)).toBe(512);
    expect(evaluateAxisExpression('exp(log(x)) - 1e-3', names)).toBeCloseTo(1.499, 12);
    for (const bad of ['process.exit()', 'x; x', 'x +', '(x', 'unknown', 'constructor(x)', '__import__("os")']) {
      expect(() => evaluateAxisExpression(bad, names), bad).toThrow(
        expect.objectContaining({ code: 'unsupported-format' }),
      );
    }
  });
});

describe('names and values of HyperSpy', () => {
  it.each([
    ['_list_2_inner', true, 'inner', 'list'],
    ['_list_2', false, '2', 'plain'],
    ['_tuple_original_shape', false, 'original_shape', 'plain'],
    ['_list_empty_elements', false, 'elements', 'empty'],
    ['_bs_code', false, 'code', 'plain'],
    ['_datetime_date', false, 'date', 'plain'],
    ['_sig_variance', true, 'variance', 'signal'],
    ['_HyperSpy', true, '_HyperSpy', 'plain'],
    ['beam_energy', false, 'beam_energy', 'plain'],
  ] as const)('%s', (name, isGroup, key, as) => {
    expect(decodeKey(name, isGroup)).toEqual({ key, as });
  });

  it('a quantity is a name and a unit', () => {
    expect(parseQuantity('Intensity (Counts)')).toEqual({ name: 'Intensity', units: 'Counts' });
    expect(parseQuantity('Dose (e/Å²)')).toEqual({ name: 'Dose', units: 'e/Å²' });
    expect(parseQuantity('Height')).toEqual({ name: 'Height', units: null });
    expect(parseQuantity(null)).toEqual({ name: 'Intensity', units: null });
  });
});

describe('NeXus files', () => {
  // the classes of the standard; nexusformat's example chopper.nxs has its monitors so
  it('have axes for monitors too, whose bins are told by their edges', async () => {
    const monitor = groupOf(
      {
        data: array(Float64Array.of(1, 2, 3), [3]),
        tof: array(Float64Array.of(500, 502, 504, 506), [4], { attributes: { units: 'us' } }),
      },
      { NX_class: 'NXmonitor', signal: 'data', axes: ['tof'] },
    );
    const bytes = await buildHdf5(groupOf({ entry: groupOf({ monitor1: monitor }, { NX_class: 'NXentry' }) }));
    const { format, signals } = await hdf5Reader.header(files.write('monitor.nxs', bytes), {});
    expect(format).toBe('nexus');
    expect(signals[0]).toMatchObject({ title: 'monitor1', shape: [3] });
    expect(signals[0]!.axes[0]).toMatchObject({ name: 'tof', units: 'us', scale: 2, offset: 501 });
  });
});

describe('an array whose numbers are in a file of their own', () => {
  it('is named as such', () => {
    const told = explainHdf5Failure('x.h5', 'the data set /d', new Error('unable to open external raw data file'));
    expect(told).toMatchObject({ code: 'unsupported-format', message: expect.stringContaining('a file of their own') });
  });
});

const nexus = resolve(import.meta.dirname, '../../../shared/samples/nexus');
describe.skipIf(!existsSync(nexus))('NeXus files (from the samples)', () => {
  it('have signals with the axes that their groups declare', async () => {
    const { format, signals } = await hdf5Reader.header(join(nexus, 'saved_multi_signal.nxs'), {});
    expect(format).toBe('nexus');
    expect(signals[0]).toMatchObject({ title: 'rocks', shape: [15, 1, 40, 40], dtype: 'float64' });
    expect(signals[0]!.axes.map(({ name, scale, offset, navigate }) => [name, scale, offset, navigate])).toEqual([
      ['yaxis', 2, 20, true],
      ['xaxis', 1, 20, true],
      ['', 1, 0, false],
      ['', 1, 0, false],
    ]);
    expect(signals[1]).toMatchObject({ shape: [30, 30, 10] });
    expect(signals[1]!.axes[2]).toMatchObject({ name: 'energy', navigate: false });
    expect(signals[1]!.axes[2]!.scale).toBeCloseTo(0.01, 9);
  });
});

const delmic = resolve(import.meta.dirname, '../../../shared/samples/delmic/sparc-hyperspectral.h5');
describe.skipIf(!existsSync(delmic))('a SPARC file of Delmic (from the samples)', () => {
  it('is a map of spectra, channels moved last', async () => {
    const { signals } = await hdf5Reader.header(delmic, {});
    const signal = signals[0]!;
    expect(signal).toMatchObject({ shape: [3, 2, 128], dtype: 'uint16', signalType: 'CL_SEM' });
    // What the reader of RosettaSciIO says of the same file.
    expect(signal.axes[0]!.scale).toBeCloseTo(-963.862901465797, 6);
    expect(signal.axes[0]!.offset).toBeCloseTo(1326.3523814094667, 6);
    expect(signal.axes[2]!.values?.[0]).toBeCloseTo(467.87594604492193, 6);
    const source = await openPixels(signal);
    expect(source.read([2, 1, 127], [1, 1, 1])[0]).toBe(769);
    expect(source.read([1, 0, 45], [1, 1, 1])[0]).toBe(675);
    source.close();
    expect(await stats(signal)).toMatchObject({ sum: 582_366, min: 656, max: 859 });
  });
});
