import type { Axis } from '../../../workers/model/axes.ts';
import { isCalibrated } from '../../../workers/model/axes.ts';
import type { DType } from '../../../workers/model/dtype.ts';
import { elementCount, isComplex, itemSize } from '../../../workers/model/dtype.ts';
import { writeAtomically } from '../atomic-write.ts';
import { requireSpace } from '../free-space.ts';
import { writeFully } from '../write-fully.ts';
import { watchExtremes } from './extremes.ts';
import { metresIn } from './length-units.ts';
import { oneLine } from './metadata-values.ts';
import { byChannelNote, pagesOf, type Pages } from './pages.ts';
import type { SignalToWrite, WriteSignal } from './signal-to-write.ts';
import { writeInOrder } from './write-in-order.ts';

const headerBytes = 1024;

/** Modes of MRC2014 and the type they hold; 12, half floats, came later and few programs read it. */
const modes: Readonly<Partial<Record<DType, number>>> = { int16: 1, float32: 2, complex64: 4, uint16: 6 };

/** The nearest type that every reader of MRC takes alike: mode 0 is signed to some and unsigned to others. */
const storedType = (dtype: DType): DType => {
  if (modes[dtype] !== undefined) return dtype;
  if (dtype === 'bool' || dtype === 'uint8') return 'uint16';
  return dtype === 'int8' ? 'int16' : 'float32';
};

/** Ångström per step, 0 when the axis is no length. */
const angstroms = (axis: Axis | undefined): number => {
  const metres = axis === undefined ? null : metresIn(axis.units);
  return metres === null ? 0 : Math.abs(axis!.scale) * metres * 1e10;
};

/** Readers take the step along pages as a bare number of nanometres, so that of any unit is kept as one. */
const pageStep = (depth: Axis | undefined, isByChannel: boolean): number =>
  depth === undefined ? 0 : (isByChannel ? 0 : angstroms(depth)) || Math.abs(depth.scale) * 10;

interface Statistics {
  range: [number, number] | null;
  mean: number;
}

/** @see Cheng et al., J. Struct. Biol. 192, 146 (2015): MRC2014, table 1 */
function headerOf(
  signal: SignalToWrite,
  { page, row, column, isByChannel }: Pages,
  dtype: DType,
  stats: Statistics,
): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  const depth = page.at(-1);
  const sizes = [column.size, row.size, depth?.size ?? 1];
  const steps = [angstroms(column), angstroms(row), pageStep(depth, isByChannel)];
  sizes.forEach((size, i) => {
    view.setInt32(4 * i, size, true);
    view.setInt32(28 + 4 * i, size, true);
    view.setFloat32(40 + 4 * i, steps[i]! * size, true);
    view.setFloat32(52 + 4 * i, 90, true);
    view.setInt32(64 + 4 * i, i + 1, true);
  });
  view.setInt32(12, modes[dtype]!, true);
  // a smaller maximum than minimum says that they were not computed
  const [low, high] = stats.range ?? [0, -1];
  view.setFloat32(76, low, true);
  view.setFloat32(80, high, true);
  view.setFloat32(84, stats.range === null ? -2 : stats.mean, true);
  // a stack of images, unless all three axes are signal: then a volume
  view.setInt32(88, depth !== undefined && !depth.navigate && !row.navigate ? 1 : 0, true);
  view.setInt32(108, 20140, true);
  [column, row, depth].forEach((axis, i) => {
    const origin = axis === undefined || axis.scale === 0 ? 0 : (axis.offset / Math.abs(axis.scale)) * steps[i]!;
    view.setFloat32(196 + 4 * i, origin, true);
  });
  bytes.set([0x4d, 0x41, 0x50, 0x20, 0x44, 0x44], 208);
  view.setFloat32(216, -1, true);
  const labels = ['Eigenscope', oneLine(signal.title)].filter((text) => text !== '');
  view.setInt32(220, labels.length, true);
  labels.forEach((label, i) => bytes.set(Buffer.from(label, 'latin1').subarray(0, 80), 224 + 80 * i));
  return bytes;
}

const losses = (signal: SignalToWrite, { page, row, column, isByChannel }: Pages, dtype: DType): string[] => {
  const isLost = (axis: Axis): boolean =>
    isCalibrated(axis) && ((isByChannel && page.includes(axis)) || metresIn(axis.units) === null);
  const lost = [...page, row, column].filter(isLost);
  return [
    ...(dtype === signal.dtype ? [] : [`${signal.dtype} is written as ${dtype}, which MRC has.`]),
    ...(lost.length === 0
      ? []
      : [
          `MRC knows lengths in space only: the unit of ${lost.map(({ name, units }) => `“${name}” (${units})`).join(', ')} is not in the file.`,
        ]),
  ];
};

/**
 * Writes images, or spectra as one map per channel, as an MRC2014 stack.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeMrc: WriteSignal = async (path, signal, options) => {
  const pages = pagesOf(signal);
  const dtype = storedType(signal.dtype);
  await requireSpace(path, headerBytes + elementCount(signal.shape) * itemSize(dtype));
  await writeAtomically(path, options, async (file) => {
    const extremes = isComplex(dtype) ? null : watchExtremes(dtype);
    await writeInOrder(file, path, signal, {
      at: headerBytes,
      order: pages.order,
      dtype,
      ...(extremes === null ? {} : { observe: extremes.observe }),
    });
    const stats = { range: extremes?.range() ?? null, mean: extremes?.mean() ?? 0 };
    await writeFully(file, headerOf(signal, pages, dtype, stats), 0);
  });
  return {
    files: [path],
    notes: [...(pages.isByChannel ? [byChannelNote(pages)] : []), ...losses(signal, pages, dtype)],
  };
};
