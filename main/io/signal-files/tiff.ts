import { isCalibrated } from '../../../workers/model/axes.ts';
import type { DType } from '../../../workers/model/dtype.ts';
import { elementCount, isColour, isComplex, itemSize } from '../../../workers/model/dtype.ts';
import { componentsOf } from '../../../workers/readers/elements.ts';
import { writeAtomically, type WriteOptions } from '../atomic-write.ts';
import { requireSpace } from '../free-space.ts';
import { writeFully } from '../write-fully.ts';
import { watchExtremes } from './extremes.ts';
import { imageJText } from './imagej-text.ts';
import { oneLine } from './metadata-values.ts';
import { byChannelNote, pagesOf, type Pages } from './pages.ts';
import type { SignalToWrite, WriteSignal, WrittenSignal } from './signal-to-write.ts';
import { dataStart, directoryBytes, ratioOf, tiffStart, type TiffEntry } from './tiff-directory.ts';
import { writeInOrder } from './write-in-order.ts';

/** The type in the file: a truth value takes a byte, a half float is widened for programs that know none. */
const storedType = (dtype: DType): DType => (dtype === 'bool' ? 'uint8' : dtype === 'float16' ? 'float32' : dtype);

/** SampleFormat: 1 unsigned, 2 signed, 3 floating, 6 complex. */
const sampleFormat = (dtype: DType): number =>
  isComplex(dtype) ? 6 : dtype.startsWith('float') ? 3 : dtype.startsWith('int') ? 2 : 1;

const software = 'Eigenscope';

/** Directories are gathered up to this size before they are written. */
const directoryBlock = 2 ** 20;

/** Room that a directory takes at most, without the description of the first. */
const directoryRoom = 512;

interface Page {
  bytes: number;
  entries: readonly TiffEntry[];
}

function pageEntries(dtype: DType, { row, column }: Pages): Page {
  const samples = isColour(dtype) ? componentsOf(dtype).count : 1;
  const bits = (8 * itemSize(dtype)) / samples;
  const bytes = row.size * column.size * itemSize(dtype);
  const perPixel = (scale: number): [number, number] => ratioOf(1 / Math.abs(scale));
  const list = (value: number): number[] => new Array<number>(samples).fill(value);
  return {
    bytes,
    entries: [
      { tag: 256, type: 'long', values: [column.size] },
      { tag: 257, type: 'long', values: [row.size] },
      { tag: 258, type: 'short', values: list(bits) },
      { tag: 259, type: 'short', values: [1] },
      { tag: 262, type: 'short', values: [samples > 1 ? 2 : 1] },
      { tag: 277, type: 'short', values: [samples] },
      { tag: 278, type: 'long', values: [row.size] },
      { tag: 279, type: 'offset', values: [bytes] },
      { tag: 282, type: 'rational', values: [perPixel(column.scale)] },
      { tag: 283, type: 'rational', values: [perPixel(row.scale)] },
      { tag: 284, type: 'short', values: [1] },
      // pixels per unit of the description, which may be any
      { tag: 296, type: 'short', values: [1] },
      { tag: 305, type: 'ascii', text: software },
      ...(samples === 4 ? [{ tag: 338, type: 'short', values: [2] } as const] : []),
      { tag: 339, type: 'short', values: list(sampleFormat(dtype)) },
    ],
  };
}

const latin = (text: string): string =>
  [...oneLine(text.replaceAll('\u03bc', '\u00b5'))].map((c) => (c.codePointAt(0)! < 256 ? c : '?')).join('');

/**
 * DigitalMicrograph's tags, by which HyperSpy too calibrates columns, rows and pages: units in 65003 to 65005, offsets
 * (in units) in 65006 to 65008, scales in 65009 to 65011.
 */
function microscopeEntries({ page, row, column }: Pages): TiffEntry[] {
  const entries = [column, row, page.at(-1)].flatMap((axis, i): TiffEntry[] => {
    if (axis === undefined || axis.values !== undefined) return [];
    return [
      ...(isCalibrated(axis) ? [{ tag: 65_003 + i, type: 'ascii', text: latin(axis.units!) } as const] : []),
      { tag: 65_006 + i, type: 'double', values: [axis.offset] },
      { tag: 65_009 + i, type: 'double', values: [axis.scale] },
    ];
  });
  return entries.length === 0 ? [] : [...entries, { tag: 65_017, type: 'signed', values: [1] }];
}

function* directories(
  page: Page,
  pages: number,
  first: readonly TiffEntry[],
  start: number,
  isBig: boolean,
): Generator<Uint8Array> {
  let at = start;
  for (let i = 0; i < pages; i++) {
    const strip: TiffEntry = { tag: 273, type: 'offset', values: [dataStart + i * page.bytes] };
    const own: TiffEntry[] = i === 0 ? [strip, ...first] : [strip];
    const bytes = directoryBytes([...page.entries, ...own], at, isBig, i === pages - 1);
    at += bytes.length;
    yield bytes;
  }
}

const losses = (signal: SignalToWrite, { row, column, page }: Pages): string[] => {
  const uneven = [...page, row, column].find((axis) => axis.values !== undefined);
  const mirrored = [row, column].find((axis) => axis.scale < 0);
  return [
    ...(uneven === undefined
      ? []
      : [`A TIFF lists no positions: those of “${uneven.name}”, which are not evenly spaced, are not in the file.`]),
    ...(mirrored === undefined
      ? []
      : [`ImageJ has no negative scales: that of “${mirrored.name}” is without its sign for ImageJ.`]),
    ...(signal.dtype === 'float16' ? ['float16 is written as float32.'] : []),
  ];
};

/**
 * Writes images, or spectra as one map per channel, as an uncompressed TIFF stack with ImageJ's calibration; BigTIFF
 * beyond 4 GB. The pages lie behind one another, so that ImageJ opens them as a virtual stack.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeTiff: WriteSignal = (path, signal, options) => writeTiffUpTo(path, signal, options, 2 ** 32);

/** @param mostBytes of a TIFF with 32-bit offsets; what is longer becomes a BigTIFF */
export async function writeTiffUpTo(
  path: string,
  signal: SignalToWrite,
  options: WriteOptions,
  mostBytes: number,
): Promise<WrittenSignal> {
  const pages = pagesOf(signal);
  const dtype = storedType(signal.dtype);
  const count = pages.page.reduce((n, axis) => n * axis.size, 1);
  const bytes = elementCount(signal.shape) * itemSize(dtype);
  const end = dataStart + bytes;
  const start = end + (end & 1);
  const total = start + count * directoryRoom;
  const isBig = total + 4096 > mostBytes;
  const page = pageEntries(dtype, pages);
  await requireSpace(path, total);
  await writeAtomically(path, options, async (file) => {
    await writeFully(file, tiffStart(start, isBig), 0);
    const isReal = !isColour(dtype) && !isComplex(dtype);
    const extremes = isReal ? watchExtremes(dtype) : null;
    await writeInOrder(file, path, signal, {
      at: dataStart,
      order: pages.order,
      dtype,
      ...(extremes === null ? {} : { observe: extremes.observe }),
    });
    const first: TiffEntry[] = [
      { tag: 270, type: 'ascii', text: imageJText(pages, extremes?.range() ?? null) },
      ...microscopeEntries(pages),
    ];
    let at = start;
    let gathered: Uint8Array[] = [];
    let gatheredBytes = 0;
    const flush = async (): Promise<void> => {
      await writeFully(file, Buffer.concat(gathered), at);
      at += gatheredBytes;
      [gathered, gatheredBytes] = [[], 0];
    };
    for (const directory of directories(page, count, first, start, isBig)) {
      gathered.push(directory);
      gatheredBytes += directory.length;
      if (gatheredBytes >= directoryBlock) await flush();
    }
    await flush();
  });
  return {
    files: [path],
    notes: [...(pages.isByChannel ? [byChannelNote(pages)] : []), ...losses(signal, pages)],
  };
}
