import { describe, expect, it } from 'vitest';
import type { DType } from '../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { plainAxis } from '../../workers/model/axes.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { openView } from '../../workers/matrix-view.ts';
import { withFile } from '../../workers/readers/file-bytes.ts';
import type { FrameLayout } from '../../workers/readers/frame-pixels.ts';
import { openFramePixels } from '../../workers/readers/frame-pixels.ts';
import { loadCube, rowSourceOf } from '../../workers/readers/pixels.ts';
import type { BuiltType } from './builders/elements.ts';
import { encodeElements } from './builders/elements.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();

interface Recipe {
  navigation: readonly number[];
  frame: readonly number[];
  dtype: BuiltType & DType;
  /** frames in each file */
  files: readonly number[];
  /** bytes between frames and before the first */
  gap: number;
  littleEndian?: boolean;
  flipped?: boolean;
  /** frames at the end that were never recorded */
  missing?: number;
}

let files = 0;

/** Frames of 0, 1, 2 … written as the recipe says, and the values that must come back. */
function build(recipe: Recipe): { signal: SignalHeader; expected: number[] } {
  const { navigation, frame, dtype, gap, littleEndian = true, flipped = false, missing = 0 } = recipe;
  const pixels = elementCount(frame);
  const width = frame.at(-1)!;
  const frameBytes = pixels * itemSize(dtype);
  const expected: number[] = [];
  let frameNumber = 0;
  const paths = recipe.files.map((count) => {
    const parts: Uint8Array[] = [];
    for (let i = 0; i < count; i++, frameNumber++) {
      const values = Array.from({ length: pixels }, (_, p) => (frameNumber * pixels + p) % 251);
      expected.push(...values);
      const rows = Array.from({ length: pixels / width }, (_, r) => values.slice(r * width, (r + 1) * width));
      const stored = flipped ? rows.reverse().flat() : values;
      parts.push(new Uint8Array(gap).fill(0xee), encodeElements(stored, dtype, littleEndian));
    }
    return write(`frames-${files++}`, Buffer.concat(parts));
  });
  expected.push(...new Array<number>(missing * pixels).fill(dtype.startsWith('float') ? NaN : 0));
  const layout: FrameLayout = {
    kind: 'frames',
    files: paths.map((path) => ({ path, stamp: withFile(path, (file) => file.stamp()) })),
    frameRank: frame.length,
    runs: [
      ...recipe.files.map((count, file) => ({ file, first: gap, step: gap + frameBytes, count })),
      ...(missing > 0 ? [{ file: -1, first: 0, step: 0, count: missing }] : []),
    ],
    littleEndian,
    ...(flipped ? { flipped: true as const } : {}),
  };
  const signal: SignalHeader = {
    title: 'frames',
    signalType: '',
    shape: [...navigation, ...frame],
    dtype,
    axes: [
      ...navigation.map((size, i) => plainAxis(`n${i}`, size, true)),
      ...frame.map((size, i) => plainAxis(`s${i}`, size, false)),
    ],
    quantity: { name: 'Intensity', units: null },
    metadata: {},
    originalMetadata: {},
    layout,
    warnings: [],
  };
  return { signal, expected };
}

/** A block of an array in C order, by counting. */
function blockOf(
  values: readonly number[],
  shape: readonly number[],
  start: readonly number[],
  count: readonly number[],
) {
  const out: number[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === shape.length) return void out.push(values[at]!);
    for (let i = 0; i < count[axis]!; i++) walk(axis + 1, at * shape[axis]! + start[axis]! + i);
  };
  walk(0, 0);
  return out;
}

const recipes: readonly (readonly [string, Recipe])[] = [
  ['spectra with headers between them', { navigation: [4, 5], frame: [7], dtype: 'int32', files: [20], gap: 26 }],
  ['frames without gaps', { navigation: [6], frame: [3, 4], dtype: 'uint16', files: [6], gap: 0 }],
  [
    'big-endian images, bottom row first, over two files',
    { navigation: [2, 3], frame: [3, 4], dtype: 'uint16', files: [2, 4], gap: 5, littleEndian: false, flipped: true },
  ],
  ['frames far apart', { navigation: [3], frame: [2, 5], dtype: 'float32', files: [3], gap: 40_000, flipped: true }],
  [
    'integers of which the last frames are missing',
    { navigation: [2, 3], frame: [4], dtype: 'int16', files: [4], gap: 3, missing: 2 },
  ],
  [
    'floats of which the last frames are missing',
    { navigation: [2, 3], frame: [2, 2], dtype: 'float64', files: [1, 2], gap: 1, littleEndian: false, missing: 3 },
  ],
  ['one frame and no navigation', { navigation: [], frame: [5, 6], dtype: 'uint8', files: [1], gap: 9, flipped: true }],
];

describe.each(recipes)('%s', (_, recipe) => {
  const { signal, expected } = build(recipe);
  const { shape } = signal;
  const source = openFramePixels(signal.layout as FrameLayout, signal);

  it('read whole as they were written', () => {
    expect(
      [
        ...source.read(
          shape.map(() => 0),
          shape,
        ),
      ].map(Number),
    ).toEqual(expected);
  });

  it('read in any block', () => {
    // every start and size of every axis that fits, a few of them
    let state = 7;
    const below = (n: number): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    for (let i = 0; i < 60; i++) {
      const start = shape.map((size) => below(size));
      const count = shape.map((size, axis) => 1 + below(size - start[axis]!));
      expect([...source.read(start, count)].map(Number)).toEqual(blockOf(expected, shape, start, count));
    }
  });

  it('load as they read', async () => {
    const buffer = new SharedArrayBuffer(elementCount(shape) * itemSize(signal.dtype));
    await loadCube(signal, buffer);
    const read = source.read(
      shape.map(() => 0),
      shape,
    );
    expect(new Uint8Array(buffer)).toEqual(new Uint8Array(read.buffer, read.byteOffset, read.byteLength));
  });
});

describe('frames as rows of X', () => {
  const streamed = { navigation: [4, 5], frame: [7], dtype: 'int32', files: [20], gap: 26 } as const;

  it.each([
    ['close together', streamed],
    ['without gaps', { ...streamed, gap: 0 }],
    ['far apart', { ...streamed, gap: 70_000 }],
    ['big-endian images', { ...streamed, frame: [3, 4], dtype: 'uint16', littleEndian: false, gap: 7 }],
  ] as const)('stream from the file: %s', (_, recipe) => {
    const { signal, expected } = build(recipe);
    const source = rowSourceOf(signal)!;
    const features = elementCount(recipe.frame);
    const view = openView({ source, rows: Int32Array.of(19, 3, 4, 5, 0), columns: Int32Array.of(0, 2, 6) });
    const out = new Float64Array(15);
    view.read(0, 5, out);
    view.close();
    const wanted = [19, 3, 4, 5, 0].flatMap((row) => [0, 2, 6].map((column) => expected[row * features + column]!));
    expect([...out]).toEqual(wanted);
    const turned = openView({ source, transpose: true });
    const column = new Float64Array(20);
    turned.read(5, 6, column);
    turned.close();
    expect([...column]).toEqual(Array.from({ length: 20 }, (__, row) => expected[row * features + 5]!));
  });

  it.each([
    ['rows of images are turned', { ...streamed, frame: [3, 4], dtype: 'uint16', flipped: true }],
    ['frames are missing', { ...streamed, files: [18], missing: 2 }],
    ['they lie in several files', { ...streamed, files: [9, 11] }],
  ] as const)('do not stream when %s', (_, recipe) => {
    expect(rowSourceOf(build(recipe).signal)).toBeNull();
  });
});

it('refuses runs that do not add up to the frames of the signal', () => {
  const { signal } = build(recipes[0]![1]);
  const layout = signal.layout as FrameLayout;
  const short = { ...layout, runs: [{ ...layout.runs[0]!, count: 19 }] };
  expect(() => openFramePixels(short, signal)).toThrow(/lists 19 frames, where 20 were expected/);
});

it('refuses a run that leaves its file before anything is read', () => {
  const { signal } = build(recipes[0]![1]);
  const layout = signal.layout as FrameLayout;
  const long = { ...layout, runs: [{ ...layout.runs[0]!, step: layout.runs[0]!.step + 1 }] };
  expect(() => openFramePixels(long, signal)).toThrow(/shorter than its header says/);
});
