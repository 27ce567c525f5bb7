import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHeader } from '../../workers/readers/registry.ts';
import type { BuiltPage, BuiltTag } from './builders/tiff.ts';
import { buildTiff } from './builders/tiff.ts';
import { load, pages, refusal, tiffFiles } from './tiff-files.ts';

const { write, file } = tiffFiles();

describe('what cannot be read is refused in words', () => {
  const page = (tags: BuiltTag[], more: Partial<BuiltPage> = {}): string =>
    file({ pages: [{ width: 8, height: 8, ...more, tags }] });

  it.each([
    ['LZMA', [{ tag: 259, type: 3, value: [34925] }], 'LZMA'],
    ['fax', [{ tag: 259, type: 3, value: [4] }], 'group 4'],
    ['an unknown compression', [{ tag: 259, type: 3, value: [777] }], 'unknown compression (777)'],
    [
      'floats of 24 bits',
      [
        { tag: 258, type: 3, value: [24] },
        { tag: 339, type: 3, value: [3] },
      ],
      'floating numbers of 24 bits',
    ],
    ['volumes', [{ tag: 32997, type: 4, value: [3] }], 'depth'],
  ] as [string, BuiltTag[], string][])('%s', async (_, tags, words) => {
    const error = await refusal(page(tags));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(words);
  });

  it('a file that ends before its pixels', async () => {
    const bytes = buildTiff({ pages: [{ width: 8, height: 8, tags: [{ tag: 273, type: 4, value: [100_000] }] }] });
    expect(await refusal(write('short.tif', bytes))).toMatchObject({ code: 'truncated-file' });
    expect(await refusal(write('stub.tif', bytes.subarray(0, 8)))).toMatchObject({ code: 'truncated-file' });
  });

  it('pages that no packing could have put into the file', async () => {
    const wide: BuiltTag[] = [
      { tag: 256, type: 4, value: [2 ** 20] },
      { tag: 257, type: 4, value: [2 ** 20] },
      { tag: 278, type: 4, value: [2 ** 20] },
    ];
    for (const compression of ['lzw', 'deflate', 'packbits'] as const) {
      const error = await refusal(page(wide, { compression }));
      expect(error).toMatchObject({ code: 'corrupt-file' });
      expect(error.message).toContain('no packing is that good');
    }
  });

  it('tiles that no packing could have put into what they have in the file, or that are left out', async () => {
    const sides = [322, 323].map((tag): BuiltTag => ({ tag, type: 4, value: [2 ** 20] }));
    const none: BuiltTag = { tag: 325, type: 4, value: [0] };
    for (const compression of ['lzw', 'deflate', 'packbits'] as const) {
      for (const tags of [sides, [...sides, none]]) {
        const error = await refusal(page(tags, { compression, tile: [16, 16] }));
        expect(error).toMatchObject({ code: 'corrupt-file' });
        expect(error.message).toContain('no packing is that good');
      }
    }
  });

  it('strips that do not unpack', async () => {
    const noise = Uint8Array.from({ length: 90 }, (_, i) => (i * 73) % 256);
    for (const code of [5, 8, 7]) {
      const path = page([{ tag: 259, type: 3, value: [code] }], { dtype: 'uint8', chunks: [noise] });
      expect(await refusal(path)).toMatchObject({ code: 'corrupt-file' });
    }
  });

  it('a file that changed after it was opened', async () => {
    const path = file({ pages: pages(1, { compression: 'lzw' }) });
    const signal = (await openHeader(path)).signals[0]!;
    write(basename(path), buildTiff({ pages: pages(2, { compression: 'lzw' }) }));
    await expect(load(signal)).rejects.toMatchObject({ code: 'file-changed' });
  });
});
