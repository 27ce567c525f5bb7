import { describe, expect, it } from 'vitest';
import { openPixels } from '../../workers/readers/pixels.ts';
import { contiguousStrides } from '../../workers/readers/permute.ts';
import type { TiffAbout } from '../../workers/readers/tiff/pixels.ts';
import { openPageTable } from '../../workers/readers/tiff/page-table.ts';
import { openStoredBlocks } from '../../workers/readers/tiff/stored-blocks.ts';
import { encodeElements, ramp } from './builders/elements.ts';
import { load, pages, tiffFiles } from './tiff-files.ts';

/* Stacks whose strips are wanted in parts, or in another order than they lie in. */

const { open } = tiffFiles();
const [width, height, count] = [5, 24, 6];
const values = (page: number): number[] => ramp([width * height]).map((v) => v + 100 * page);
const stack = pages(count, { width, height }).map((page, i) => ({ ...page, values: values(i) }));
/** In the order rows, columns, pages. */
const turned = encodeElements(
  ramp([width * height]).flatMap((v) => ramp([count]).map((page) => v + 100 * page)),
  'uint16',
);

describe('pages as channels', () => {
  it('whose strips differ from page to page are the same whole, by block and row by row', async () => {
    const layouts = [
      { rowsPerStrip: 7 },
      { tile: [16, 16] as const },
      {},
      { rowsPerStrip: 1 },
      { rowsPerStrip: 24 },
      {},
    ];
    for (const compression of ['none', 'lzw', 'deflate'] as const) {
      const mixed = stack.map((page, i) => ({ ...page, compression, ...layouts[i] }));
      const signal = await open({ pages: mixed, gap: 4 }, { signalShape: [count] });
      expect(signal.shape).toEqual([height, width, count]);
      expect(await load(signal)).toEqual(turned);
      const source = await openPixels(signal);
      const rowBytes = turned.length / height;
      for (const y of ramp([height])) {
        const row = new Uint8Array(rowBytes);
        source.readInto(row, [y, 0, 0], [1, width, count]);
        expect(row).toEqual(turned.slice(y * rowBytes, (y + 1) * rowBytes));
      }
      expect([...source.read([6, 2, 1], [3, 1, 3])].map(Number)).toEqual(
        [6, 7, 8].flatMap((y) => [1, 2, 3].map((page) => values(page)[y * width + 2]!)),
      );
      source.close();
    }
  });

  it('are unpacked as often as the rows that may be kept need, not once per row', async () => {
    const packed = stack.map((page) => ({ ...page, compression: 'deflate' as const }));
    const signal = await open({ pages: packed }, { signalShape: [count] });
    const { layout } = signal;
    if (layout.kind !== 'coded') throw new Error('it lies flat');
    const about = layout.about as unknown as TiffAbout;
    const table = openPageTable(about.files, about.pages, about.frame);
    let reads = 0;
    const counted = {
      ...table,
      open(number: number) {
        const opened = table.open(number)!;
        const { tiff } = opened;
        const readInto: typeof tiff.file.readInto = (...args) => {
          reads++;
          tiff.file.readInto(...args);
        };
        return { ...opened, tiff: { ...tiff, file: { ...tiff.file, readInto } } };
      },
    };
    // room for ten rows of all pages
    const blocks = openStoredBlocks(counted, contiguousStrides(about.lead), new Uint8Array(2), 10 * count * width * 2);
    const target = new Uint8Array(turned.length);
    const strides = [1, width * count, count, 1];
    for (const y of ramp([height / 2])) {
      const to = { bytes: target, strides, offset: 2 * y * width * count };
      blocks.copy([0, 2 * y, 0, 0], [count, 2, width, 1], to);
    }
    expect(target).toEqual(turned);
    expect(reads).toBe(3 * count);
    blocks.close();
  });
});
