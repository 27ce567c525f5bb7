import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeTiffUpTo } from '../../main/io/signal-files/tiff.ts';
import { ratioOf } from '../../main/io/signal-files/tiff-directory.ts';
import { writeInOrder } from '../../main/io/signal-files/write-in-order.ts';
import { writeSignal } from '../../main/io/signal-writers.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import {
  axis,
  column,
  energy,
  numbersOf,
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

const { fresh } = signalFolder();

describe('a picture', () => {
  it('holds bytes and 16-bit numbers as they are, and other numbers from the smallest to the largest', async () => {
    for (const [dtype, bits] of [
      ['uint8', 8],
      ['uint16', 16],
      ['float32', 16],
    ] as const) {
      const signal = signalOf(dtype, [row(3), column(4)]);
      const path = fresh('png');
      await writeSignal(path, signal, { overwrite: false });
      const bytes = readFileSync(path);
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24], bytes[25]]).toEqual([4, 3, bits, 0]);
      const length = bytes.readUInt32BE(33);
      const body = inflateSync(bytes.subarray(41, 41 + length));
      const stride = (4 * bits) / 8 + 1;
      for (let r = 1; r < 3; r++) {
        expect(body[r * stride]).toBe(2);
        for (let i = 1; i < stride; i++) body[r * stride + i]! += body[(r - 1) * stride + i]!;
      }
      const greys = Array.from({ length: 12 }, (_, i) => {
        const at = Math.floor(i / 4) * stride + 1 + ((i % 4) * bits) / 8;
        return bits === 8 ? body[at]! : body.readUInt16BE(at);
      });
      const values = sourceNumbers(signal);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      expect(greys).toEqual(
        dtype === 'float32' ? values.map((v) => Math.round((65_535 * (v - low)) / (high - low))) : values,
      );
    }
  });
});

describe('NumPy archives of data', () => {
  it('hold the array and the coordinates of its axes', async () => {
    const path = fresh('npz');
    await writeSignal(path, si(), { overwrite: false });
    const { signals } = await openHeader(path, { dataset: 'data' });
    expect(signals[0]).toMatchObject({ shape: [3, 4, 5], dtype: 'uint16' });
    expect(await numbersOf(signals[0]!)).toEqual(sourceNumbers(si()));
    const energies = (await openHeader(path, { dataset: 'axis_2_Energy' })).signals[0]!;
    expect((await numbersOf(energies)).map((v) => Number(v.toFixed(6)))).toEqual([400, 400.2, 400.4, 400.6, 400.8]);
  });
});

describe('writing axes in another order', () => {
  it('gives the same file whatever is gathered at once', async () => {
    const signal = signalOf('uint16', [y(7), x(5), energy(11)]);
    const wanted = reordered(sourceNumbers(signal), [7, 5, 11], [2, 0, 1]);
    for (const gather of [2, 14, 22, 100, 110, 220, 1000]) {
      const path = fresh('bin');
      const file = await open(path, 'w+');
      await writeInOrder(file, path, signal, { at: 6, order: [2, 0, 1], gather });
      await file.close();
      const bytes = readFileSync(path);
      expect(bytes.length).toBe(6 + 2 * wanted.length);
      expect(Array.from(wanted, (_, i) => bytes.readUInt16LE(6 + 2 * i))).toEqual(wanted);
    }
  });
});

describe('a TIFF file', () => {
  it('keeps a resolution as the nearest ratio of two 32-bit numbers', () => {
    expect(ratioOf(50)).toEqual([50, 1]);
    expect(ratioOf(1 / 0.3)).toEqual([10, 3]);
    expect(ratioOf(0)).toEqual([0, 1]);
    for (const value of [Math.PI, 1e-7, 123456.789, 5e9, 1e-12]) {
      const [p, q] = ratioOf(value);
      expect(p).toBeLessThan(2 ** 32);
      expect(q).toBeLessThan(2 ** 32);
      if (value < 4e9 && value > 1e-9) expect(Math.abs(p / q - value)).toBeLessThan(1e-9 * value);
    }
  });

  it('too long for 32-bit offsets is a BigTIFF, which comes back the same', async () => {
    for (const dtype of ['uint16', 'float32'] as const) {
      const signal = signalOf(dtype, [axis('t', 20, true, { scale: 2, offset: 5 }), row(3), column(4)]);
      const path = fresh('tif');
      await writeTiffUpTo(path, signal, { overwrite: false }, 1000);
      expect([...readFileSync(path).subarray(0, 8)]).toEqual([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
      const again = (await openHeader(path)).signals[0]!;
      expect(again).toMatchObject({ shape: [20, 3, 4], dtype });
      expect(await numbersOf(again)).toEqual(sourceNumbers(signal));
      expect(places(again.axes).map((one) => one.values)).toEqual(places(signal.axes).map((one) => one.values));
    }
  });
});
