import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signalFormats, type SignalForm } from '../../main/contract/signal-formats.ts';
import type { SignalToWrite } from '../../main/io/signal-files/signal-to-write.ts';
import { placesOfSignal, writeSignal } from '../../main/io/signal-writers.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { type BuiltType } from '../readers/builders/elements.ts';
import { column, energy, row, si, signalFolder, signalOf, x, y } from './written-signals.ts';

const { folder, fresh } = signalFolder();

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
