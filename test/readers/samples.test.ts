import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { elementCount, isColour, itemSize } from '../../workers/model/dtype.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, probe, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';

/* Public sample files with values that HyperSpy gave for them; they are beside the project or not there at all. */

const folder = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));

/** What is not compared, because the manifest contradicts the file or itself there. */
const manifestErrors: readonly { path: RegExp; difference: RegExp; why: string }[] = [
  {
    path: /^renishaw-wdf\/renishaw_test_(linescan|map)\.wdf rgb/,
    difference: /^(size|scale|offset|navigate) /,
    why: 'index_in_array of the axes of pictures is against their shape',
  },
  {
    path: /^emd-velox\/fei_example_tem_stack\.emd/,
    difference: /^offset -16738\.06\d* for -16\.738/,
    why: 'the scale is in pm, the offset was left in nm',
  },
  {
    path: /^bruker-bcf\/bcf_v2_50x50px\.bcf/,
    difference: /^scale 0\.01273\d* for 0\.01180/,
    why: 'HyperSpy gives the width axis the height of a pixel; the file has a width of its own',
  },
];

/** Files of which the manifest describes some of the arrays only: the oracle reads one data set at a time. */
const describedInPart =
  /^(delmic\/|emd-ncem\/example_object_dtype|matlab\/test(struct|string)|tiff\/olympus_SIS|matlab\/.*endian)/;

/** Text and objects, which are no signals. */
const isText = ({ dtype }: { dtype?: string }): boolean =>
  dtype === undefined || /^(object|str|bytes|void)/.test(dtype);

type Complex = { re: number; im: number };
interface Expected {
  shape: number[];
  dtype: string;
  signal_type?: string;
  axes: {
    index_in_array: number;
    size: number;
    scale?: number | null;
    offset?: number | null;
    units?: string;
    navigate?: boolean;
  }[];
  stats?: {
    sum?: number | Complex;
    min?: number;
    max?: number;
    min_abs?: number;
    max_abs?: number;
    nan_count?: number;
  };
  probes?: { index: number[]; value: number | boolean | Complex }[];
  metadata?: Record<string, unknown>;
}
interface Entry {
  path: string;
  oracle?: string;
  format: string;
  signals?: Expected[];
}

const manifest = existsSync(`${folder}manifest.json`)
  ? (JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as { files: Entry[] })
  : { files: [] };
const entries = manifest.files.filter((entry) => entry.signals !== undefined);

const close = (a: unknown, b: number, relative = 1e-6, absolute = 1e-12): boolean =>
  (Number.isNaN(Number(a)) && Number.isNaN(b)) ||
  Math.abs(Number(a) - b) <= Math.max(absolute, relative * Math.max(Math.abs(Number(a)), Math.abs(b)));

const unit = (text: string | null | undefined): string =>
  ['<undefined>', 'None', 'undefined'].includes((text ?? '').trim())
    ? ''
    : (text ?? '').replaceAll(/[µμ]/g, 'u').trim();

/** Everything in which our header departs from the expected one. */
function headerDifferences(ours: SignalHeader, theirs: Expected): string[] {
  const wrong: string[] = [];
  if (theirs.signal_type && ours.signalType !== theirs.signal_type) {
    wrong.push(`signal type ${ours.signalType} for ${theirs.signal_type}`);
  }
  for (const want of theirs.axes) {
    if (want.index_in_array >= theirs.shape.length) continue;
    const got = ours.axes[want.index_in_array];
    if (got === undefined) {
      wrong.push(`no axis ${want.index_in_array}`);
      continue;
    }
    if (got.size !== want.size) wrong.push(`size ${got.size} for ${want.size}`);
    for (const key of ['scale', 'offset'] as const) {
      const value = want[key];
      const room = 1e-9 * Math.max(1e-3, Math.abs(want.scale || 1));
      if (value != null && !close(got[key], value, 1e-5, room)) wrong.push(`${key} ${got[key]} for ${value}`);
    }
    if (want.units !== undefined && unit(got.units) !== unit(want.units))
      wrong.push(`units ${got.units} for ${want.units}`);
    if (want.navigate !== undefined && got.navigate !== want.navigate) wrong.push(`navigate ${got.navigate}`);
  }
  return wrong;
}

async function valueDifferences(ours: SignalHeader, theirs: Expected): Promise<string[]> {
  const wrong: string[] = [];
  const found = await stats(ours);
  const compare = (what: string, got: unknown, want: number | undefined): void => {
    if (want !== undefined && !close(got, want)) wrong.push(`${what} ${String(got)} for ${want}`);
  };
  const { sum, min, max, min_abs, max_abs, nan_count } = theirs.stats ?? {};
  if (typeof sum === 'object') {
    const got = found.sum as Complex;
    compare('sum re', got.re, sum.re);
    compare('sum im', got.im, sum.im);
  } else compare('sum', found.sum, sum);
  // NumPy's extremes are NaN where a value is; ours leave it out and count it
  const isKnown = (value: number | undefined): boolean => !Number.isNaN(Number(value ?? 0));
  if (isKnown(min)) compare('min', found.min, min ?? min_abs);
  if (isKnown(max)) compare('max', found.max, max ?? max_abs);
  compare('NaN', found.nanCount, nan_count);
  for (const { index, value } of theirs.probes ?? []) {
    const got = await probe(ours, index);
    if (typeof value === 'object') {
      compare(`re at ${index.join()}`, (got as Complex).re, value.re);
      compare(`im at ${index.join()}`, (got as Complex).im, value.im);
    } else compare(`value at ${index.join()}`, got, Number(value));
  }
  return wrong;
}

describe.skipIf(entries.length === 0)('sample files', () => {
  it('are all there', () => {
    expect(entries.length).toBeGreaterThanOrEqual(140);
  });

  it.each(entries.map((entry) => [entry.path, entry] as const))(
    '%s reads as HyperSpy reads it',
    async (path, entry) => {
      const { signals } = await openHeader(folder + path);
      const wanted = entry.signals!.filter((signal) => !isText(signal));
      if (describedInPart.test(path)) expect(signals.length).toBeGreaterThanOrEqual(wanted.length);
      else expect(signals).toHaveLength(wanted.length);
      const used = new Set<SignalHeader>();
      for (const theirs of wanted) {
        // several of one kind come in the same order
        const ours = signals.find(
          (s) => !used.has(s) && String(s.shape) === String(theirs.shape) && s.dtype === theirs.dtype,
        );
        if (ours) used.add(ours);
        expect(ours, `a signal ${String(theirs.shape)} ${theirs.dtype}`).toBeDefined();
        const known = manifestErrors.filter((error) => error.path.test(`${path} ${theirs.dtype}`));
        const differences = headerDifferences(ours!, theirs).filter(
          (text) => !known.some(({ difference }) => difference.test(text)),
        );
        expect(differences).toEqual([]);
        expect(await valueDifferences(ours!, theirs)).toEqual([]);
        const title = theirs.metadata?.['General.title'];
        // arrays of a NeXus file are called by their path, which HyperSpy writes with underscores
        if (title) expect(ours!.title.replaceAll('/', '_')).toBe(String(title).replaceAll('/', '_'));
        const buffer = new SharedArrayBuffer(elementCount(ours!.shape) * itemSize(ours!.dtype));
        await loadCube(ours!, buffer);
        // the last value of the cube is the last value of the array: navigation comes first in all of these
        if (!isColour(ours!.dtype) && ours!.dtype === 'float32') {
          const last = await probe(
            ours!,
            ours!.shape.map((size) => size - 1),
          );
          expect(new Float32Array(buffer).at(-1)).toBe(last);
        }
      }
    },
    // the largest cube is 1 GiB
    5 * 60_000,
  );
});

describe.skipIf(entries.length === 0)('metadata of sample files', () => {
  const flatten = (tree: unknown, prefix = ''): Record<string, unknown> =>
    Object.entries(tree as Record<string, unknown>).reduce<Record<string, unknown>>((out, [key, value]) => {
      const name = prefix + key;
      if (value !== null && typeof value === 'object' && !Array.isArray(value))
        Object.assign(out, flatten(value, `${name}.`));
      else out[name] = value;
      return out;
    }, {});

  it.each(['dm/EELS_SI.dm4', 'dm/test-EELS_spectrum.dm3', 'dm/test_STEM_image.dm3', 'dm/test-MonoCL_spectrum-SI.dm4'])(
    '%s tells the instrument as HyperSpy does',
    async (path) => {
      const theirs = entries.find((entry) => entry.path === path)!.signals![0]!.metadata!;
      const [signal] = (await openHeader(folder + path)).signals;
      const ours = flatten(signal!.metadata);
      const names = Object.keys(theirs).filter((name) =>
        /(beam_energy|camera_length|magnification|acquisition_mode|microscope|tilt_alpha|Stage\.[xyz]|convergence_angle|collection_angle|spectrometer)$/.test(
          name,
        ),
      );
      expect(names.length).toBeGreaterThan(5);
      for (const name of names.filter((n) => !n.includes('.Spectrometer.'))) {
        const want = theirs[name];
        if (typeof want === 'number') expect(ours[name], name).toBeCloseTo(want, 9);
        else expect(ours[name], name).toBe(want);
      }
    },
  );
});
