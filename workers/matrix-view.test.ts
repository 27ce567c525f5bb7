import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openView } from './matrix-view.ts';
import { itemSize, type DType } from './model/dtype.ts';
import type { MatrixView, RowSource } from './model/rows.ts';

// X = 5 × 4, values 0 … 19 and their bytes in every element type, written by hand with DataView.
const samples = 5;
const features = 4;
const values = Array.from({ length: samples * features }, (_, i) => i);

type Writer = (view: DataView, at: number, value: number, little: boolean) => void;
const writers: Partial<Record<DType, Writer>> = {
  bool: (view, at, value) => view.setUint8(at, value),
  int8: (view, at, value) => view.setInt8(at, value),
  uint8: (view, at, value) => view.setUint8(at, value),
  int16: (view, at, value, little) => view.setInt16(at, value, little),
  uint16: (view, at, value, little) => view.setUint16(at, value, little),
  int32: (view, at, value, little) => view.setInt32(at, value, little),
  uint32: (view, at, value, little) => view.setUint32(at, value, little),
  int64: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  uint64: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  float32: (view, at, value, little) => view.setFloat32(at, value, little),
  float64: (view, at, value, little) => view.setFloat64(at, value, little),
};
const dtypes = Object.keys(writers) as DType[];
const signed = new Set<DType>(['int8', 'int16', 'int32', 'int64', 'float32', 'float64']);

const valueOf = (dtype: DType, i: number): number =>
  dtype === 'bool' ? i % 2 : signed.has(dtype) && i % 3 === 1 ? -i : i;

function encode(dtype: DType, little: boolean, header = 0): Uint8Array {
  const bytes = new Uint8Array(header + values.length * itemSize(dtype));
  const view = new DataView(bytes.buffer, header);
  values.forEach((i) => writers[dtype]!(view, i * itemSize(dtype), valueOf(dtype, i), little));
  return bytes;
}

function shared(dtype: DType, bytes: Uint8Array = encode(dtype, true)): RowSource {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return { kind: 'shared', buffer, dtype, samples, features };
}

/** Reads all rows in blocks of `step`. */
function readAll(view: MatrixView, step = 2): number[][] {
  const open = openView(view);
  const rows: number[][] = [];
  for (let r = 0; r < open.rows; r += step) {
    const end = Math.min(r + step, open.rows);
    const out = new Float64Array((end - r) * open.cols);
    open.read(r, end, out);
    for (let i = 0; i < end - r; i++) rows.push([...out.subarray(i * open.cols, (i + 1) * open.cols)]);
  }
  open.close();
  return rows;
}

const expectedRows = (dtype: DType): number[][] =>
  Array.from({ length: samples }, (_, i) =>
    Array.from({ length: features }, (__, j) => valueOf(dtype, i * features + j)),
  );

describe.each(dtypes)('a view of %s', (dtype) => {
  it('reads what was written, in memory', () => {
    expect(readAll({ source: shared(dtype) })).toEqual(expectedRows(dtype));
  });
});

describe('half precision', () => {
  // bit patterns of IEEE 754-2019, annex: 1, −2, 65504, 2^−24, ∞, NaN, 1/3 rounded, −0
  it('is decoded bit by bit', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00, 0x3555, 0x8000);
    const buffer = new SharedArrayBuffer(16);
    new Uint16Array(buffer).set(bits);
    const rows = readAll({ source: { kind: 'shared', buffer, dtype: 'float16', samples: 2, features: 4 } });
    expect(rows).toEqual([
      [1, -2, 65504, 2 ** -24],
      [Infinity, NaN, 0.333251953125, -0],
    ]);
  });
});

describe('64-bit integers', () => {
  it('beyond 2^53 become the nearest double', () => {
    const buffer = new SharedArrayBuffer(16);
    new BigInt64Array(buffer).set([-(2n ** 60n), 2n ** 53n + 3n]);
    expect(readAll({ source: { kind: 'shared', buffer, dtype: 'int64', samples: 1, features: 2 } })).toEqual([
      [-(2 ** 60), 2 ** 53 + 4],
    ]);
  });
});

describe('a view', () => {
  const x = expectedRows('uint16');
  const rows = Int32Array.of(0, 1, 4);
  const columns = Int32Array.of(1, 3);
  const rowMean = Float64Array.of(1, 2, 3);
  const columnMean = Float64Array.of(0.5, 0.25);
  const rowScale = Float64Array.of(2, 0, 4);
  const columnScale = Float64Array.of(8, 16);
  const treated = [0, 1, 4].map((i, r) =>
    [1, 3].map((j, c) =>
      rowScale[r] === 0 ? 0 : (x[i]![j]! - rowMean[r]! - columnMean[c]!) / (rowScale[r]! * columnScale[c]!),
    ),
  );
  const source = shared('uint16');
  const plus0 = (m: number[][]): number[][] => m.map((row) => row.map((v) => v + 0));

  it('keeps the chosen rows and columns', () => {
    expect(readAll({ source, rows, columns }, 3)).toEqual([0, 1, 4].map((i) => [x[i]![1], x[i]![3]]));
  });

  it.each([1, 2, 3])('subtracts means and divides by scales, 0 where a scale is 0, in blocks of %d', (step) => {
    const view = { source, rows, columns, rowMean, columnMean, rowScale, columnScale };
    expect(plus0(readAll(view, step))).toEqual(treated);
  });

  it.each([1, 2])('transposes after all that, in blocks of %d', (step) => {
    const view = { source, rows, columns, rowMean, columnMean, rowScale, columnScale, transpose: true };
    expect(plus0(readAll(view, step))).toEqual([0, 1].map((c) => treated.map((row) => row[c])));
  });

  it('transposes all of X', () => {
    expect(readAll({ source, transpose: true }, 3)).toEqual([0, 1, 2, 3].map((j) => x.map((row) => row[j])));
  });

  it('refuses vectors of the wrong length and too little memory', () => {
    expect(() => openView({ source, rows, rowMean: Float64Array.of(1) })).toThrow(
      /row mean has 1 values; 3 are needed/,
    );
    expect(() => openView({ source: { ...source, samples: 6 } as RowSource })).toThrow(/need 48 bytes but 40/);
  });

  it('refuses complex numbers and colours by name', () => {
    const buffer = new SharedArrayBuffer(1000);
    const open = (dtype: DType) => () =>
      openView({ source: { kind: 'shared', buffer, dtype, samples: 1, features: 1 } });
    expect(open('complex128')).toThrow(/complex numbers \(complex128\)/);
    expect(open('rgb8')).toThrow(/colour pixels \(rgb8\)/);
  });
});

describe('rows in a file', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'rows-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function raw(dtype: DType, littleEndian: boolean, header = 7): RowSource {
    const path = join(folder, `${dtype}-${String(littleEndian)}`);
    writeFileSync(path, encode(dtype, littleEndian, header));
    return { kind: 'raw', path, offset: header, littleEndian, dtype, samples, features };
  }

  it.each(dtypes)('of %s read like rows in memory, in both byte orders', (dtype) => {
    for (const little of [true, false]) expect(readAll({ source: raw(dtype, little) })).toEqual(expectedRows(dtype));
  });

  it('can be chosen, treated and transposed like rows in memory', () => {
    const rest = {
      rows: Int32Array.of(0, 2, 3),
      columns: Int32Array.of(0, 2, 3),
      columnMean: Float64Array.of(1, 2, 3),
      rowScale: Float64Array.of(2, 3, 4),
    };
    for (const transpose of [false, true]) {
      const view = { ...rest, transpose };
      expect(readAll({ ...view, source: raw('int16', false) })).toEqual(readAll({ ...view, source: shared('int16') }));
    }
  });

  it('that end too early are refused with both sizes', () => {
    const source = { ...raw('uint16', true), samples: 9 } as RowSource;
    expect(() => openView({ source })).toThrow(/shorter.*47 of 79 bytes/);
  });

  it('of a file that is gone are refused by name', () => {
    const source = { ...raw('uint16', true), path: join(folder, 'gone.raw') } as RowSource;
    expect(() => openView({ source })).toThrow(/gone\.raw is no longer there/);
  });
});
