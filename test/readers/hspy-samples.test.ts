import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hspyReader } from '../../workers/readers/hspy.ts';
import { probe, stats } from '../../workers/readers/pixels.ts';

const samples = resolve(import.meta.dirname, '../../../shared/samples');

interface ExpectedSignal {
  signal_type: string;
  shape: number[];
  dtype: string;
  axes: {
    name: string | null;
    units: string | null;
    size: number;
    navigate: boolean;
    scale?: number;
    offset?: number;
  }[];
  metadata: Record<string, unknown>;
  stats: { sum: number; min: number; max: number };
  probes: { index: number[]; value: number }[];
}
interface Entry {
  path: string;
  format: string;
  signals: ExpectedSignal[];
}

const manifest = join(samples, 'manifest.json');
const isThere = existsSync(manifest);
const files = isThere
  ? (JSON.parse(readFileSync(manifest, 'utf8')) as { files: Entry[] }).files.filter((entry) => entry.format === 'hspy')
  : [];

const near = (found: number, expected: number): boolean =>
  Math.abs(found - expected) <= Math.max(1e-12, 1e-6 * Math.max(Math.abs(found), Math.abs(expected)));

/* Expected values: what HyperSpy 1.7.3 itself reads from the same files. */
describe.skipIf(!isThere)('real HyperSpy files agree with HyperSpy', () => {
  it('has all eight files to compare', () => expect(files).toHaveLength(8));

  it.each(files.map((entry) => [entry.path, entry] as const))('%s', async (path, { signals }) => {
    const header = await hspyReader.header(join(samples, path), {});
    expect(header.format).toBe('hspy');
    expect(header.signals).toHaveLength(signals.length);
    for (const [i, expected] of signals.entries()) {
      const signal = header.signals[i]!;
      expect(signal.shape).toEqual(expected.shape);
      expect(signal.dtype).toBe(expected.dtype);
      expect(signal.signalType).toBe(expected.signal_type);
      expect(signal.title).toBe(expected.metadata['General.title']);
      expect(signal.warnings).toEqual([]);
      for (const [j, axis] of expected.axes.entries()) {
        expect(signal.axes[j]).toMatchObject({
          name: axis.name ?? '',
          units: axis.units,
          size: axis.size,
          navigate: axis.navigate,
        });
        expect(near(signal.axes[j]!.scale, axis.scale!)).toBe(true);
        expect(near(signal.axes[j]!.offset, axis.offset!)).toBe(true);
      }
      const found = await stats(signal);
      for (const key of ['sum', 'min', 'max'] as const) {
        expect(
          near(found[key] as number, expected.stats[key]),
          `${key}: ${JSON.stringify(found[key])} for ${expected.stats[key]}`,
        ).toBe(true);
      }
      for (const { index, value } of expected.probes) {
        expect(near(Number(await probe(signal, index)), value), `at ${index.join()}`).toBe(true);
      }
    }
  });

  it.each(files.map((entry) => [entry.path, entry] as const))('%s: metadata', async (path, { signals }) => {
    const header = await hspyReader.header(join(samples, path), {});
    const metadata = header.signals[0]!.metadata;
    const old = /v1\.0/.test(path);
    for (const [dotted, expected] of Object.entries(signals[0]!.metadata)) {
      // Version 1.0 kept the detector beside the microscope; its values are checked by their own test.
      if (old && dotted.startsWith('Acquisition_instrument')) continue;
      const found = dotted
        .split('.')
        .reduce<unknown>((tree, key) => (tree as Record<string, unknown> | undefined)?.[key], metadata);
      expect(found, dotted).toEqual(expected);
    }
  });
});
