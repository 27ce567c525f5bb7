import { describe, expect, it } from 'vitest';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { scanWidth } from '../../workers/readers/mib/scan-shape.ts';
import { openPixels, rowSourceOf } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { encodeElements } from './builders/elements.ts';
import { buildBlockfile, buildHdr, buildMib, buildTvips } from './builders/frame-formats.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();

const open = async (path: string, hints: ReadHints = {}): Promise<SignalHeader> =>
  (await openHeader(path, hints)).signals[0]!;

async function values(signal: SignalHeader, start?: readonly number[], count?: readonly number[]): Promise<number[]> {
  const source = await openPixels(signal);
  const elements = source.read(start ?? signal.shape.map(() => 0), count ?? signal.shape);
  source.close();
  return [...elements].map(Number);
}

const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('a blockfile', () => {
  const value = (pattern: number, pixel: number): number => pattern * 16 + pixel;

  it('gives its patterns with the calibration of scan and camera', async () => {
    const bytes = buildBlockfile({
      rows: 2,
      columns: 3,
      side: 4,
      step: 12.5,
      perCentimetre: 5000,
      note: 'a note',
      value,
    });
    const signal = await open(write('whole.blo', bytes));
    expect(signal).toMatchObject({ shape: [2, 3, 4, 4], dtype: 'uint8', signalType: 'diffraction', warnings: [] });
    expect(signal.axes).toMatchObject([
      { name: 'y', units: 'nm', scale: 12.5, navigate: true },
      { name: 'x', units: 'nm', scale: 12.5, navigate: true },
      { name: 'dy', units: 'cm', scale: 0.02, navigate: false },
      { name: 'dx', units: 'cm', scale: 0.02, navigate: false },
    ]);
    expect(await values(signal)).toEqual(upTo(96));
    // 42339.5 days after 1899-12-30
    expect(signal.metadata).toMatchObject({
      General: { date: '2015-12-01', time: '12:00:00.000', notes: 'a note' },
      Acquisition_instrument: { TEM: { beam_energy: 200, camera_length: 150, rotation: 12.5 } },
    });
    expect(rowSourceOf(signal)).toMatchObject({ kind: 'raw', samples: 6, features: 16, rowStep: 22 });
  });

  it('that is short of patterns has zeros there, and says so', async () => {
    const bytes = buildBlockfile({ rows: 2, columns: 3, side: 4, written: 4, value });
    const signal = await open(write('short.blo', bytes.subarray(0, -1)));
    expect(signal.shape).toEqual([2, 3, 4, 4]);
    expect(signal.warnings).toEqual([expect.stringContaining('3 of 6 patterns')]);
    expect(await values(signal)).toEqual([...upTo(48), ...new Array<number>(48).fill(0)]);
  });

  it('gives the image of its scan when that is asked for', async () => {
    const path = write('image.blo', buildBlockfile({ rows: 2, columns: 3, side: 4 }));
    const signal = await open(path, { dataset: 'virtual bright field' });
    expect(signal.shape).toEqual([2, 3]);
    expect(await values(signal)).toEqual(upTo(6, 100));
    await expect(open(path, { dataset: 'other' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('without a pattern is refused', async () => {
    const bytes = buildBlockfile({ rows: 2, columns: 3, side: 4, written: 0 });
    await expect(open(write('empty.blo', bytes))).rejects.toMatchObject({ code: 'truncated-file' });
  });
});

describe('a Merlin recording', () => {
  /** Frames of 0, 1, 2 … as they are stored: bottom row first. */
  const frames = (count: number, width: number, height: number, dtype: 'uint8' | 'uint16' | 'uint32'): Uint8Array[] =>
    upTo(count).map((n) => {
      const rows = upTo(height).map((y) => upTo(width, (n * height + y) * width));
      return encodeElements(rows.reverse().flat(), dtype, false);
    });

  it.each([
    ['U08', 6, 'uint8'],
    ['U16', 12, 'uint16'],
    ['U32', 24, 'uint32'],
  ] as const)('of %s with %i bits holds %s', async (type, depth, dtype) => {
    const bytes = buildMib({ width: 4, height: 3, type, depth, frames: frames(3, 4, 3, dtype) });
    const signal = await open(write('plain.mib', bytes));
    expect(signal).toMatchObject({ shape: [3, 3, 4], dtype, signalType: 'electron_diffraction' });
    expect(await values(signal)).toEqual(upTo(36));
    expect(signal.metadata).toMatchObject({
      General: { date: '2021-05-07', time_zone: 'UTC' },
      Acquisition_instrument: { dwell_time: 0.001 },
    });
  });

  it.each([
    ['its frames per trigger', { 'Frames in Acquisition (Number)': 6, 'Frames per Trigger (Number)': 3 }],
    ['the scan it names', { 'Frames per Trigger (Number)': 1, ScanX: 3, ScanY: 2 }],
  ])('takes the scan from the header beside it: %s', async (name, header) => {
    const stem = name.replaceAll(' ', '-');
    const hdr = write(`${stem}.hdr`, buildHdr(header));
    const bytes = buildMib({ width: 2, height: 2, type: 'U08', depth: 6, frames: frames(6, 2, 2, 'uint8') });
    expect((await open(write(`${stem}.mib`, bytes))).shape).toEqual([2, 3, 2, 2]);
    // the header opens the recording
    expect((await open(hdr)).shape).toEqual([2, 3, 2, 2]);
  });

  it('that ended early keeps the shape of its scan', async () => {
    write('early.hdr', buildHdr({ ScanX: 3, ScanY: 2 }));
    const bytes = buildMib({ width: 2, height: 2, type: 'U08', depth: 6, frames: frames(5, 2, 2, 'uint8') });
    const signal = await open(write('early.mib', bytes.subarray(0, -1)));
    expect(signal.shape).toEqual([2, 3, 2, 2]);
    expect(await values(signal)).toEqual([...upTo(16), ...new Array<number>(8).fill(0)]);
    expect(signal.warnings).toEqual([expect.stringContaining('4 of 6 frames'), expect.stringContaining('not whole')]);
  });

  it('is laid out by the pauses between its lines when nothing else tells', async () => {
    const times = upTo(12).map((i) => 3.6e12 + i * 1_000_000 + Math.floor(i / 4) * 40_000);
    const bytes = buildMib({ width: 2, height: 2, type: 'U08', depth: 6, frames: frames(12, 2, 2, 'uint8'), times });
    expect((await open(write('pauses.mib', bytes))).shape).toEqual([3, 4, 2, 2]);
    expect((await open(write('pauses.mib', bytes), { navigationShape: [2, 6] })).shape).toEqual([2, 6, 2, 2]);
  });

  /** Stored bytes of pixels in the order of a chip: words of 64 bits, the last pixel first. */
  const packWords = (pixels: readonly number[], depth: 1 | 6 | 12): Uint8Array => {
    const bits = depth === 1 ? 1n : depth === 6 ? 8n : 16n;
    const perWord = Number(64n / bits);
    const bytes = Buffer.alloc((pixels.length * Number(bits)) / 8);
    for (let w = 0; w < pixels.length / perWord; w++) {
      let word = 0n;
      for (let i = 0; i < perWord; i++) word |= BigInt(pixels[w * perWord + i]!) << (BigInt(i) * bits);
      bytes.writeBigUInt64BE(word, 8 * w);
    }
    return bytes;
  };

  it.each([
    [1, 'uint8', 64],
    [6, 'uint8', 8],
    [12, 'uint16', 8],
  ] as const)('in the raw mode of %i bits is unpacked to %s', async (depth, dtype, width) => {
    const pixels = upTo(2 * width).map(
      (i) => ((i * i + i) % 2 ** Math.min(depth, 12)) ^ (depth === 1 ? (i >> 2) & 1 : 0),
    );
    // rows are stored from the bottom up
    const stored = packWords([...pixels.slice(width), ...pixels.slice(0, width)], depth);
    const bytes = buildMib({ width, height: 2, type: 'R64', depth, frames: [stored, stored] });
    const signal = await open(write(`raw${depth}.mib`, bytes));
    expect(signal).toMatchObject({ shape: [2, 2, width], dtype });
    expect(await values(signal)).toEqual([...pixels, ...pixels]);
    expect(await values(signal, [1, 1, 3], [1, 1, 2])).toEqual(pixels.slice(width + 3, width + 5));
  });

  it('in the raw mode of 24 bits has the upper half first', async () => {
    const pixels = [0x123456, 0xabcdef, 1, 0xfff000, 0x7ff, 0x1000, 0, 0xffffff];
    const stored = Buffer.concat([
      packWords(
        pixels.map((v) => v >> 12),
        12,
      ),
      packWords(
        pixels.map((v) => v & 0xfff),
        12,
      ),
    ]);
    const bytes = buildMib({ width: 8, height: 1, type: 'R64', depth: 24, frames: [stored] });
    const signal = await open(write('raw24.mib', bytes));
    expect(signal.dtype).toBe('uint32');
    expect(await values(signal)).toEqual(pixels);
  });

  it('of a quad in a raw mode is put together from its four chips', async () => {
    // chips of 8 × 8: upper left 1, upper right 2, lower left 3, lower right 4, each with a mark in its first corner
    const side = 8;
    const chip = (value: number): number[] => upTo(64).map((i) => (i === 0 ? 10 * value : value));
    const [a, b, c, d] = [chip(1), chip(2), chip(3), chip(4)];
    const row = (pixels: number[], y: number): number[] => pixels.slice(y * side, (y + 1) * side);
    // the lower chips are sent turned by 180°, and first
    const turned = (pixels: number[]): number[] => [...pixels].reverse();
    const sent = upTo(side).flatMap((y) => [...row(turned(d), y), ...row(turned(c), y), ...row(b, y), ...row(a, y)]);
    const bytes = buildMib({
      width: 16,
      height: 16,
      type: 'R64',
      depth: 6,
      chips: 4,
      layout: '2x2',
      headerBytes: 768,
      frames: [packWords(sent, 6)],
    });
    const signal = await open(write('quad.mib', bytes));
    const image = upTo(16).flatMap((y) =>
      y < side ? [...row(a, y), ...row(b, y)] : [...row(c, y - side), ...row(d, y - side)],
    );
    const flipped = upTo(16).flatMap((y) => image.slice((15 - y) * 16, (16 - y) * 16));
    expect(await values(signal)).toEqual(flipped);
  });

  it('in a raw mode that nobody knows is refused', async () => {
    const frame = new Uint8Array(12);
    const bytes = buildMib({ width: 6, height: 2, type: 'R64', depth: 6, frames: [frame] });
    await expect(open(write('odd.mib', bytes))).rejects.toMatchObject({ code: 'unsupported-format' });
  });
});

describe('the width of a scan', () => {
  const times = (gaps: readonly number[]): Float64Array => {
    let at = 0;
    return Float64Array.from([0, ...gaps], (gap) => (at += gap));
  };
  it.each([
    ['repeats with every longer pause', [10, 10, 15, 10, 10, 15, 10, 10, 15, 10, 10], 3],
    ['is unknown without pauses', [10, 10, 10, 10, 10, 10, 10], null],
    ['is unknown when pauses come at odd places', [10, 15, 10, 10, 15, 10, 10], null],
    ['is unknown when pauses do not stand out', [10, 12, 11, 13, 10, 12, 11], null],
    ['is unknown when time runs backwards', [10, 10, -5, 10, 10], null],
  ])('%s', (_, gaps, width) => {
    expect(scanWidth(times(gaps))).toBe(width);
  });
});

describe('a TVIPS stream', () => {
  const frames = upTo(6).map((n) => encodeElements(upTo(20, n * 20), 'uint16'));

  it('is read over all its files, whichever is opened', async () => {
    const parts = buildTvips({ width: 5, height: 4, frames, split: [1, 3, 2], interval: 250, pixelSize: 7 });
    const paths = parts.map((bytes, i) => write(`split_00${i}.tvips`, bytes));
    for (const path of paths) {
      const signal = await open(path);
      expect(signal).toMatchObject({ shape: [6, 4, 5], dtype: 'uint16', signalType: 'diffraction' });
      expect(await values(signal)).toEqual(upTo(120));
      expect(signal.axes).toMatchObject([
        { name: 'time', units: 's', scale: 0.25, offset: 740_399_696 },
        { name: 'dy', units: '1/nm', scale: 7 },
        { name: 'dx', units: '1/nm', scale: 7 },
      ]);
    }
  });

  it('of version 1 and of images is read too', async () => {
    const small = frames.map((_, n) => encodeElements(upTo(20, n * 20), 'uint8'));
    const [old] = buildTvips({ width: 5, height: 4, bits: 8, version: 1, frames: small, interval: 100 });
    const first = await open(write('old_000.tvips', old!));
    expect(first.dtype).toBe('uint8');
    expect(await values(first)).toEqual(upTo(120));
    const [image] = buildTvips({ width: 5, height: 4, frames, mode: 1, interval: 100 });
    const signal = await open(write('image_000.tvips', image!));
    expect(signal.signalType).toBe('');
    expect(signal.axes.slice(1).map(({ units }) => units)).toEqual(['nm', 'nm']);
  });

  it('is laid out as a scan from the first frame that was counted', async () => {
    const [bytes] = buildTvips({ width: 5, height: 4, frames, scanIndex: [0, 1, 2, 3, 4, 5], interval: 10 });
    const path = write('scan_000.tvips', bytes!);
    const signal = await open(path, { navigationShape: [2, 2] });
    expect(signal.shape).toEqual([2, 2, 4, 5]);
    expect(await values(signal)).toEqual(upTo(80, 20));
    const all = await open(path, { navigationShape: [2, 3] });
    expect(await values(all)).toEqual(upTo(120));
  });

  it('that ends within a frame leaves that one out, and says so', async () => {
    const [bytes] = buildTvips({ width: 5, height: 4, frames, interval: 10 });
    const signal = await open(write('cut_000.tvips', bytes!.subarray(0, -1)));
    expect(signal.shape).toEqual([5, 4, 5]);
    expect(signal.warnings).toEqual([expect.stringContaining('99 bytes')]);
  });
});
