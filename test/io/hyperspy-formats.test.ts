import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignalToWrite } from '../../main/io/signal-files/signal-to-write.ts';
import { writeTiffUpTo } from '../../main/io/signal-files/tiff.ts';
import { writeSignal } from '../../main/io/signal-writers.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { hyperspyNote, hyperspyVersion, runPython } from '../hyperspy.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-hyperspy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uniform = (
  name: string,
  size: number,
  navigate: boolean,
  units: string | null,
  scale: number,
  offset = 0,
): Axis => ({
  name,
  size,
  navigate,
  units,
  scale,
  offset,
});
const y = uniform('y', 6, true, 'nm', 0.5);
const x = uniform('x', 7, true, 'nm', 0.5);
const energy = uniform('Energy', 30, false, 'eV', 0.25, 400);
const rows = uniform('y', 6, false, 'µm', 0.3, 1.5);
const columns = uniform('x', 7, false, 'µm', 0.3, -3);
const tilt = uniform('tilt', 5, true, '°', 2, -4);
const side = (name: string): Axis => uniform(name, 12, false, 'cm', 0.05);

interface Kept {
  signal: SignalToWrite;
  values: Float64Array;
}

/** A signal of whole numbers, which every type here holds exactly. */
function kept(dtype: 'uint8' | 'uint16' | 'float32', axes: readonly Axis[], more: Partial<SignalToWrite> = {}): Kept {
  const count = axes.reduce((n, { size }) => n * size, 1);
  const values = Float64Array.from({ length: count }, (_, i) => (i * 7919) % 251);
  const data = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array }[dtype].from(values);
  const signal: SignalToWrite = {
    title: 'Spheres',
    signalType: '',
    shape: axes.map(({ size }) => size),
    dtype,
    axes,
    quantity: { name: 'Intensity', units: null },
    metadata: { Acquisition_instrument: { TEM: { beam_energy: 200, Detector: { EELS: { collection_angle: 30 } } } } },
    originalMetadata: {},
    blocks: () => [data],
    ...more,
  };
  return { signal, values };
}

const eels = { signalType: 'EELS' };
const files: Record<string, Kept> = {
  'si.rpl': kept('uint16', [y, x, energy], eels),
  'line.rpl': kept('float32', [x, energy], eels),
  'spectrum.rpl': kept('float32', [energy], eels),
  'stack.rpl': kept('uint16', [tilt, rows, columns]),
  'image.rpl': kept('float32', [rows, columns]),
  'spectrum.msa': kept('float32', [energy], eels),
  'image.tif': kept('float32', [rows, columns]),
  'stack.tif': kept('uint16', [tilt, rows, columns]),
  'big.tif': kept('float32', [tilt, rows, columns]),
  'si.tif': kept('float32', [y, x, energy], eels),
  'image.mrc': kept('float32', [rows, columns]),
  // HyperSpy 1.7.3 knows no modes of MRC beyond 4: uint16 is 6
  'stack.mrc': kept('float32', [tilt, rows, columns]),
  'patterns.blo': kept('uint8', [y, x, side('dy'), side('dx')]),
  'si.hspy': kept('uint16', [y, x, energy], eels),
};

interface Found {
  error?: string;
  signal: {
    class: string;
    shape: number[];
    dtype: string;
    sum: number;
    weighted: number;
    axes: { name: string; units: string; size: number; navigate: boolean; scale: number; offset: number }[];
    title: string;
    signal_type: string;
    beam_energy: number | null;
  };
  tiff?: { imagej: boolean; big: boolean; axes: string; shape: number[]; sum: number; pages: number };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const weighted = (values: Float64Array): number => values.reduce((total, value, i) => total + value * (i % 1013), 0);
/** [y, x, channel] → [channel, y, x] */
const byChannel = (values: Float64Array): Float64Array =>
  Float64Array.from(values, (_, i) => values[(i % (6 * 7)) * 30 + Math.floor(i / (6 * 7))]!);

describe.skipIf(hyperspyVersion === null)(`HyperSpy reads what is written (${hyperspyNote})`, () => {
  const found: Record<string, Found> = {};
  beforeAll(async () => {
    const paths: string[] = [];
    for (const [name, { signal }] of Object.entries(files)) {
      const path = join(folder, name);
      if (name === 'big.tif') await writeTiffUpTo(path, signal, { overwrite: false }, 1000);
      else await writeSignal(path, signal, { overwrite: false });
      paths.push(path);
    }
    const script = join(import.meta.dirname, 'hyperspy_formats.py');
    const report = runPython(script, ...paths) as Record<string, Found>;
    for (const [path, one] of Object.entries(report)) found[basename(path)] = one;
  }, 120_000);

  it('loads every file', () => {
    const refused = Object.entries(found).flatMap(([name, { error }]) =>
      error === undefined ? [] : [`${name}: ${error}`],
    );
    expect(refused).toEqual([]);
    expect(Object.keys(found).sort()).toEqual(Object.keys(files).sort());
  });

  const same = ['si.rpl', 'line.rpl', 'spectrum.rpl', 'stack.rpl', 'image.rpl', 'spectrum.msa', 'image.tif'];
  it.each([...same, 'stack.tif', 'big.tif', 'patterns.blo', 'si.hspy'])('%s: shape, values and axes', (name) => {
    const { signal, values } = files[name]!;
    const again = found[name]!.signal;
    expect(again.shape).toEqual(signal.shape);
    if (!name.endsWith('.msa')) expect(again.dtype).toBe(signal.dtype);
    expect(again.sum).toBe(sum(values));
    expect(again.weighted).toBe(weighted(values));
    for (const [i, axis] of signal.axes.entries()) {
      expect(again.axes[i], `${name}, ${axis.name}`).toMatchObject({ size: axis.size, navigate: axis.navigate });
      expect(again.axes[i]!.scale).toBeCloseTo(axis.scale, 9);
      expect(again.axes[i]!.offset).toBeCloseTo(axis.offset, 9);
      expect(again.axes[i]!.units).toBe(axis.units);
    }
  });

  it.each(['si.rpl', 'line.rpl', 'spectrum.msa', 'si.hspy'])(
    '%s: what kind of spectra, and the beam energy',
    (name) => {
      expect(found[name]!.signal).toMatchObject({
        class: 'EELSSpectrum',
        title: 'Spheres',
        signal_type: 'EELS',
        beam_energy: 200,
      });
    },
  );

  it('a TIFF of spectra is a calibrated stack of maps, one per channel', () => {
    const again = found['si.tif']!.signal;
    const values = byChannel(files['si.tif']!.values);
    expect(again).toMatchObject({ class: 'Signal2D', shape: [30, 6, 7], sum: sum(values), weighted: weighted(values) });
    expect(again.axes).toMatchObject([
      { units: 'eV', scale: 0.25, offset: 400, navigate: true },
      { units: 'nm', scale: 0.5, navigate: false },
      { units: 'nm', scale: 0.5, navigate: false },
    ]);
  });

  it('TIFF stacks are what ImageJ writes: pages behind one another, classic or big', () => {
    expect(found['stack.tif']!.tiff).toMatchObject({
      imagej: true,
      big: false,
      axes: 'ZYX',
      shape: [5, 6, 7],
      pages: 5,
    });
    expect(found['big.tif']!.tiff).toMatchObject({ imagej: true, big: true, axes: 'ZYX', shape: [5, 6, 7], pages: 5 });
    expect(found['image.tif']!.tiff).toMatchObject({ imagej: true, axes: 'YX', sum: sum(files['image.tif']!.values) });
  });

  it('MRC: values, and steps in nanometres', () => {
    for (const name of ['image.mrc', 'stack.mrc']) {
      const { signal, values } = files[name]!;
      const again = found[name]!.signal;
      // HyperSpy keeps a single image as a stack of one
      expect(again.shape.filter((size) => size > 1)).toEqual(signal.shape);
      expect([again.dtype, again.sum, again.weighted]).toEqual([signal.dtype, sum(values), weighted(values)]);
      const [vertical, horizontal] = again.axes.slice(-2);
      expect([vertical!.units, horizontal!.units]).toEqual(['nm', 'nm']);
      // HyperSpy 1.7.3 multiplies the ångström by 10 where it should divide
      expect([vertical!.scale / 100, horizontal!.scale / 100].map((scale) => Number(scale.toFixed(3)))).toEqual([
        300, 300,
      ]);
    }
  });
});
