import { appendFileSync, truncateSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { PixelLayout, SignalHeader } from '../../workers/model/signal.ts';
import { copyStrided } from '../../workers/readers/permute.ts';
import { loadCube, openPixels, probe, rowSourceOf, stats, toFloat64 } from '../../workers/readers/pixels.ts';
import { storedPieces } from '../../workers/readers/raw-pixels.ts';
import type { BuiltType } from './builders/elements.ts';
import { encodeElements } from './builders/elements.ts';
import { temporaryFiles } from './builders/temporary.ts';

/** files written so far: each gets a name of its own */
let written = 0;

const { write } = temporaryFiles();

interface Described {
  /** C-order shape of the signal */
  shape: number[];
  /** of each axis */
  navigate: boolean[];
  dtype?: BuiltType;
  /** stored axis of each axis of the signal */
  axisOrder?: number[];
  littleEndian?: boolean;
  offset?: number;
}

/** Value of the element at an index: its digits are the index, so that a mix-up shows. */
const valueAt = (index: readonly number[]): number => index.reduce((value, i) => value * 10 + i, 0);

/** All indices of a shape in C order. */
function* indices(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  for (;;) {
    yield [...index];
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Writes a file of which every element is `valueAt` its index in the signal, and describes it. */
function store({
  shape,
  navigate,
  dtype = 'uint16',
  axisOrder,
  littleEndian = true,
  offset = 0,
}: Described): SignalHeader {
  const order = axisOrder ?? shape.map((_, i) => i);
  const storedShape = shape.map((_, stored) => shape[order.indexOf(stored)]!);
  const values = Array.from(indices(storedShape), (stored) => valueAt(order.map((axis) => stored[axis]!)));
  const bytes = encodeElements(values, dtype, littleEndian);
  const path = write(`pixels-${(written += 1)}.bin`, Buffer.concat([Buffer.alloc(offset, 7), bytes]));
  const layout: PixelLayout = {
    kind: 'raw',
    path,
    offset,
    littleEndian,
    storedShape,
    ...(axisOrder ? { axisOrder } : {}),
  };
  return describeSignal(shape, navigate, dtype, layout);
}

function describeSignal(
  shape: number[],
  navigate: boolean[],
  dtype: SignalHeader['dtype'],
  layout: PixelLayout,
): SignalHeader {
  return {
    title: '',
    signalType: '',
    shape,
    dtype,
    axes: shape.map((size, i) => ({ name: `${i}`, units: null, size, navigate: navigate[i]!, scale: 1, offset: 0 })),
    quantity: { name: 'Intensity', units: null },
    metadata: {},
    originalMetadata: {},
    layout,
    warnings: [],
  };
}

const [N, S] = [true, false];
const orders3 = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

describe('openPixels', () => {
  it.each(orders3)('reads any block of an array stored in the order %i %i %i', async (...axisOrder) => {
    for (const littleEndian of [true, false]) {
      const signal = store({ shape: [3, 4, 5], navigate: [N, N, S], axisOrder, littleEndian, offset: 3 });
      const pixels = await openPixels(signal);
      for (const [start, count] of [
        [
          [0, 0, 0],
          [3, 4, 5],
        ],
        [
          [1, 2, 3],
          [1, 1, 1],
        ],
        [
          [1, 1, 1],
          [2, 2, 3],
        ],
        [
          [2, 0, 4],
          [1, 4, 1],
        ],
        [
          [0, 0, 0],
          [3, 4, 0],
        ],
      ] as [number[], number[]][]) {
        const found = [...(pixels.read(start, count) as Uint16Array)];
        const wanted = count.includes(0)
          ? []
          : Array.from(indices(count), (i) => valueAt(i.map((n, axis) => n + start[axis]!)));
        expect(found).toEqual(wanted);
      }
      pixels.close();
    }
  });

  it('reads long runs, near runs and far runs alike', async () => {
    // far: rows of 40 000 elements of which a few are wanted; near: rows of 100
    for (const [rows, columns] of [
      [20, 40_000],
      [3000, 100],
      [2, 100_000],
    ] as const) {
      const values = new Float64Array(rows * columns).map((_, i) => i);
      const path = write(`runs-${columns}.bin`, new Uint8Array(values.buffer));
      const layout: PixelLayout = { kind: 'raw', path, offset: 0, littleEndian: true, storedShape: [rows, columns] };
      const pixels = await openPixels(describeSignal([rows, columns], [N, S], 'float64', layout));
      const all = pixels.read([0, 7], [rows, 3]) as Float64Array;
      expect([...all]).toEqual(Array.from({ length: rows * 3 }, (_, i) => Math.floor(i / 3) * columns + 7 + (i % 3)));
      expect((pixels.read([1, 0], [1, columns]) as Float64Array).at(-1)).toBe(2 * columns - 1);
      pixels.close();
    }
  });

  it('refuses a block that leaves the array', async () => {
    const pixels = await openPixels(store({ shape: [3, 4], navigate: [N, S] }));
    for (const [start, count] of [
      [
        [0, 0],
        [4, 1],
      ],
      [
        [-1, 0],
        [1, 1],
      ],
      [
        [0, 0.5],
        [1, 1],
      ],
      [[0], [1]],
    ] as [number[], number[]][]) {
      expect(() => pixels.read(start, count)).toThrow(EigenscopeError);
    }
    pixels.close();
  });

  it('reads blocks of bytes that came with the header', async () => {
    const bytes = encodeElements(Array.from(indices([3, 4]), valueAt), 'float32');
    const pixels = await openPixels(describeSignal([3, 4], [N, S], 'float32', { kind: 'bytes', bytes }));
    expect([...(pixels.read([1, 2], [2, 2]) as Float32Array)]).toEqual([12, 13, 22, 23]);
  });
});

describe('loadCube', () => {
  const cube = async (signal: SignalHeader) => {
    const buffer = new SharedArrayBuffer(elementCount(signal.shape) * itemSize(signal.dtype));
    await loadCube(signal, buffer);
    return buffer;
  };

  it.each(orders3)('unfolds an array stored in the order %i %i %i', async (...axisOrder) => {
    for (const dtype of ['uint8', 'uint16', 'int32', 'float64', 'int64'] as const) {
      const signal = store({ shape: [2, 3, 4], navigate: [N, N, S], axisOrder, dtype, littleEndian: false });
      const found = await cube(signal);
      const wanted = encodeElements(Array.from(indices([2, 3, 4]), valueAt), dtype);
      expect(Buffer.from(found).equals(wanted)).toBe(true);
    }
  });

  it('puts navigation axes first wherever they stand', async () => {
    const signal = store({ shape: [2, 3, 4], navigate: [S, N, S] });
    const wanted = Array.from(indices([3, 2, 4]), ([n, s, t]) => valueAt([s!, n!, t!]));
    expect([...new Uint16Array(await cube(signal))]).toEqual(wanted);
    expect(rowSourceOf(signal)).toBeNull();
    const { layout } = signal;
    const bytes = encodeElements(Array.from(indices([2, 3, 4]), valueAt), 'uint16');
    const same = { ...signal, layout: { kind: 'bytes', bytes } as const };
    expect(layout.kind).toBe('raw');
    expect([...new Uint16Array(await cube(same))]).toEqual(wanted);
  });

  it('works through a file of more than one piece, and reports and can be stopped between pieces', async () => {
    const shape = [9, 1024, 512];
    const values = new Float32Array(elementCount(shape)).map((_, i) => i % 9973);
    const path = write('pieces.bin', new Uint8Array(values.buffer));
    const stored: PixelLayout = {
      kind: 'raw',
      path,
      offset: 0,
      littleEndian: true,
      storedShape: shape,
      axisOrder: [1, 2, 0],
    };
    const signal = describeSignal([1024, 512, 9], [N, N, S], 'float32', stored);
    const buffer = new SharedArrayBuffer(values.byteLength);
    const seen: [number, number][] = [];
    await loadCube(signal, buffer, (done, total) => seen.push([done, total]));
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual([18_432, 18_432]);
    const found = new Float32Array(buffer);
    for (const [y, x, e] of [
      [0, 0, 0],
      [1023, 511, 8],
      [517, 3, 5],
      [4, 300, 7],
    ] as const) {
      expect(found[(y * 512 + x) * 9 + e]).toBe(values[(e * 1024 + y) * 512 + x]);
    }
    expect(found.reduce((a, b) => a + b, 0)).toBe(values.reduce((a, b) => a + b, 0));
    let calls = 0;
    const cancelled = loadCube(signal, buffer, undefined, () => {
      if (++calls === 2) throw new EigenscopeError('cancelled', 'Cancelled.');
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toBe(2);
    expect((await stats(signal)).sum).toBe(values.reduce((a, b) => a + b, 0));
  });

  it('transposes a spectrum image of 64 MiB in less than a second of computing', async () => {
    const path = write('large.bin', Buffer.alloc(64 * 2 ** 20, 1));
    const layout: PixelLayout = {
      kind: 'raw',
      path,
      offset: 0,
      littleEndian: false,
      storedShape: [2048, 64, 128],
      axisOrder: [1, 2, 0],
    };
    const signal = describeSignal([64, 128, 2048], [N, N, S], 'float32', layout);
    const buffer = new SharedArrayBuffer(64 * 2 ** 20);
    // time of this process, not of the clock: the machine may be busy with other tests
    const started = process.cpuUsage();
    await loadCube(signal, buffer);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(1000);
    expect(new Uint8Array(buffer).every((byte) => byte === 1)).toBe(true);
  });

  it('refuses a file that became shorter, that was written again, or that is gone', async () => {
    const signal = store({ shape: [4, 4], navigate: [N, S] });
    if (signal.layout.kind !== 'raw') throw new Error('raw');
    const { path } = signal.layout;
    const stamped = { ...signal, layout: { ...signal.layout, stamp: { size: 32, mtimeMs: 1_000_000 } } };
    utimesSync(path, 1000, 1000);
    await expect(cube(stamped)).resolves.toBeDefined();
    utimesSync(path, 2000, 2000);
    await expect(cube(stamped)).rejects.toMatchObject({ code: 'file-changed' });
    utimesSync(path, 1000, 1000);
    appendFileSync(path, 'x');
    await expect(cube(stamped)).rejects.toMatchObject({ code: 'file-changed' });
    truncateSync(path, 31);
    await expect(cube(signal)).rejects.toMatchObject({ code: 'truncated-file', details: { expected: 32, found: 31 } });
    const moved = { ...signal, layout: { ...signal.layout, path: `${path}.gone` } };
    await expect(cube(moved)).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('refuses a buffer of another size', async () => {
    const signal = store({ shape: [4, 4], navigate: [N, S] });
    await expect(loadCube(signal, new SharedArrayBuffer(31))).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

describe('rowSourceOf', () => {
  it('gives rows that lie behind one another, axes of size 1 wherever they are', () => {
    const signal = store({
      shape: [3, 1, 4],
      navigate: [N, S, S],
      axisOrder: [1, 0, 2],
      offset: 11,
      littleEndian: false,
    });
    expect(rowSourceOf(signal)).toMatchObject({
      kind: 'raw',
      offset: 11,
      samples: 3,
      features: 4,
      littleEndian: false,
    });
  });

  it('gives none for permuted, packed or unpacked pixels', () => {
    expect(rowSourceOf(store({ shape: [3, 4], navigate: [N, S], axisOrder: [1, 0] }))).toBeNull();
    expect(rowSourceOf(describeSignal([1], [S], 'uint8', { kind: 'bytes', bytes: new Uint8Array(1) }))).toBeNull();
  });
});

describe('stats', () => {
  const of = (values: readonly number[], dtype: BuiltType) => {
    const length = dtype.startsWith('complex') ? values.length / 2 : values.length;
    return stats(describeSignal([length], [S], dtype, { kind: 'bytes', bytes: encodeElements(values, dtype) }));
  };

  it('leaves NaN out and counts it', async () => {
    expect(await of([NaN, 3, -2, NaN, 0.5], 'float64')).toEqual({ sum: 1.5, min: -2, max: 3, nanCount: 2 });
    expect(await of([NaN, NaN], 'float32')).toEqual({ sum: 0, min: null, max: null, nanCount: 2 });
    expect(await of([1, NaN, 3, 4], 'complex64')).toEqual({ sum: { re: 3, im: 4 }, min: 5, max: 5, nanCount: 1 });
  });

  it('keeps infinities', async () => {
    expect(await of([1, Infinity, 2], 'float64')).toEqual({ sum: Infinity, min: 1, max: Infinity, nanCount: 0 });
  });

  it('sums many small values beside a large one exactly', async () => {
    // 1e16 has a spacing of 2: added one by one, every 1 would be lost
    const values = new Array<number>(100_001).fill(1);
    values[0] = 1e16;
    values.push(-1e16);
    expect((await of(values, 'float64')).sum).toBeCloseTo(100_000, -4);
    expect((await of([2 ** 53, 1, -(2 ** 53)], 'int64')).sum).toBe(0);
  });
});

describe('probe', () => {
  it('says what JSON cannot as text', async () => {
    const one = (value: number, dtype: BuiltType) =>
      probe(describeSignal([1], [S], dtype, { kind: 'bytes', bytes: encodeElements([value], dtype) }), [0]);
    expect(await one(NaN, 'float32')).toBe('NaN');
    expect(await one(-Infinity, 'float64')).toBe('-Infinity');
    expect(await one(2 ** 60, 'int64')).toBe('1152921504606846976');
    expect(await one(-5, 'int64')).toBe(-5);
    expect(await one(0.5, 'float16')).toBe(0.5);
    expect(await one(1, 'bool')).toBe(true);
  });

  it('refuses an index outside', async () => {
    await expect(probe(store({ shape: [3], navigate: [S] }), [3])).rejects.toMatchObject({
      code: 'parameter-out-of-range',
    });
  });
});

describe('toFloat64', () => {
  it('reads elements that begin anywhere in their memory', () => {
    const whole = new Uint8Array([9, 9, 9, 9, 1, 0, 2, 0, 9]).slice(0, 8);
    expect([...toFloat64(new Uint16Array(whole.buffer, 4, 2), 'uint16')]).toEqual([1, 2]);
    expect([...toFloat64(new Uint8Array([5, 0, 1]).subarray(1), 'bool')]).toEqual([0, 1]);
    expect([...toFloat64(new BigInt64Array([-(2n ** 62n), 3n]), 'int64')]).toEqual([-(2 ** 62), 3]);
    expect([...toFloat64(new Uint16Array([0x3c00, 0x7c00, 0x0001]), 'float16')]).toEqual([1, Infinity, 2 ** -24]);
  });

  it('refuses complex numbers and colours', () => {
    expect(() => toFloat64(new Float32Array(2), 'complex64')).toThrow('real numbers');
    expect(() => toFloat64(new Uint8Array(3), 'rgb8')).toThrow('real numbers');
  });
});

describe('copyStrided', () => {
  it.each([1, 2, 3, 4, 6, 8, 16])('moves elements of %i bytes whole, aligned or not', (size) => {
    const [a, b] = [37, 29];
    for (const shift of [0, 1]) {
      const from = new Uint8Array(a * b * size + shift).subarray(shift).map((_, i) => (i * 31) % 251);
      const to = new Uint8Array(a * b * size);
      copyStrided(size, [a, b], { bytes: from, strides: [b, 1], offset: 0 }, { bytes: to, strides: [1, a], offset: 0 });
      for (const [i, j] of [
        [0, 0],
        [36, 28],
        [17, 5],
        [3, 27],
      ] as const) {
        const found = to.subarray((j * a + i) * size, (j * a + i + 1) * size);
        expect([...found]).toEqual([...from.subarray((i * b + j) * size, (i * b + j + 1) * size)]);
      }
    }
  });
});

describe('storedPieces', () => {
  it('cover every element once, in order, and none is larger than 8 MiB', () => {
    for (const shape of [[5], [3, 4_000_000], [2, 3, 700_000, 4], [4_000_000, 3], [1]]) {
      let next = 0;
      for (const { start, count, elements } of storedPieces(shape, 8)) {
        const flat = start.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
        expect(flat).toBe(next);
        expect(elements).toBe(elementCount(count));
        expect(elements * 8).toBeLessThanOrEqual(8 * 2 ** 20);
        next += elements;
      }
      expect(next).toBe(elementCount(shape));
    }
  });
});
