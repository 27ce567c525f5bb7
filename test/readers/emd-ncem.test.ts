import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { readUnits } from '../../workers/readers/emd-ncem/ncem-units.ts';
import { loadCube, openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildNcem, buildPrismatic, dim, type NcemOptions } from './builders/emd-ncem.ts';
import { buildHdf5, group, texts } from './builders/hdf5.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
let count = 0;

async function open(options: NcemOptions): Promise<SignalHeader> {
  const header = await openHeader(files.write(`ncem-${count++}.emd`, await buildNcem(options)));
  expect(header.format).toBe('emd-ncem');
  expect(header.signals).toHaveLength(1);
  return header.signals[0]!;
}

async function all(signal: SignalHeader): Promise<number[]> {
  const source = await openPixels(signal);
  const values = Array.from(
    source.read(
      signal.shape.map(() => 0),
      signal.shape,
    ),
    Number,
  );
  source.close();
  return values;
}

const sizes = (signal: SignalHeader): unknown[] =>
  signal.axes.map(({ name, size, navigate }) => [name, size, navigate]);

const y = dim('y', '[n_m]', 0, 1);
const x = dim('x', '[n_m]', 10, 12);
const energy = dim('E', '[e_V]', 100, 100.5);

describe('axes of NCEM files', () => {
  it('are calibrated from all coordinates, from the first two, or from the first', async () => {
    const signal = await open({ shape: [3, 4, 5], dims: [dim('y', '[n_m]', 7), x, dim('E', '[e_V]', 1, 3, 5, 7, 9)] });
    expect(signal.axes).toMatchObject([
      { name: 'y', offset: 7, scale: 1, units: 'nm', navigate: true },
      { name: 'x', offset: 10, scale: 2, units: 'nm', navigate: true },
      { name: 'E', offset: 1, scale: 2, units: 'eV', navigate: false },
    ]);
    expect(await all(signal)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('list their coordinates where steps differ, and say so where the number does not fit', async () => {
    const signal = await open({ shape: [2, 4], dims: [y, dim('E', '[e_V]', 1, 2, 4, 8)] });
    expect(signal.axes[1]!.values).toEqual([1, 2, 4, 8]);
    const odd = await open({ shape: [2, 4], dims: [y, dim('E', '[e_V]', 1, 2, 4)] });
    expect(odd.axes[1]).toMatchObject({ scale: 1, offset: 0, units: null });
    expect(odd.warnings.join()).toContain('3 coordinates for 4 values');
  });

  it.each([
    ['[n_m]', 'nm'],
    ['[n_m^-1]', '1 / nm'],
    ['[\\AA]', 'Å'],
    ['[e_V]', 'eV'],
    ['[mrad]', 'mrad'],
    ['1/nm', '1 / nm'],
    ['[\\mu_m]', 'µm'],
    ['[]', null],
    ['', null],
  ])('have the unit %s without decoration', (decorated, plain) => {
    expect(readUnits(decorated)).toBe(plain);
  });
});

describe('the order of the axes of NCEM files', () => {
  it('is reversed in files of HyperSpy, which say how they were recorded', async () => {
    // as HyperSpy 1.7 writes a signal of 3 × 4 places and 5 energies
    const options = {
      shape: [5, 4, 3],
      dims: [energy, x, y],
      path: 'signals/test',
      attributes: { record_by: 'spectrum' },
    };
    const signal = await open(options);
    expect(sizes(signal)).toEqual([
      ['y', 3, true],
      ['x', 4, true],
      ['E', 5, false],
    ]);
    const values = await all(signal);
    // place (1, 2), energy 3 was stored at (3, 2, 1)
    expect(values[(1 * 4 + 2) * 5 + 3]).toBe((3 * 4 + 2) * 3 + 1);
    const buffer = new SharedArrayBuffer(elementCount(signal.shape) * itemSize(signal.dtype));
    await loadCube(signal, buffer);
    expect([...new Float32Array(buffer)]).toEqual(values);
  });

  it('follows dims that fit only back to front', async () => {
    const dims = [dim('y', '[n_m]', 0, 1, 2), dim('x', '[n_m]', 0, 1, 2, 3), dim('E', '[e_V]', 0, 1, 2, 3, 4)];
    const signal = await open({ shape: [5, 4, 3], dims });
    expect(sizes(signal)).toEqual([
      ['y', 3, true],
      ['x', 4, true],
      ['E', 5, false],
    ]);
    expect((await all(signal)).slice(0, 5)).toEqual([0, 12, 24, 36, 48]);
  });

  it('brings spectra behind their places', async () => {
    const signal = await open({ shape: [5, 3, 4], dims: [energy, y, x] });
    expect(sizes(signal)).toEqual([
      ['y', 3, true],
      ['x', 4, true],
      ['E', 5, false],
    ]);
    expect((await all(signal)).slice(0, 5)).toEqual([0, 12, 24, 36, 48]);
  });

  it('is kept for data cubes and in version 1.0', async () => {
    const dims = [dim('Rx', 'nm', 0, 1), dim('Ry', 'nm', 0, 1), dim('Qx', '1/nm', 0, 1), dim('Qy', '1/nm', 0, 1)];
    const signal = await open({ shape: [2, 3, 4, 5], dims, isModern: true });
    expect(sizes(signal)).toEqual([
      ['Rx', 2, true],
      ['Ry', 3, true],
      ['Qx', 4, false],
      ['Qy', 5, false],
    ]);
    expect(signal.signalType).toBe('electron_diffraction');
    expect((await all(signal)).slice(0, 3)).toEqual([0, 1, 2]);
  });
});

describe('NCEM files', () => {
  it('with real and imaginary parts along the last axis hold complex numbers', async () => {
    const parts = { name: '[real/imag]', units: '', values: ['real', 'imag'] };
    const signal = await open({ shape: [2, 3, 2], dims: [y, x, parts] });
    expect(signal).toMatchObject({ shape: [2, 3], dtype: 'complex64' });
    const source = await openPixels(signal);
    expect(Array.from(source.read([1, 1], [1, 2]), Number)).toEqual([8, 9, 10, 11]);
    source.close();
  });

  it('of simulations show slices at several depths as one stack', async () => {
    const { signals } = await openHeader(files.write('prismatic.emd', await buildPrismatic()));
    expect(signals).toHaveLength(1);
    const [signal] = signals;
    expect(signal).toMatchObject({ title: 'CBED', shape: [2, 2, 3, 4, 4], signalType: 'electron_diffraction' });
    expect(signal!.axes[0]).toMatchObject({ units: 'Å', scale: 3, offset: 3, navigate: true });
    expect(signal!.axes[3]).toMatchObject({ name: 'Q_x', units: '1 / nm', offset: -2 });
    const values = await all(signal!);
    expect(values.slice(96)).toEqual(values.slice(0, 96));
    expect(values.slice(0, 96)).toEqual(Array.from({ length: 96 }, (_, i) => i));
  });

  it('tell who and with which microscope', async () => {
    const signal = await open({ shape: [2, 3], dims: [y, x], dataName: 'counts' });
    expect(signal.metadata).toMatchObject({
      General: { authors: 'A. Person', title: 'sample' },
      Acquisition_instrument: { TEM: { beam_energy: 300, microscope: 'Titan' } },
    });
    expect(signal.axes.map(({ navigate }) => navigate)).toEqual([false, false]);
  });

  it('with texts for data list what else is in them', async () => {
    const bytes = await buildHdf5(
      group(
        {
          a: group(
            { data: texts('one', 'two'), dim1: { data: Float64Array.of(1, 2), shape: [2] } },
            { emd_group_type: 1 },
          ),
        },
        { version_major: 0, version_minor: 2 },
      ),
    );
    const { signals } = await openHeader(files.write('texts.emd', bytes));
    expect(signals.map(({ title }) => title)).toEqual(['a/dim1']);
    expect(signals[0]!.warnings.join()).toContain('None of the signals of this EMD file is an array of numbers');
  });
});
