import { describe, expect, it } from 'vitest';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { loadCube } from '../../workers/readers/load-cube.ts';
import { probe } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { BuiltType } from './builders/elements.ts';
import { buildEnvi, buildEsri, enviValue, type EnviOptions } from './builders/envi.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
let made = 0;

/** Writes a pair under a name of its own and says both paths. */
function pair({ hdr, data }: { hdr: Buffer; data: Buffer }, names = ['.hdr', '.dat']): { hdr: string; data: string } {
  const name = `pair${++made}`;
  return { hdr: write(`${name}${names[0]}`, hdr), data: write(`${name}${names[1]}`, data) };
}
const envi = (options: Partial<EnviOptions> = {}): { hdr: string; data: string } =>
  pair(buildEnvi({ samples: 4, lines: 3, bands: 5, interleave: 'bip', ...options }));
const open = async (path: string) => (await openHeader(path)).signals[0]!;
const refusal = (path: string): Promise<EigenscopeError> =>
  openHeader(path).then(
    () => Promise.reject(new Error('it was opened')),
    (error: EigenscopeError) => error,
  );

describe('an ENVI pair', () => {
  it.each(['bsq', 'bil', 'bip'] as const)('interleaved %s has spectra at lines and samples', async (interleave) => {
    const signal = await open(envi({ interleave }).hdr);
    expect(signal).toMatchObject({ shape: [3, 4, 5], dtype: 'uint16' });
    expect(signal.axes.map((axis) => [axis.name, axis.navigate])).toEqual([
      ['y', true],
      ['x', true],
      ['band', false],
    ]);
    expect(await probe(signal, [2, 3, 4])).toBe(enviValue(2, 3, 4));
    expect(await probe(signal, [1, 0, 2])).toBe(enviValue(1, 0, 2));
    const cube = new SharedArrayBuffer(3 * 4 * 5 * 2);
    await loadCube(signal, cube);
    expect([...new Uint16Array(cube).subarray(5, 10)]).toEqual([0, 1, 2, 3, 4].map((band) => enviValue(0, 1, band)));
  });

  it.each<BuiltType>(['uint8', 'int16', 'int32', 'float32', 'float64', 'uint16', 'uint32', 'int64', 'uint64'])(
    'holds %s in either byte order, behind an offset',
    async (dtype) => {
      for (const bigEndian of [false, true]) {
        const { hdr } = envi({ samples: 2, lines: 1, bands: 2, dtype, bigEndian, offset: 32 });
        const signal = await open(hdr);
        expect(signal.dtype).toBe(dtype);
        expect(await probe(signal, [0, 1, 1])).toBe(101);
      }
    },
  );

  it('holds complex numbers', async () => {
    const signal = await open(envi({ dtype: 'complex128' }).hdr);
    expect(signal.dtype).toBe('complex128');
    expect(await probe(signal, [0, 1, 1])).toEqual({ re: 101, im: -101 });
  });

  it.each([
    ['.hdr', '.dat'],
    ['.HDR', '.IMG'],
    ['.hdr', ''],
    ['.raw.hdr', '.raw'],
    ['.hdr', '.bil'],
  ])('is opened from either file: x%s and x%s', async (header, data) => {
    const paths = pair(buildEnvi({ samples: 4, lines: 3, bands: 5, interleave: 'bil' }), [header, data]);
    for (const path of [paths.hdr, paths.data]) {
      const file = await openHeader(path);
      expect(file.format).toBe('envi');
      expect(file.signals[0]!.shape).toEqual([3, 4, 5]);
    }
  });

  it('takes the data whose size is right when several may be meant', async () => {
    const built = buildEnvi({ samples: 4, lines: 3, bands: 5, interleave: 'bip' });
    const paths = pair(built);
    write(`pair${made}.img`, Buffer.alloc(7));
    write(`pair${made}`, Buffer.alloc(5000));
    expect(await probe(await open(paths.hdr), [2, 3, 4])).toBe(enviValue(2, 3, 4));
  });

  it('lists the wavelengths, and makes the axis uniform when they are even to float precision', async () => {
    const uneven = await open(
      envi({
        extra: {
          wavelength: '{400.00,\n 438.50,\n; a comment\n 479, 521.5,\n 566.0}',
          'wavelength units': 'Nanometers',
        },
      }).hdr,
    );
    expect(uneven.axes[2]).toMatchObject({
      name: 'Wavelength',
      units: 'Nanometers',
      values: [400, 438.5, 479, 521.5, 566],
    });
    const float = Math.fround;
    const even = [0, 1, 2, 3, 4].map((i) => float(float(400.1) + float(2.2) * i));
    const uniform = (
      await open(envi({ extra: { wavelength: `{${even.join(',')}}`, 'Wavelength  Units': 'Wavenumber' } }).hdr)
    ).axes[2]!;
    expect(uniform.values).toBeUndefined();
    expect(uniform.scale).toBeCloseTo(2.2, 5);
    expect(uniform.offset).toBeCloseTo(400.1, 4);
    expect(uniform.name).toBe('Wavenumber');
    // rounded to two decimals the spacing is not even
    const rounded = (await open(envi({ extra: { wavelength: '{400.00, 402.33, 404.67, 407.00, 409.33}' } }).hdr))
      .axes[2]!;
    expect(rounded.values).toHaveLength(5);
    expect(rounded.units).toBeNull();
  });

  it('ignores a list of wavelengths that does not fit, and says so', async () => {
    for (const [list, word] of [
      ['{1, 2, 3}', '3 wavelengths for 5 bands'],
      ['{5, 5, 5, 5, 5}', 'neither rise nor fall'],
      ['{1, 2, x, 4, 5}', 'no number'],
    ]) {
      const signal = await open(envi({ extra: { wavelength: list! } }).hdr);
      expect(signal.axes[2]).toEqual({ name: 'band', units: null, size: 5, navigate: false, scale: 1, offset: 0 });
      expect(signal.warnings.join(' ')).toContain(word);
    }
  });

  it('knows the size of a pixel, the ignored value, names, widths and the time', async () => {
    const signal = await open(
      envi({
        extra: {
          'map info': '{UTM, 1.000, 1.000, 500000, 4600000, 3.0, 2.0, 33, North, WGS-84, units=Meters}',
          'data ignore value': '-9999',
          'reflectance scale factor': 10000,
          'band names': '{red, green, blue, nir, swir}',
          fwhm: '{1, 2, 3, 4, 5}',
          'acquisition time': '2011-05-05T12:00:00.000Z',
          description: '{\n  Field 7,\n  second pass}',
          'default bands': '{1,2,3}',
        },
      }).hdr,
    );
    expect(signal.axes.slice(0, 2).map((axis) => [axis.scale, axis.units])).toEqual([
      [2, 'm'],
      [3, 'm'],
    ]);
    expect(signal.title).toBe('Field 7,');
    expect(signal.metadata).toMatchObject({
      General: { date: '2011-05-05', time: '12:00:00', time_zone: 'UTC' },
      Signal: {
        band_names: ['red', 'green', 'blue', 'nir', 'swir'],
        fwhm: [1, 2, 3, 4, 5],
        data_ignore_value: -9999,
        reflectance_scale_factor: 10_000,
      },
    });
    expect(signal.warnings.join(' ')).toMatch(/-9999 mean “no data”.*reflectance times 10000/);
    expect(signal.originalMetadata).toMatchObject({ 'default bands': ['1', '2', '3'], interleave: 'bip' });
  });
});

describe('a spectral library', () => {
  it('has channels along samples and spectra along lines', async () => {
    const { hdr } = envi({
      samples: 5,
      lines: 3,
      bands: 1,
      interleave: 'bsq',
      extra: {
        'file type': 'ENVI Spectral Library',
        wavelength: '{1, 2, 4, 8, 16}',
        'wavelength units': 'Micrometers',
        'spectra names': '{kaolinite, alunite, calcite}',
      },
    });
    const signal = await open(hdr);
    expect(signal.shape).toEqual([3, 5]);
    expect(signal.axes.map((axis) => [axis.navigate, axis.units])).toEqual([
      [true, null],
      [false, 'Micrometers'],
    ]);
    expect(await probe(signal, [2, 4])).toBe(enviValue(2, 4, 0));
    expect(signal.metadata).toMatchObject({ Signal: { spectra_names: ['kaolinite', 'alunite', 'calcite'] } });
  });
});

describe('an ESRI pair', () => {
  const esri = (options: Partial<Parameters<typeof buildEsri>[0]> = {}): string =>
    pair(buildEsri({ samples: 4, lines: 3, bands: 2, layout: 'BIL', ...options }), ['.hdr', '.bil']).hdr;

  it.each(['BSQ', 'BIL', 'BIP'] as const)('is read by its own keys: %s', async (layout) => {
    for (const bigEndian of [false, true]) {
      const signal = await open(
        esri({ layout, bigEndian, dtype: 'float32', extra: { XDIM: 0.5, YDIM: 0.25, NODATA: -1 } }),
      );
      expect(signal).toMatchObject({ shape: [3, 4, 2], dtype: 'float32' });
      expect(signal.axes.map((axis) => axis.scale)).toEqual([0.25, 0.5, 1]);
      expect(await probe(signal, [2, 3, 1])).toBe(enviValue(2, 3, 1));
      expect(signal.metadata).toMatchObject({ Signal: { data_ignore_value: -1 } });
    }
  });

  it('refuses what is padded or smaller than a byte', async () => {
    for (const extra of [{ TOTALROWBYTES: 100 }, { BANDROWBYTES: 64 }, { NBITS: 4 }]) {
      expect((await refusal(esri({ extra }))).code).toBe('unsupported-format');
    }
  });
});

describe('a bad ENVI header is refused in words', () => {
  it.each<[Partial<EnviOptions>, string, string]>([
    [{ extra: { samples: '' } }, 'corrupt-file', 'does not give “samples”'],
    [{ extra: { bands: 0 } }, 'corrupt-file', '“bands” as “0”'],
    [{ extra: { lines: '1e99' } }, 'corrupt-file', '“lines” as “1e99”'],
    [{ extra: { samples: 900_719_925, lines: 900_719_925 } }, 'corrupt-file', 'more than any file can hold'],
    [{ extra: { 'data type': 7 } }, 'corrupt-file', 'data type 7'],
    [{ extra: { interleave: 'bsb' } }, 'corrupt-file', 'interleave “bsb”'],
    [{ extra: { lines: 4 } }, 'truncated-file', 'promises 160'],
    [{ extra: { 'file compression': 1 } }, 'unsupported-format', 'compressed'],
    [{ extra: { 'major frame offsets': '{0, 16}' } }, 'unsupported-format', 'padding'],
    [{ extra: { wavelength: '{1, 2' } }, 'corrupt-file', 'no end'],
    [{ extra: { 'file type': 'ENVI Spectral Library' } }, 'corrupt-file', 'spectral library of 5 bands'],
  ])('%o', async (options, code, words) => {
    const error = await refusal(envi(options).hdr);
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(words);
  });

  it('says when the data or the header are missing', async () => {
    const { hdr } = buildEnvi({ samples: 4, lines: 3, bands: 5, interleave: 'bip' });
    const alone = await refusal(write('alone.hdr', hdr));
    expect(alone).toMatchObject({ code: 'file-not-found' });
    expect(alone.message).toContain('alone.dat');
    const headless = await refusal(write('headless.bil', Buffer.alloc(64, 1)));
    expect(headless.message).toContain('headless.hdr');
    const other = await refusal(write('other.hdr', Buffer.from('not a header of ours')));
    expect(other.message).toContain('neither an ENVI header');
  });
});
