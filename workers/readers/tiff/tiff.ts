import { parse } from 'node:path';
import type { DType } from '../../model/dtype.ts';
import { isDType, itemSize } from '../../model/dtype.ts';
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
import type { FileSet, ListedFile } from './file-set.ts';
import { openFileSet } from './file-set.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { numberAt, openTiff, readDirectory, textOf } from './ifd.ts';
import { isImageJ, readImageJ } from './image-j.ts';
import { layoutOf } from './layout.ts';
import { readJeol } from './jeol.ts';
import { readOlympus } from './olympus.ts';
import type { PageList } from './list-pages.ts';
import { listPages } from './list-pages.ts';
import { isOme, readOme } from './ome.ts';
import type { OmeSet } from './ome-set.ts';
import { gatherOme } from './ome-set.ts';
import type { Page } from './page.ts';
import { describePage } from './page.ts';
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
    readJeol(tiff, directory, description),
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

/** Where a signal is read from. */
interface Source {
  /** the file that was opened */
  main: TiffFile;
  /** the one with the first page that is there */
  tiff: TiffFile;
  files: readonly ListedFile[];
}

/** Refuses stacks that no packing could have put into the files, before memory is asked for. */
function checkTotal(source: Source, page: Page, shape: readonly number[], dtype: DType, hasMissing: boolean): void {
  const { path } = source.main.file;
  const stored = source.files.reduce((sum, { stamp }) => sum + stamp.size, 0);
  const bytes = checkedBytes(path, shape, dtype);
  // sub-byte numbers grow by up to 8, missing planes and tiles by as much as the best packing
  const growth = (itemSize(page.dtype) * 8) / page.bits;
  const ratio = hasMissing ? Math.max(1032, largestRatio(page.compression)) : largestRatio(page.compression);
  const absent = page.lengths.some((length) => length === 0) ? 1032 : 1;
  if (bytes > stored * ratio * growth * absent) {
    throw corrupt(path, `its pages make ${bytes} bytes out of a file of ${stored}`, 'no packing is that good');
  }
}

function signalOf(
  source: Source,
  series: Series,
  notes: readonly PageNote[],
  page: Page,
  fileDescription: string,
  hints: ReadHints,
  moreWarnings: readonly string[],
): SignalHeader {
  const { main, tiff } = source;
  const { directory } = page;
  const name = main.file.name;
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
  checkTotal(source, page, shape, dtype, series.pages.includes(-1));
  const start = notes[series.pages[0]!]?.start ?? -1;
  const layout = series.isContiguous
    ? layoutOf(
        { ...series, pages: [0] },
        [{ file: 0, offset: 0, key: '', start, shape: null }],
        place(source, page, dtype, arrangement, colour !== null),
      )
    : layoutOf(series, notes, place(source, page, dtype, arrangement, colour !== null));
  const metadata = merged(pageMetadata(tiff, directory, name, series.title), vendor.metadata);
  const warnings = [...series.warnings, ...(vendor.warnings ?? []), ...moreWarnings];
  if (page.photometric === photometric.whiteIsZero)
    warnings.push('0 is white in this picture; its values are read as they are stored.');
  return {
    title: series.title || parse(main.file.path).name,
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
  { files }: Source,
  page: Page,
  dtype: DType,
  arrangement: { lead: readonly { size: number }[]; order: readonly number[] },
  isColour: boolean,
) => ({
  files,
  page,
  dtype,
  lead: arrangement.lead.map(({ size }) => size),
  order: arrangement.order,
  isColour,
});

function signalsOf(
  main: TiffFile,
  files: readonly ListedFile[],
  opened: FileSet,
  pages: PageList,
  set: OmeSet | null,
  hints: ReadHints,
  warnings: string[],
): SignalHeader[] {
  const { notes, firsts, description, skipped } = pages;
  const own = set === null ? notes : notes.slice(0, set.own.count);
  const pageAt = (number: number): Page => {
    const { file, offset } = notes[number]!;
    const tiff = opened.of(file);
    return describePage(tiff, readDirectory(tiff, offset));
  };
  const first = firsts.get(own[0]!.key)!;
  let series = set === null ? [] : readOme(set, notes, (number) => firsts.get(notes[number]!.key)!.samples);
  if (isImageJ(description)) {
    const resolution = (tag: number) => numberAt(main, first.directory, tag);
    const [x, y] = [resolution(tags.xResolution), resolution(tags.yResolution)];
    const page = firstPage(main, first, own[0]!);
    series = [readImageJ(description, own, page, { ...(x ? { x } : {}), ...(y ? { y } : {}) })];
  }
  if (series.length === 0) series = plainSeries(main, own, pageAt);
  if (skipped > 0) warnings.push(`${skipped} smaller copies or pages of other kinds were left out.`);
  return series.map((one, i) => {
    const number = one.pages.find((page) => page >= 0)!;
    return signalOf(
      { main, tiff: opened.of(notes[number]!.file), files },
      one,
      notes,
      pageAt(number),
      description,
      i === 0 ? hints : withoutShapes(hints),
      i === 0 ? warnings : [],
    );
  });
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const tiff = openTiff(file);
    const warnings: string[] = [];
    const files: ListedFile[] = [{ path, stamp: file.stamp(), littleEndian: tiff.littleEndian }];
    const pages = listPages(tiff, 0, warnings);
    const set = isOme(pages.description) ? gatherOme(path, pages, files, warnings) : null;
    const opened = openFileSet(files);
    try {
      return { format: 'tiff', signals: signalsOf(tiff, files, opened, pages, set, hints, warnings) };
    } finally {
      opened.close();
    }
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
