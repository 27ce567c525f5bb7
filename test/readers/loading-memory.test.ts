import { deflateSync, zstdCompressSync } from 'node:zlib';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { loadCube } from '../../workers/readers/pixels.ts';
import type { ReadHints } from '../../workers/readers/reader.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildSurf } from './builders/digital-surf.ts';
import { matWriter } from './builders/matlab.ts';
import { temporaryFiles } from './builders/temporary.ts';
import { buildTiff } from './builders/tiff.ts';
import { bloscFrame, json, writeStore } from './builders/zarr.ts';

/*
 * Loading packed data takes little memory beside the data: what was unpacked is given back as soon as it is in place, and
 * does not wait for the collector, which hears of such memory by the tens of mebibytes only.
 */

const files = temporaryFiles();
const MiB = 2 ** 20;
/** Half of the data: without giving back it is more than that. */
const littleMiB = 16;
const noise = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => (i * i * 7) >> 5);

/** Peak of the memory of buffers during a load beside the data themselves, in MiB. */
async function beside(path: string, hints: ReadHints = {}): Promise<number> {
  const signal = (await openHeader(path, hints)).signals[0]!;
  const bytes = elementCount(signal.shape) * itemSize(signal.dtype);
  expect(bytes).toBe(32 * MiB);
  const buffer = new SharedArrayBuffer(bytes);
  const before = process.memoryUsage().arrayBuffers;
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers);
  };
  await loadCube(signal, buffer, look, look);
  return (peak - before) / MiB;
}

function store(name: string, compressor: unknown, pack: (bytes: Uint8Array) => Uint8Array): string {
  const chunk = pack(noise(64 * 1024));
  const key = 'cube';
  const array = {
    zarr_format: 2,
    shape: [256, 256, 256],
    chunks: [4, 32, 256],
    dtype: '<u2',
    compressor,
    fill_value: 0,
    filters: null,
    order: 'C',
  };
  const chunks = Array.from({ length: 64 * 8 }, (_, i) => [`${key}/${i >> 3}.${i & 7}.0`, chunk]);
  return writeStore(join(files.folder, name), {
    '.zgroup': json({ zarr_format: 2 }),
    [`${key}/.zarray`]: json(array),
    ...(Object.fromEntries(chunks) as Record<string, Uint8Array>),
  });
}

describe('loading packed data', () => {
  it('of a Zarr store takes little memory beside them', async () => {
    const zstd = store('zstd.zarr', { id: 'zstd', level: 1 }, (bytes) => zstdCompressSync(bytes));
    expect(await beside(zstd)).toBeLessThan(littleMiB);
    const options = { id: 'blosc', cname: 'zstd', clevel: 1, shuffle: 0, blocksize: 0 };
    const blosc = store('blosc.zarr', options, (bytes) => bloscFrame(zstdCompressSync(bytes), bytes.length, 2, 0x90));
    expect(await beside(blosc)).toBeLessThan(littleMiB);
  });

  it('of a TIFF takes little memory beside them', async () => {
    const strip = deflateSync(noise(64 * 1024 * 2));
    const short = (tag: number, value: number) => ({ tag, type: 3, value: [value] });
    const page = {
      width: 1024,
      height: 1024,
      chunks: new Array<Uint8Array>(16).fill(strip),
      tags: [short(258, 16), short(259, 8), short(278, 64)],
    };
    const path = files.write('strips.tif', buildTiff({ pages: new Array<typeof page>(16).fill(page) }));
    expect(await beside(path)).toBeLessThan(littleMiB);
  });

  it('of a TIFF with a channel on each page takes little memory beside them, whatever the strips', async () => {
    const short = (tag: number, value: number) => ({ tag, type: 3, value: [value] });
    // one strip for all rows of a page, and strips that are smaller than the pool of Node's buffers
    for (const rows of [512, 8]) {
      const strip = deflateSync(noise(1024 * rows * 2));
      const page = {
        width: 1024,
        height: 512,
        chunks: new Array<Uint8Array>(512 / rows).fill(strip),
        tags: [short(258, 16), short(259, 8), short(278, rows)],
      };
      const path = files.write(`channels${rows}.tif`, buildTiff({ pages: new Array<typeof page>(32).fill(page) }));
      expect(await beside(path, { signalShape: [32] })).toBeLessThan(littleMiB / 2);
    }
  });

  it('of MATLAB and Digital Surf, which are one stream, takes a few pieces', async () => {
    const w = matWriter();
    const values = Array.from({ length: 4 * MiB }, (_, i) => i % 1021);
    const mat = w.file(w.compressed(w.numeric({ name: 'a', size: [2048, 2048], values })));
    expect(await beside(files.write('a.mat', mat))).toBeLessThan(littleMiB);
    const surf = buildSurf({ type: 2, x: 2048, y: 2048, stored: values, packed: 1 });
    expect(await beside(files.write('a.sur', surf))).toBeLessThan(littleMiB);
  });
});
