import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packBlosc } from '../../main/io/zspy-writer/blosc-frame.ts';
import { writeZspy } from '../../main/io/zspy-writer/write-zspy.ts';
import type { HspySignal } from '../../main/io/hspy-writer.ts';
import type { DType } from '../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { ResultArray } from '../../workers/model/result.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { parseBloscHeader, unpackBlosc } from '../../workers/readers/zarr/blosc.ts';
import { readZspyLearningResults, zspyReader } from '../../workers/readers/zarr/reader.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eigenscope-zspy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesLike = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7919) >>> 5);

/** An array of any type and shape, its elements arbitrary bytes (bool: 0 and 1). */
function signalOf(dtype: DType, shape: readonly number[], title: string = dtype): HspySignal & { data: Uint8Array } {
  const data = bytesLike(elementCount(shape) * itemSize(dtype));
  if (dtype === 'bool') data.forEach((byte, i) => (data[i] = byte & 1));
  return {
    title,
    signalType: '',
    shape,
    dtype,
    axes: shape.map((size, i) => ({
      name: `a${i}`,
      units: 'nm',
      size,
      navigate: i < shape.length - 1,
      scale: 0.1 * (i + 1),
      offset: -i,
    })),
    metadata: { Sample: { elements: ['Fe', 'µ 日本'], nested: [1, ['a', null], { b: true }] } },
    originalMetadata: { '.hidden': { 'a:b': 1 }, empty: [], nan: Number.NaN, A: { x: 1 }, a: { x: 2 } },
    data,
  };
}

async function bytesOf(path: string, index: number): Promise<Uint8Array> {
  const signal = (await zspyReader.header(path, {})).signals[index]!;
  const source = await openPixels(signal);
  try {
    const target = new Uint8Array(elementCount(signal.shape) * itemSize(signal.dtype));
    source.readInto(
      target,
      signal.shape.map(() => 0),
      signal.shape,
    );
    return target;
  } finally {
    source.close();
  }
}

describe('our frames of Blosc', () => {
  it.each([
    [0, 1],
    [1, 8],
    [1000, 4],
    [1_000_003, 2],
    [900_000, 3],
  ])('of %i bytes in elements of %i come back', async (length, size) => {
    for (const bytes of [
      bytesLike(length),
      new Uint8Array(length),
      crypto.getRandomValues(new Uint8Array(Math.min(length, 60_000))),
    ]) {
      const packed = await packBlosc(bytes, size);
      expect(parseBloscHeader(packed)).toMatchObject({ bytes: bytes.length, packedBytes: packed.length });
      expect(packed.length).toBeLessThanOrEqual(bytes.length + 16);
      const to = new Uint8Array(bytes.length);
      expect(unpackBlosc(packed, to)).toBe(true);
      expect(Buffer.compare(to, bytes)).toBe(0);
    }
  });
});

describe('a store of ours', () => {
  const types: DType[] = [
    'bool',
    'int8',
    'uint16',
    'int32',
    'uint64',
    'float16',
    'float32',
    'float64',
    'complex64',
    'rgb8',
    'rgba16',
  ];
  it.each(['folder', 'zip'] as const)('keeps every element type in a %s', async (container) => {
    const signals = types.map((dtype) => signalOf(dtype, [3, 4, 5]));
    const path = join(folder, `types-${container}.zspy`);
    await writeZspy(path, { signals }, { overwrite: false, container });
    const header = await zspyReader.header(path, {});
    expect(header.signals.map(({ dtype }) => dtype).toSorted()).toEqual(types.toSorted());
    for (const [index, { dtype, axes, warnings, metadata, originalMetadata }] of header.signals.entries()) {
      const signal = signals.find((one) => one.dtype === dtype)!;
      expect([axes, warnings]).toEqual([signal.axes, []]);
      expect(metadata).toMatchObject(signal.metadata);
      expect(Object.keys(originalMetadata)).toHaveLength(5);
      expect(Buffer.compare(await bytesOf(path, index), signal.data), dtype).toBe(0);
    }
  });

  it('is cut into chunks that are written as the data come, in blocks of any size', async () => {
    const { data, ...signal } = signalOf('uint16', [7, 501, 1024]);
    const path = join(folder, 'large.zspy');
    function* blocks(): Generator<Uint8Array> {
      for (let at = 0; at < data.length; at += 777_777) yield data.subarray(at, at + 777_777);
    }
    await writeZspy(path, { signals: [{ ...signal, data: { [Symbol.iterator]: blocks } }] }, { overwrite: false });
    const array = join(path, 'Experiments', 'uint16', 'data');
    const description = JSON.parse(readFileSync(join(array, '.zarray'), 'utf8')) as Record<string, unknown>;
    expect(description).toMatchObject({ zarr_format: 2, shape: [7, 501, 1024], chunks: [4, 501, 1024], dtype: '<u2' });
    expect(readdirSync(array).toSorted()).toEqual(['.zarray', '0.0.0', '1.0.0']);
    expect(Buffer.compare(await bytesOf(path, 0), data)).toBe(0);
  });

  it('has learning results that come back', async () => {
    const arrays: Record<string, ResultArray> = {
      factors: {
        dtype: 'float64',
        shape: [5, 2],
        data: Float64Array.from({ length: 10 }, (_, i) => (i === 3 ? NaN : i / 3)),
      },
      original_shape: { dtype: 'int32', shape: [2], data: Int32Array.of(3, 5) },
      navigation_mask: { dtype: 'bool', shape: [3], data: Uint8Array.of(0, 1, 0) },
    };
    const path = join(folder, 'learned.zspy');
    const learning = {
      arrays,
      scalars: { output_dimension: 2, centre: null, ratio: 0.5, decomposition_algorithm: 'NMF' },
    };
    await writeZspy(
      path,
      { signals: [{ ...signalOf('float32', [3, 5]), learning, provenance: '{"µ":1}' }] },
      { overwrite: false },
    );
    const found = await readZspyLearningResults(path);
    for (const [name, { dtype, shape, data }] of Object.entries(arrays))
      expect({ ...found!.arrays[name], data: [...found!.arrays[name]!.data] }, name).toEqual({
        dtype,
        shape,
        data: [...data],
      });
    expect(found!.scalars).toEqual({
      output_dimension: 2,
      ratio: 0.5,
      decomposition_algorithm: 'NMF',
      eigenscope_provenance: '{"µ":1}',
    });
  });

  it('is ASCII in its documents: Python reads them so', async () => {
    const path = join(folder, 'ascii.zspy');
    await writeZspy(path, { signals: [signalOf('uint8', [2, 2], 'µ 😀')] }, { overwrite: false });
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(({ name }) =>
      name.startsWith('.z'),
    );
    expect(files.length).toBeGreaterThan(8);
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name)).every((byte) => byte < 128)).toBe(true);
    expect((await zspyReader.header(path, {})).signals[0]!.title).toBe('µ 😀');
  });
});

describe('writing a store', () => {
  it('leaves the old one when it fails, and nothing beside it', async () => {
    const path = join(folder, 'kept.zspy');
    const signal = signalOf('uint8', [4, 4]);
    await writeZspy(path, { signals: [signal] }, { overwrite: false });
    const before = readdirSync(folder).toSorted();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(8));
      throw new Error('the drive was pulled');
    }
    for (const container of ['folder', 'zip'] as const) {
      await expect(
        writeZspy(path, { signals: [{ ...signal, data: failing() }] }, { overwrite: true, container }),
      ).rejects.toThrow('the drive was pulled');
      await expect(
        writeZspy(path, { signals: [{ ...signal, data: new Uint8Array(8) }] }, { overwrite: true, container }),
      ).rejects.toMatchObject({ code: 'shape-mismatch' });
    }
    await expect(writeZspy(path, { signals: [signal] }, { overwrite: false })).rejects.toMatchObject({
      code: 'exists',
    });
    expect(readdirSync(folder).toSorted()).toEqual(before);
    expect(Buffer.compare(await bytesOf(path, 0), signal.data)).toBe(0);
  });

  it('replaces a store as a whole, but no folder of other things', async () => {
    const path = join(folder, 'replaced.zspy');
    await writeZspy(path, { signals: [signalOf('uint8', [4, 4], 'old')] }, { overwrite: false });
    await writeZspy(path, { signals: [signalOf('uint8', [4, 4], 'new')] }, { overwrite: true });
    expect(readdirSync(join(path, 'Experiments')).toSorted()).toEqual(['.zgroup', 'new']);
    const other = join(folder, 'other.zspy');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.txt'), 'x');
    await expect(writeZspy(other, { signals: [] }, { overwrite: true })).rejects.toMatchObject({ code: 'exists' });
    expect(existsSync(join(other, 'thesis.txt'))).toBe(true);
  });
});
