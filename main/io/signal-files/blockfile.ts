import type { Axis } from '../../../workers/model/axes.ts';
import { plainAxis } from '../../../workers/model/axes.ts';
import { itemSize } from '../../../workers/model/dtype.ts';
import { navigationAxes, signalAxes } from '../../../workers/model/signal.ts';
import { writeAtomically } from '../atomic-write.ts';
import { requireSpace } from '../free-space.ts';
import { writeFully } from '../write-fully.ts';
import { numbersOf } from './element-change.ts';
import { watchExtremes } from './extremes.ts';
import { metresIn } from './length-units.ts';
import { instrument, numberIn } from './metadata-values.ts';
import type { SignalToWrite, WriteSignal } from './signal-to-write.ts';
import { wholeElements } from './write-in-order.ts';

/** Where the virtual bright field image is; the header and its note end before. */
const imageAt = 4096;
const noteAt = 240;
/** What stands before every pattern: AA 55 and its number. */
const markBytes = 6;
/** Flags of the recordings of the field's own program. */
const usualFlags = 0x2003f;

interface Grid {
  ny: Axis;
  nx: Axis;
  /** pixels along each side of a pattern */
  side: number;
  pattern: Axis;
}

function gridOf(signal: SignalToWrite): Grid {
  const navigation = navigationAxes(signal.axes);
  const pattern = signalAxes(signal.axes);
  const one = (name: string): Axis => plainAxis(name, 1, true);
  return {
    nx: navigation.at(-1) ?? one('x'),
    ny: navigation.at(-2) ?? one('y'),
    side: pattern[0]!.size,
    pattern: pattern[1]!,
  };
}

/** How values become bytes: (value − low) × factor. */
interface Scaling {
  low: number;
  factor: number;
  note: string | null;
}

const noScaling: Scaling = { low: 0, factor: 1, note: null };

/** Whole numbers from 0 to 255 stay as they are; anything else is spread over them, in one pass before writing. */
async function scalingOf(path: string, signal: SignalToWrite): Promise<Scaling> {
  if (signal.dtype === 'uint8' || signal.dtype === 'bool') return noScaling;
  const extremes = watchExtremes(signal.dtype);
  for await (const piece of wholeElements(path, signal)) extremes.observe(piece);
  const [low, high] = extremes.range() ?? [0, 0];
  const isWhole = /^u?int/.test(signal.dtype);
  if (isWhole && low >= 0 && high <= 255) return noScaling;
  const from = Math.min(0, low);
  const factor = high > from ? 255 / (high - from) : 1;
  const shift = from === 0 ? '' : `, after adding ${-from}`;
  return {
    low: from,
    factor,
    note: `A blockfile holds bytes: the values (${low} to ${high}) are multiplied by ${factor.toPrecision(6)}${shift} and rounded.`,
  };
}

const limited = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));

/** Pixels per centimetre ×100; 0 when the axis of the pattern is no length. */
function pixelsPerCentimetre({ pattern }: Grid): number {
  const metres = metresIn(pattern.units);
  return metres === null || pattern.scale === 0 ? 0 : limited(100 / (Math.abs(pattern.scale) * metres * 100), 65_535);
}

function headerOf(signal: SignalToWrite, grid: Grid, patternsAt: number, note: string): Uint8Array {
  const bytes = new Uint8Array(imageAt);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('IMGBLO', 'latin1'));
  view.setUint16(6, 0x0102, true);
  view.setUint32(8, imageAt, true);
  view.setUint32(12, patternsAt, true);
  view.setUint32(16, usualFlags, true);
  view.setUint16(20, grid.side, true);
  view.setUint16(24, grid.nx.size, true);
  view.setUint16(26, grid.ny.size, true);
  const nanometres = (axis: Axis): number => Math.abs(axis.scale) * (metresIn(axis.units) ?? 1e-9) * 1e9;
  view.setFloat64(30, nanometres(grid.nx), true);
  view.setFloat64(38, nanometres(grid.ny), true);
  const { metadata } = signal;
  view.setUint32(46, limited((numberIn(metadata, `${instrument}.beam_energy`) ?? 0) * 1000, 2 ** 32 - 1), true);
  view.setUint16(50, pixelsPerCentimetre(grid), true);
  // tenths of a millimetre
  view.setUint32(52, limited((numberIn(metadata, `${instrument}.camera_length`) ?? 0) * 10, 2 ** 32 - 1), true);
  const text = Buffer.from(`${signal.title}\r\n${note}`, 'latin1').subarray(0, imageAt - noteAt - 1);
  bytes.set(text, noteAt);
  return bytes;
}

function losses(grid: Grid): string[] {
  const isLength = metresIn(grid.pattern.units) !== null;
  const scans = [grid.ny, grid.nx].filter(
    ({ units, size }) => size > 1 && units !== null && units !== '' && metresIn(units) === null,
  );
  const exact = 1 / (Math.abs(grid.pattern.scale) * (metresIn(grid.pattern.units) ?? 1));
  const stored = pixelsPerCentimetre(grid);
  return [
    ...(grid.pattern.units && !isLength
      ? [
          `A blockfile calibrates patterns in centimetres on the camera; the scale in ${grid.pattern.units} is not in the file.`,
        ]
      : []),
    ...(isLength && Math.abs(stored - exact) > 1e-3 * exact
      ? [`The scale of the patterns is rounded to ${stored / 100} pixels per centimetre.`]
      : []),
    ...scans.map(
      ({ name, units }) =>
        `A blockfile has nanometres for the scan; the unit ${units} of “${name}” is not in the file.`,
    ),
  ];
}

/**
 * Writes diffraction patterns at pixels as a blockfile: bytes, other types scaled to 0 … 255. The virtual bright field
 * image is the mean of each pattern.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeBlockfile: WriteSignal = async (path, signal, options) => {
  const grid = gridOf(signal);
  const patternBytes = grid.side * grid.side;
  const patterns = grid.ny.size * grid.nx.size;
  const patternsAt = Math.ceil((imageAt + patterns) / 16) * 16;
  await requireSpace(path, patternsAt + patterns * (patternBytes + markBytes));
  const scaling = await scalingOf(path, signal);
  await writeAtomically(path, options, async (file) => {
    await writeFully(file, headerOf(signal, grid, patternsAt, scaling.note ?? ''), 0);
    const brightField = new Uint8Array(patterns);
    let pattern = 0;
    const size = Math.max(1, Math.floor((8 * 2 ** 20) / (patternBytes * itemSize(signal.dtype)))) * patternBytes;
    for await (const piece of wholeElements(path, signal, size * itemSize(signal.dtype))) {
      const numbers = numbersOf(piece, signal.dtype);
      const count = Math.floor(numbers.length / patternBytes);
      const out = new Uint8Array(count * (patternBytes + markBytes));
      const view = new DataView(out.buffer);
      for (let i = 0; i < count; i++) {
        const at = i * (patternBytes + markBytes);
        out[at] = 0xaa;
        out[at + 1] = 0x55;
        view.setUint32(at + 2, pattern + i, true);
        let sum = 0;
        for (let k = 0; k < patternBytes; k++) {
          const scaled = (numbers[i * patternBytes + k]! - scaling.low) * scaling.factor;
          // what is not a number becomes 0
          const byte = scaled >= 255 ? 255 : scaled > 0 ? Math.round(scaled) : 0;
          out[at + markBytes + k] = byte;
          sum += byte;
        }
        brightField[pattern + i] = Math.round(sum / patternBytes);
      }
      await writeFully(file, out, patternsAt + pattern * (patternBytes + markBytes));
      pattern += count;
    }
    await writeFully(file, brightField, imageAt);
    // the gap before the first pattern is there also when nothing follows
    await writeFully(file, new Uint8Array(patternsAt - imageAt - patterns), imageAt + patterns);
  });
  return { files: [path], notes: [...(scaling.note === null ? [] : [scaling.note]), ...losses(grid)] };
};
