import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lookup3 } from '../../main/io/hdf5-writer/lookup3.ts';
import { chunkShape, shuffle } from '../../main/io/hdf5-writer/chunked-data.ts';
import { createSink } from '../../main/io/hdf5-writer/sink.ts';
import { boolean, dataset, float, group, integer, text, type Storage } from '../../main/io/hdf5-writer/tree.ts';
import { superblock } from '../../main/io/hdf5-writer/messages.ts';
import { writeHdf5 } from '../../main/io/hdf5-writer/write-hdf5.ts';
import type { DType } from '../../workers/model/dtype.ts';
import { hdf5Reader } from '../../workers/readers/hdf5.ts';
import { withHdf5 } from '../../workers/readers/hdf5-open.ts';
import { childNames } from '../../workers/readers/hdf5-tree.ts';
import { readAttributes, readDatasetValue } from '../../workers/readers/hdf5-values.ts';
import { openPixels } from '../../workers/readers/pixels.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-hdf5-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readBack(path: string, name: string) {
  const { signals } = await hdf5Reader.header(path, { dataset: name });
  const signal = signals[0]!;
  const source = await openPixels(signal);
  try {
    return {
      signal,
      values: source.read(
        signal.shape.map(() => 0),
        signal.shape,
      ),
    };
  } finally {
    source.close();
  }
}

describe('lookup3', () => {
  it('gives the values its author published', () => {
    const bytes = new TextEncoder().encode('Four score and seven years ago');
    expect(lookup3(new Uint8Array(0))).toBe(0xdeadbeef);
    expect(lookup3(bytes)).toBe(0x17770551);
  });
});

describe('the shape of chunks', () => {
  it.each([
    [[512, 512, 2048], 2, [1, 256, 2048]],
    [[10, 20], 8, [10, 20]],
    [[3, 4_000_000], 4, [1, 262_144]],
    [[100_000, 3], 1, [100_000, 3]],
    [[5], 8, [5]],
  ])('of %j elements of %i bytes is one run of about a mebibyte', (shape, size, expected) => {
    expect(chunkShape(shape, size)).toEqual(expected);
  });

  it('shuffle puts first bytes first', () => {
    expect([...shuffle(Uint8Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([1, 3, 5, 2, 4, 6]);
  });
});

/* Read back through the HDF Group's library (WebAssembly), which is not our code; h5py reads them in the HyperSpy test. */
describe('files of ours', () => {
  it('keep texts, numbers and truth values as attributes, in any language and length', async () => {
    const path = join(folder, 'attributes.h5');
    const long = 'y'.repeat(200_000);
    await writeHdf5(
      path,
      group({
        title: text('µ 日本'),
        empty: text(''),
        n: integer(-5),
        big: integer(2 ** 53 - 1),
        f: float(0.1),
        yes: boolean(true),
        no: boolean(false),
        long: text(long),
      }),
      { overwrite: false },
    );
    const found = await withHdf5(path, (file) => Object.fromEntries(readAttributes(file, '/', [])));
    expect(found).toEqual({ title: 'µ 日本', empty: '', n: -5, big: 2 ** 53 - 1, f: 0.1, yes: true, no: false, long });
  });

  it('hold thousands of groups in one group, and lists of texts', async () => {
    const path = join(folder, 'many.h5');
    const children = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`child ${i}`, group({ name: text(`n${i}`), i: integer(i) })]),
    );
    await writeHdf5(
      path,
      group({}, { many: group({}, children), texts: { kind: 'texts', values: ['a', '', 'ü日'] } }),
      { overwrite: false },
    );
    await withHdf5(path, (file) => {
      expect(childNames(file, '/many')).toHaveLength(3000);
      expect(Object.fromEntries(readAttributes(file, '/many/child 2999', []))).toEqual({ name: 'n2999', i: 2999 });
      expect(readDatasetValue(file, '/texts')).toEqual(['a', '', 'ü日']);
    });
  });

  it.each<[DType, ArrayBufferView]>([
    ['bool', Uint8Array.of(1, 0, 1, 1, 0, 1)],
    ['int8', Int8Array.of(1, -2, 3, 4, 5, 6)],
    ['uint16', Uint16Array.of(1, 65535, 3, 4, 5, 6)],
    ['int32', Int32Array.of(1, -2, 3, 4, 5, 6)],
    ['uint64', BigUint64Array.of(1n, 2n ** 63n, 3n, 4n, 5n, 6n)],
    ['float16', Uint16Array.of(0x3c00, 0x4000, 0xc000, 0, 1, 2)],
    ['float32', Float32Array.of(1, NaN, 0.5, 4, 5, 6)],
    ['float64', Float64Array.of(1, -Infinity, 0.5, 4, 5, 6)],
    ['complex64', Float32Array.from({ length: 12 }, (_, i) => i)],
    ['complex128', Float64Array.from({ length: 12 }, (_, i) => i)],
    ['rgb8', Uint8Array.from({ length: 18 }, (_, i) => i)],
    ['rgba16', Uint16Array.from({ length: 24 }, (_, i) => i)],
  ])('keep %s, contiguous and deflated', async (dtype, data) => {
    for (const storage of [{ kind: 'contiguous' }, { kind: 'deflated', level: 4 }] satisfies Storage[]) {
      const path = join(folder, `${dtype}-${storage.kind}.h5`);
      await writeHdf5(path, group({}, { data: dataset(dtype, [2, 3], data, storage) }), { overwrite: true });
      const { signal, values } = await readBack(path, 'data');
      expect(signal).toMatchObject({
        dtype,
        shape: [2, 3],
        layout: { kind: storage.kind === 'contiguous' ? 'raw' : 'hdf5' },
      });
      expect(values).toEqual(data);
    }
  });

  it(
    'are streamed: 160 MB from blocks of odd sizes into hundreds of chunks, with little memory',
    { timeout: 60_000 },
    async () => {
      const path = join(folder, 'stream.h5');
      const shape = [500, 40, 4000];
      const total = 500 * 40 * 4000;
      const block = new Uint16Array(123_457);
      let peak = 0;
      function* blocks(): Generator<Uint16Array> {
        for (let at = 0; at < total; at += block.length) {
          const length = Math.min(block.length, total - at);
          for (let i = 0; i < length; i++) block[i] = ((at + i) / 1000) | 0;
          peak = Math.max(peak, process.memoryUsage().arrayBuffers);
          // What is yielded is used up before the next block is asked for.
          yield block.subarray(0, length);
        }
      }
      const before = process.memoryUsage().arrayBuffers;
      await writeHdf5(
        path,
        group({}, { data: dataset('uint16', shape, { [Symbol.iterator]: blocks }, { kind: 'deflated', level: 1 }) }),
        {
          overwrite: false,
        },
      );
      expect(peak - before).toBeLessThan(64 * 2 ** 20);
      expect(statSync(path).size).toBeLessThan(total / 4);
      const { signals } = await hdf5Reader.header(path, {});
      const source = await openPixels(signals[0]!);
      for (const [y, x, e] of [
        [0, 0, 0],
        [499, 39, 3999],
        [250, 17, 1234],
        [13, 3, 0],
      ] as const) {
        const expected = (((y * 40 + x) * 4000 + e) / 1000) & 0xffff;
        expect([...(source.read([y, x, e], [1, 1, 1]) as Uint16Array)]).toEqual([expected]);
      }
      source.close();
    },
  );

  it('can be larger than 4 GB: addresses beyond that are written as such', async () => {
    const path = join(folder, 'sparse.bin');
    const file = await open(path, 'w+');
    const sink = createSink(file, 5 * 2 ** 30 + 3);
    const address = await sink.append(Uint8Array.of(1, 2, 3));
    await sink.flush();
    await file.close();
    expect(address).toBe(5 * 2 ** 30 + 8);
    expect(Buffer.from(superblock(address, address + 8)).readBigUInt64LE(36)).toBe(BigInt(address));
    expect(statSync(path).size).toBe(address + 3);
  });

  it('refuses data that are not as long as their shape, and leaves no file', async () => {
    const path = join(folder, 'short.h5');
    for (const storage of [{ kind: 'contiguous' }, { kind: 'deflated', level: 1 }] satisfies Storage[]) {
      for (const length of [5, 7]) {
        const node = dataset('float32', [2, 3], new Float32Array(length), storage);
        await expect(writeHdf5(path, group({}, { a: node }), { overwrite: false })).rejects.toMatchObject({
          code: 'shape-mismatch',
        });
      }
    }
    expect(() => statSync(path)).toThrow('ENOENT');
  });
});
