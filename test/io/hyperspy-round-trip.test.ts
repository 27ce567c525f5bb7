import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHspy, type HspySignal } from '../../main/io/hspy-writer.ts';
import { writeNpz } from '../../main/io/npz-writer.ts';
import { writeZspy } from '../../main/io/zspy-writer/write-zspy.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { hspyReader } from '../../workers/readers/hspy.ts';
import { readEigenscopeResults } from '../../workers/readers/learning-results-eigenscope.ts';
import { readHspyLearningResults } from '../../workers/readers/learning-results-hspy.ts';
import { readNpzLearningResults } from '../../workers/readers/learning-results-npz.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { readZspyLearningResults, zspyReader } from '../../workers/readers/zarr/reader.ts';
import { hyperspyNote, hyperspyVersion, pythonVersion, runPython } from '../hyperspy.ts';

/** HyperSpy reads .zspy where Python's zarr is installed too. */
const hasZarr = pythonVersion('zarr') !== null;

/* 4 × 5 pixels, 600 channels: several chunks once the array is 1 MiB; here one, the large one below has many. */
const shape = [40, 50, 600];
const count = 40 * 50 * 600;
const counts = Uint16Array.from({ length: count }, (_, i) => (i * 7919) % 65_521);
const floats = Float32Array.from({ length: 3 * 4 * 5 }, (_, i) => Math.fround(Math.sin(i) * 1e3));

const float64 = (shape: number[], value: (i: number) => number): ResultArray => ({
  dtype: 'float64',
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});
const bool = (shape: number[], value: (i: number) => boolean): ResultArray => ({
  dtype: 'bool',
  shape,
  data: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Number(value(i))),
});

const arrays: Record<string, ResultArray> = {
  factors: float64([600, 3], (i) => Math.sin(i / 7)),
  loadings: float64([2000, 3], (i) => (i < 9 ? NaN : Math.cos(i / 11))),
  explained_variance: float64([3], (i) => 10 / (i + 1)),
  explained_variance_ratio: float64([3], (i) => 0.5 / (i + 1)),
  mean: float64([1, 600], (i) => i / 10),
  navigation_mask: bool([2000], (i) => i < 3),
  signal_mask: bool([600], () => false),
  cluster_labels: bool([2, 2000], (i) => i % 2 === 0),
  original_shape: { dtype: 'int32', shape: [3], data: Int32Array.from(shape) },
};
const scalars = {
  decomposition_algorithm: 'SVD',
  centre: 'navigation',
  poissonian_noise_normalized: false,
  output_dimension: 3,
  number_significant_components: 2,
  unfolded: true,
  bss_algorithm: null,
};
const provenance = JSON.stringify({ eigenscope: 1, steps: ['Zerlegung mit µ und 日本', 'x'.repeat(80_000)] });

const record: ResultRecord = {
  id: 'svd-1',
  kind: 'decomposition',
  operation: 'decomposition',
  name: 'SVD, 3 components',
  dataset: 'si',
  parent: null,
  algorithm: 'SVD',
  parameters: { output_dimension: 3, normalize_poissonian_noise: false },
  seed: 7,
  version: '0.1.0',
  made: '2026-01-01T00:00:00Z',
  seconds: 0.25,
  scalars: { number_significant_components: 2 },
  arrays: { factors: { dtype: 'float64', shape: [600, 3] } },
  notes: ['integers were converted to float64', 'zweite Zeile: µ'],
  axes: [],
  starred: false,
};

function* blocks(): Generator<Uint16Array> {
  for (let at = 0; at < count; at += 12_345) yield counts.subarray(at, at + 12_345);
}

const eels: HspySignal = {
  title: 'Kern/Schale µ',
  signalType: 'EELS',
  shape,
  dtype: 'uint16',
  axes: [
    { name: 'y', units: 'nm', size: 40, navigate: true, scale: 0.5, offset: -3 },
    { name: 'x', units: 'nm', size: 50, navigate: true, scale: 0.25, offset: 0 },
    { name: 'Energy', units: 'eV', size: 600, navigate: false, scale: 0.1, offset: 400 },
  ],
  quantity: { name: 'Intensity', units: 'Counts' },
  metadata: {
    Acquisition_instrument: { TEM: { beam_energy: 200, convergence_angle: 21.5, Stage: { tilt_alpha: 0 } } },
    Sample: { elements: ['Fe'], grown_on: ['MgO', 'Si µ', ''], thickness: 1.5 },
  },
  originalMetadata: {
    empty: [],
    nested: [42, 'text', [0, 1], { a: null }],
    numbers: [1.5, 2.5],
    whole: [1, 2, 3],
    flags: [true, false],
    'a/b': 'slash',
    text: 'zwei\nZeilen',
    nothing: null,
    eleven: [0, 'b', 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  },
  data: { [Symbol.iterator]: blocks },
  storage: { kind: 'deflated', level: 4 },
  learning: { arrays, scalars },
  provenance,
};

const images: HspySignal = {
  title: '',
  signalType: '',
  shape: [3, 4, 5],
  dtype: 'float32',
  axes: [
    { name: 'time', units: 's', size: 3, navigate: true, scale: 1, offset: 0, values: [0, 1, 10] },
    { name: '', units: null, size: 4, navigate: false, scale: 1, offset: 0 },
    { name: 'x', units: 'nm', size: 5, navigate: false, scale: 2, offset: 1 },
  ],
  metadata: {},
  originalMetadata: {},
  data: floats,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eigenscope-hyperspy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const values = (array: ResultArray | undefined): number[] => [...(array?.data ?? [])];

async function readAll(path: string, index: number, reader = hspyReader): Promise<number[]> {
  const { signals } = await reader.header(path, {});
  const signal = signals[index]!;
  const source = await openPixels(signal);
  try {
    return Array.from(
      source.read(
        signal.shape.map(() => 0),
        signal.shape,
      ) as Float32Array,
    );
  } finally {
    source.close();
  }
}

describe('a HyperSpy file of ours, read by us', () => {
  it('gives back pixels, axes, metadata, learning results and all results', async () => {
    const path = join(folder, 'own.hspy');
    await writeHspy(
      path,
      { signals: [eels, images], results: [{ record, arrays: { factors: arrays['factors']! } }] },
      { overwrite: false },
    );
    const { signals } = await hspyReader.header(path, {});
    expect(signals.map((signal) => signal.title).toSorted()).toEqual(['', 'Kern/Schale µ']);
    const index = signals.findIndex((signal) => signal.dtype === 'uint16');
    const found = signals[index]!;
    expect(found).toMatchObject({ signalType: 'EELS', shape, axes: eels.axes, warnings: [], layout: { kind: 'hdf5' } });
    expect(found.quantity).toEqual(eels.quantity);
    expect(found.metadata).toMatchObject(eels.metadata);
    expect(found.originalMetadata).toEqual({ ...eels.originalMetadata, 'a/b': undefined, 'a-b': 'slash' });
    expect(signals[1 - index]).toMatchObject({ axes: images.axes, dtype: 'float32', layout: { kind: 'raw' } });
    expect(await readAll(path, index)).toEqual([...counts]);
    expect(await readAll(path, 1 - index)).toEqual([...floats]);

    const learned = await readHspyLearningResults(path, index);
    expect(Object.keys(learned!.arrays).toSorted()).toEqual(Object.keys(arrays).toSorted());
    for (const [name, array] of Object.entries(arrays)) {
      expect(learned!.arrays[name]!.shape, name).toEqual(array.shape);
      expect(learned!.arrays[name]!.dtype, name).toBe(array.dtype);
      expect(values(learned!.arrays[name]), name).toEqual([...array.data]);
    }
    const { bss_algorithm: _none, ...set } = scalars;
    expect(learned!.scalars).toEqual({ ...set, eigenscope_provenance: provenance });
    expect(await readHspyLearningResults(path, 1 - index)).toBeNull();

    const [result] = await readEigenscopeResults(path);
    expect(result!.record).toEqual(record);
    expect(values(result!.arrays['factors'])).toEqual(values(arrays['factors']));
  });

  it('has learning results in .npz that come back unchanged', async () => {
    const path = join(folder, 'own.npz');
    await writeNpz(path, arrays, { ...scalars, ratio: 0.1, name: 'µ 日本 😀' }, { overwrite: false });
    const found = await readNpzLearningResults(path);
    for (const [name, array] of Object.entries(arrays))
      expect(values(found.arrays[name]), name).toEqual([...array.data]);
    const { bss_algorithm: _none, ...set } = scalars;
    expect(found.scalars).toEqual({ ...set, ratio: 0.1, name: 'µ 日本 😀' });
    expect(found.ignored).toEqual([]);
  });
});

interface Report {
  signals: {
    class: string;
    shape: number[];
    dtype: string;
    sum: number;
    weighted: number;
    first: number[];
    last: number[];
    axes: Record<string, unknown>[];
    metadata: Record<string, Record<string, unknown>>;
    original: Record<string, unknown>;
    learning: Record<string, unknown>;
  }[];
  model_sum: number;
  factor_shape: number[];
  loading_shape: number[];
  npz: Record<string, unknown>;
  storage: Record<string, unknown>;
  h5py: { group: number; dataset: number };
}

describe.skipIf(hyperspyVersion === null)(`HyperSpy takes our files and we take its (${hyperspyNote})`, () => {
  let report: Report;
  let again = '';

  beforeAll(async () => {
    const ours = join(folder, 'ours.hspy');
    const npz = join(folder, 'ours.npz');
    again = join(folder, 'again.hspy');
    await writeHspy(ours, { signals: [eels, images], results: [{ record, arrays }] }, { overwrite: false });
    await writeNpz(npz, arrays, scalars, { overwrite: false });
    const script = join(import.meta.dirname, 'hyperspy_round_trip.py');
    report = runPython(script, ours, npz, again) as Report;
  }, 180_000);

  const of = (dtype: string) => report.signals.find((signal) => signal.dtype === dtype)!;

  it('finds both signals with their types', () => {
    expect(report.signals.map((signal) => [signal.class, signal.dtype]).toSorted()).toEqual([
      ['EELSSpectrum', 'uint16'],
      ['Signal2D', 'float32'],
    ]);
    expect(report.storage).toMatchObject({
      'Experiments/Kern-Schale µ': ['gzip', true, [17, 50, 600]],
      'Experiments/__unnamed__': [null, false, []],
    });
  });

  it('reads our pixels', () => {
    const found = of('uint16');
    expect(found.shape).toEqual(shape);
    expect(found.sum).toBe(counts.reduce((sum, value) => sum + value, 0));
    expect(found.weighted).toBe(counts.reduce((sum, value, i) => sum + value * (i % 1013), 0));
    expect(found.last).toEqual([...counts.subarray(-5)]);
    expect(of('float32').first).toEqual([...floats.subarray(0, 5)]);
    expect(of('float32').last).toEqual([...floats.subarray(-5)]);
  });

  it('reads our axes', () => {
    expect(of('uint16').axes).toEqual([
      {
        name: 'y',
        units: 'nm',
        size: 40,
        navigate: true,
        uniform: true,
        binned: false,
        scale: 0.5,
        offset: -3,
        values: null,
      },
      {
        name: 'x',
        units: 'nm',
        size: 50,
        navigate: true,
        uniform: true,
        binned: false,
        scale: 0.25,
        offset: 0,
        values: null,
      },
      {
        name: 'Energy',
        units: 'eV',
        size: 600,
        navigate: false,
        uniform: true,
        binned: true,
        scale: 0.1,
        offset: 400,
        values: null,
      },
    ]);
    expect(of('float32').axes[0]).toMatchObject({
      name: 'time',
      units: 's',
      navigate: true,
      uniform: false,
      values: [0, 1, 10],
    });
    expect(of('float32').axes[1]).toMatchObject({
      name: '<undefined>',
      units: '<undefined>',
      size: 4,
      navigate: false,
    });
  });

  it('reads our metadata', () => {
    const { metadata, original } = of('uint16');
    expect(metadata).toMatchObject({
      General: { title: 'Kern/Schale µ' },
      Signal: { signal_type: 'EELS', quantity: 'Intensity (Counts)' },
      ...eels.metadata,
    });
    // HyperSpy sorts longer mixed lists as text: known, and not ours to change.
    const { eleven, 'a/b': slash, ...others } = eels.originalMetadata;
    expect(original).toMatchObject({ ...others, 'a-b': slash });
    expect(eleven).toHaveLength(12);
  });

  const plain = (array: ResultArray): unknown => {
    const flat = [...array.data].map((value) => (array.dtype === 'bool' ? value === 1 : value));
    if (array.shape.length === 1) return flat;
    const [rows = 0, columns = 0] = array.shape;
    return Array.from({ length: rows }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
  };
  const notNumbers = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, part: unknown) => (Number.isNaN(part) ? 'nan' : part)));

  it.each(['.hspy', '.npz'])('reads our learning results from %s', (kind) => {
    const learned = kind === '.hspy' ? of('uint16').learning : report.npz;
    for (const [name, array] of Object.entries(arrays)) expect(learned[name], name).toEqual(notNumbers(plain(array)));
    const { bss_algorithm: _none, ...set } = scalars;
    expect(learned).toMatchObject(set);
  });

  it('goes on working with them: model, factors and loadings', () => {
    expect(report.factor_shape).toEqual([3, 600]);
    expect(report.loading_shape).toEqual([3, 40, 50]);
    expect(Number.isFinite(report.model_sum)).toBe(true);
  });

  it('leaves nothing in the file that h5py cannot read', () => {
    expect(report.h5py.dataset).toBeGreaterThan(25);
    expect(report.h5py.group).toBeGreaterThan(20);
  });

  it('saves a file that we read, with learning results and provenance still in it', async () => {
    const { signals } = await hspyReader.header(again, {});
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      signalType: 'EELS',
      shape,
      axes: eels.axes,
      title: 'Kern/Schale µ',
      warnings: [],
    });
    expect(await readAll(again, 0)).toEqual([...counts]);
    const learned = await readHspyLearningResults(again);
    for (const [name, array] of Object.entries(arrays))
      expect(values(learned!.arrays[name]), name).toEqual([...array.data]);
    expect(learned!.scalars).toMatchObject({ decomposition_algorithm: 'SVD', eigenscope_provenance: provenance });
  });
});

const zarrNote = hyperspyVersion === null || hasZarr ? hyperspyNote : 'skipped: python3-zarr is not installed';

describe.skipIf(hyperspyVersion === null || !hasZarr)(`HyperSpy takes our stores and we take its (${zarrNote})`, () => {
  let report: Report;
  let again = '';

  beforeAll(async () => {
    const ours = join(folder, 'ours.zspy');
    const npz = join(folder, 'of-store.npz');
    again = join(folder, 'again.zspy');
    await writeZspy(ours, { signals: [eels, images], results: [{ record, arrays }] }, { overwrite: false });
    await writeNpz(npz, arrays, scalars, { overwrite: false });
    const script = join(import.meta.dirname, 'hyperspy_round_trip.py');
    report = runPython(script, ours, npz, again) as Report;
  }, 180_000);

  it('reads our pixels, axes, metadata and learning results', () => {
    const found = report.signals.find((signal) => signal.dtype === 'uint16')!;
    expect(found).toMatchObject({ class: 'EELSSpectrum', shape });
    expect(found.sum).toBe(counts.reduce((sum, value) => sum + value, 0));
    expect(found.weighted).toBe(counts.reduce((sum, value, i) => sum + value * (i % 1013), 0));
    expect(found.axes.map(({ name, units, scale, offset }) => [name, units, scale, offset])).toEqual(
      eels.axes.map(({ name, units, scale, offset }) => [name, units, scale, offset]),
    );
    expect(found.metadata).toMatchObject({ General: { title: 'Kern/Schale µ' }, ...eels.metadata });
    const { eleven: _sorted, 'a/b': slash, ...others } = eels.originalMetadata;
    expect(found.original).toMatchObject({ ...others, 'a-b': slash });
    const learned = found.learning as Record<string, unknown[]>;
    expect(learned['factors']!.flat()).toEqual(values(arrays['factors']));
    expect(learned['original_shape']).toEqual(shape);
    expect(learned).toMatchObject({ decomposition_algorithm: 'SVD', output_dimension: 3, unfolded: true });
    expect(report.factor_shape).toEqual([3, 600]);
    const other = report.signals.find((signal) => signal.dtype === 'float32')!;
    expect(other.axes[0]).toMatchObject({ name: 'time', uniform: false, values: [0, 1, 10] });
    expect(other.last).toEqual([...floats.subarray(-5)]);
  });

  it('saves a store that we read, with learning results and provenance still in it', async () => {
    const { signals } = await zspyReader.header(again, {});
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      signalType: 'EELS',
      shape,
      axes: eels.axes,
      title: 'Kern/Schale µ',
      warnings: [],
    });
    expect(await readAll(again, 0, zspyReader)).toEqual([...counts]);
    const learned = await readZspyLearningResults(again);
    for (const [name, array] of Object.entries(arrays))
      expect(values(learned!.arrays[name]), name).toEqual([...array.data]);
    expect(learned!.scalars).toMatchObject({ decomposition_algorithm: 'SVD', eigenscope_provenance: provenance });
  });
});
