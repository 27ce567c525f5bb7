import { parse } from 'node:path';
import type { DType } from '../../model/dtype.ts';
import { isDType, itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { arrangeStack } from './arrange.ts';
import { largestRatio } from './compression.ts';
import { readDm } from './dm.ts';
import { readFei } from './fei.ts';
import { readGeo } from './geo.ts';
import { readHamamatsu } from './hamamatsu.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { numberAt, openTiff, readDirectory, textOf, walkDirectories } from './ifd.ts';
import { isImageJ, readImageJ } from './image-j.ts';
import { layoutOf } from './layout.ts';
import { readOlympus } from './olympus.ts';
import { isOme, readOme } from './ome.ts';
import type { Page } from './page.ts';
import { describePage } from './page.ts';
import { pageNote } from './page-note.ts';
import { firstPage, plainSeries } from './plain-series.ts';
import type { PageNote, Series } from './series.ts';
import { leadAxis } from './series.ts';
import { originalOf, pageMetadata } from './page-metadata.ts';
import { photometric, tags } from './tags.ts';
import { readTvips } from './tvips.ts';
import type { VendorNotes } from './vendor.ts';
import { merged } from './vendor.ts';
import { readZeiss } from './zeiss.ts';

/**
 * Samples that are one colour; null when they are numbers of their own: bands beside a colour, floats, and the colours of
 * JPEG, which are approximations of each other.
 */
function colourOf(page: Page): DType | null {
  if (page.photometric !== photometric.rgb || page.compression === 7) return null;
  if (page.samples !== 3 && !(page.samples === 4 && page.hasAlpha)) return null;
  const bits = page.dtype === 'uint8' ? 8 : page.dtype === 'uint16' ? 16 : 0;
  const name = `${page.samples === 4 ? 'rgba' : 'rgb'}${bits}`;
  return isDType(name) ? name : null;
}

function vendorNotes(tiff: TiffFile, directory: Directory, page: Page, description: string): VendorNotes {
  const all = [
    readGeo(tiff, directory),
    readHamamatsu(tiff, description, page.width, page.height),
    readTvips(tiff, directory),
    readOlympus(tiff, directory),
    readZeiss(tiff, directory, page.width),
    readFei(tiff, directory),
    readDm(tiff, directory),
  ].filter((notes) => notes !== null);
  return all.reduce<VendorNotes>(
    (before, notes) => ({
      ...before,
      ...notes,
      metadata: merged(before.metadata, notes.metadata),
      original: { ...before.original, ...notes.original },
    }),
    { metadata: {}, original: {} },
  );
}

/** Refuses stacks that no packing could have put into the file, before memory is asked for. */
function checkTotal(tiff: TiffFile, page: Page, shape: readonly number[], dtype: DType, hasMissing: boolean): void {
  const bytes = checkedBytes(tiff.file.path, shape, dtype);
  // sub-byte numbers grow by up to 8, missing planes and tiles by as much as the best packing
  const growth = (itemSize(page.dtype) * 8) / page.bits;
  const ratio = hasMissing ? Math.max(1032, largestRatio(page.compression)) : largestRatio(page.compression);
  const absent = page.lengths.some((length) => length === 0) ? 1032 : 1;
  if (bytes > tiff.file.size * ratio * growth * absent) {
    throw corrupt(
      tiff.file.path,
      `its pages make ${bytes} bytes out of a file of ${tiff.file.size}`,
      'no packing is that good',
    );
  }
}

function signalOf(
  tiff: TiffFile,
  series: Series,
  notes: readonly PageNote[],
  page: Page,
  fileDescription: string,
  hints: ReadHints,
  moreWarnings: readonly string[],
): SignalHeader {
  const { directory } = page;
  const name = tiff.file.name;
  const description = textOf(tiff, directory, tags.imageDescription) ?? fileDescription;
  const vendor = vendorNotes(tiff, directory, page, description);
  const colour = colourOf(page);
  const dtype = colour ?? page.dtype;
  const x = vendor.x ?? series.x;
  const y = vendor.y ?? series.y;
  const lead =
    vendor.pages !== undefined && series.lead.length === 1
      ? [
          {
            ...leadAxis(
              vendor.original.DigitalMicrograph ? 'image series' : series.lead[0]!.name,
              series.lead[0]!.size,
              vendor.pages,
            ),
          },
        ]
      : series.lead;
  const arrangement = arrangeStack(
    name,
    {
      lead,
      width: page.width,
      height: page.height,
      samples: colour === null ? page.samples : 1,
      ...(x ? { x } : {}),
      ...(y ? { y } : {}),
    },
    hints,
  );
  const shape = arrangement.axes.map(({ size }) => size);
  checkTotal(tiff, page, shape, dtype, series.pages.includes(-1));
  const start = notes[series.pages[0]!]?.start ?? -1;
  const layout = series.isContiguous
    ? layoutOf(
        { ...series, pages: [0] },
        [{ offset: 0, key: '', start, shape: null }],
        place(tiff, page, dtype, arrangement, colour !== null),
      )
    : layoutOf(series, notes, place(tiff, page, dtype, arrangement, colour !== null));
  const metadata = merged(pageMetadata(tiff, directory, name, series.title), vendor.metadata);
  const warnings = [...series.warnings, ...(vendor.warnings ?? []), ...moreWarnings];
  if (page.photometric === photometric.whiteIsZero)
    warnings.push('0 is white in this picture; its values are read as they are stored.');
  return {
    title: series.title || parse(tiff.file.path).name,
    signalType: '',
    shape,
    dtype,
    axes: calibrateByHints(name, arrangement.axes, hints),
    quantity: { name: 'Intensity', units: vendor.units ?? null },
    metadata,
    originalMetadata: originalOf(tiff, directory, description, series.original, vendor.original),
    layout,
    warnings,
  };
}

const place = (
  tiff: TiffFile,
  page: Page,
  dtype: DType,
  arrangement: { lead: readonly { size: number }[]; order: readonly number[] },
  isColour: boolean,
) => ({
  path: tiff.file.path,
  stamp: tiff.file.stamp(),
  littleEndian: tiff.littleEndian,
  page,
  dtype,
  lead: arrangement.lead.map(({ size }) => size),
  order: arrangement.order,
  isColour,
});

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const tiff = openTiff(file);
    const warnings: string[] = [];
    const notes: PageNote[] = [];
    const firsts = new Map<string, Page>();
    let description = '';
    let skipped = 0;
    let values = 0;
    let refusal: unknown = null;
    for (const directory of walkDirectories(tiff, warnings)) {
      const kind = numberAt(tiff, directory, tags.newSubfileType) ?? 0;
      if (notes.length === 0) description ||= textOf(tiff, directory, tags.imageDescription) ?? '';
      // bit 0: a smaller copy, bit 2: a mask
      if ((kind & 5) !== 0 && directory.offset !== tiff.first) {
        skipped++;
        continue;
      }
      let page: Page;
      try {
        page = describePage(tiff, directory);
      } catch (error) {
        // pages that cannot be read are left out when others can
        if (!(error instanceof EigenscopeError) || error.code !== 'unsupported-format') throw error;
        refusal ??= error;
        skipped++;
        continue;
      }
      values += page.offsets.length;
      if (values > Math.max(file.size, 2 ** 20)) {
        throw corrupt(path, 'its pages list more strips than the file has bytes', 'each has its own list');
      }
      const note = pageNote(tiff, page);
      if (!firsts.has(note.key)) firsts.set(note.key, page);
      notes.push(note);
    }
    if (notes.length === 0) throw refusal ?? corrupt(path, 'it has no picture', 'at least one page was expected');
    const pageAt = (number: number): Page => describePage(tiff, readDirectory(tiff, notes[number]!.offset));
    const first = firsts.get(notes[0]!.key)!;
    let series: Series[] = [];
    if (isOme(description)) {
      series = readOme(path, description, notes, (number) =>
        firstPage(tiff, firsts.get(notes[number]!.key)!, notes[number]!),
      );
    }
    if (isImageJ(description)) {
      const resolution = (tag: number) => numberAt(tiff, first.directory, tag);
      const [x, y] = [resolution(tags.xResolution), resolution(tags.yResolution)];
      series = [
        readImageJ(description, notes, firstPage(tiff, first, notes[0]!), { ...(x ? { x } : {}), ...(y ? { y } : {}) }),
      ];
    }
    if (series.length === 0) series = plainSeries(tiff, notes, pageAt);
    if (skipped > 0) warnings.push(`${skipped} smaller copies or pages of other kinds were left out.`);
    const signals = series.map((one, i) => {
      const number = one.pages.find((page) => page >= 0)!;
      return signalOf(
        tiff,
        one,
        notes,
        pageAt(number),
        description,
        i === 0 ? hints : withoutShapes(hints),
        i === 0 ? warnings : [],
      );
    });
    return { format: 'tiff', signals };
  });
}

/** Shapes are about the first signal of a file; others have their own. */
function withoutShapes(hints: ReadHints): ReadHints {
  const { navigationShape: _navigation, signalShape: _signal, axes: _axes, ...rest } = hints;
  return rest;
}

/** TIFF and BigTIFF pictures and stacks, with what microscopes and programs write into them. */
export const tiffReader: Reader = {
  id: 'tiff',
  title: 'TIFF',
  extensions: ['tif', 'tiff', 'btf', 'tf2', 'tf8'],
  probe(head) {
    const text = latin1(head.subarray(0, 4));
    return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text) ? 0.9 : 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
