import { describe, expect, it } from 'vitest';
import { writeSignal } from '../../main/io/signal-writers.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { DType } from '../../workers/model/dtype.ts';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { type BuiltType } from '../readers/builders/elements.ts';
import {
  axis,
  column,
  energy,
  places,
  reordered,
  row,
  si,
  signalFolder,
  signalOf,
  sourceNumbers,
  x,
  y,
} from './written-signals.ts';

const { fresh, roundTrip } = signalFolder();

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
