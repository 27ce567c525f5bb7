import { elementCount, isColour, isComplex, itemSize } from '../model/dtype.ts';
import type { RowSource } from '../model/rows.ts';
import type { SignalHeader } from '../model/signal.ts';
import { featureCount, sampleCount } from '../model/signal.ts';
import { openView } from '../matrix-view.ts';
import { createDecoder } from '../passes/decode.ts';
import { componentsOf, elementsOver } from '../readers/elements.ts';
import type { Elements } from '../readers/pixel-source.ts';
import { rowSourceOf } from '../readers/pixels.ts';
import { openRowOrderPixels } from '../readers/row-order-pixels.ts';
import { shownValues } from './shown-values.ts';

/** Rows of X as float64, whatever the place they come from. */
export interface RowReader {
  samples: number;
  features: number;
  /** rows that the place is read by: whole chunks of a compressed file */
  band: number;
  /** rows per call that keep memory small */
  step: number;
  /** no call may cross a multiple of this */
  unit: number;
  /** rows [start, end) of X, row-major; valid until the next call */
  read(start: number, end: number): Float64Array;
  close(): void;
}

const stepBytes = 4 * 2 ** 20;

const stepOf = (features: number): number => Math.max(1, Math.floor(stepBytes / (8 * features)));

/** Complex numbers and colours, which algorithms refuse, as the one number that is shown of each. */
function readShown(source: Extract<RowSource, { kind: 'shared' }>): RowReader {
  const { buffer, dtype, samples, features } = source;
  const rowBytes = features * itemSize(dtype);
  return {
    samples,
    features,
    band: stepOf(features),
    step: stepOf(features),
    unit: samples,
    read: (start, end) => shownValues(elementsOver(buffer, start * rowBytes, (end - start) * features, dtype), dtype),
    close() {},
  };
}

/** Reads rows from shared memory or from a file; an HDF5 source must have been made ready (`withRows`). */
export function readSource(source: RowSource): RowReader {
  if (source.kind === 'shared' && (isComplex(source.dtype) || isColour(source.dtype))) return readShown(source);
  const view = openView({ source });
  let scratch = new Float64Array(0);
  return {
    samples: source.samples,
    features: source.features,
    band: stepOf(source.features),
    step: stepOf(source.features),
    unit: source.samples,
    read(start, end) {
      const needed = (end - start) * source.features;
      if (scratch.length < needed) scratch = new Float64Array(needed);
      view.read(start, end, scratch);
      return scratch.subarray(0, needed);
    },
    close: () => view.close(),
  };
}

/**
 * Reads rows from any signal, whatever the order of its axes and of its file: little is held at a time and nothing is
 * written. Bands follow the slowest navigation axis, the way chunked files are laid out.
 */
export async function readSignal(given: SignalHeader): Promise<RowReader> {
  const source = rowSourceOf(given);
  if (source !== null && !isComplex(given.dtype) && !isColour(given.dtype)) return readSource(source);
  const navigation = given.axes.filter((axis) => axis.navigate).length;
  const samples = sampleCount(given.axes);
  const features = featureCount(given.axes);
  const { signal, pixels } = await openRowOrderPixels(given);
  const slow = navigation === 0 ? 1 : (signal.shape[0] ?? 1);
  const rowsPerSlow = samples / slow;
  // Some indices of the slowest axis at a time: an open file keeps the unpacked chunks it will be asked for again.
  const slowPerUnit = Math.max(1, Math.floor(stepBytes / (8 * features * rowsPerSlow)));
  const unit = slowPerUnit * rowsPerSlow;
  const band = Math.max(slowPerUnit, pixels.band ?? 1) * rowsPerSlow;
  const perRow = features * componentsOf(signal.dtype).count;
  // Buffers are used again: a scan of gigabytes must not leave its garbage to the collector.
  const bytes = new Uint8Array(unit * features * itemSize(signal.dtype));
  const elements: Elements = elementsOver(bytes.buffer, 0, unit * features, signal.dtype);
  const isReal = !isComplex(signal.dtype) && !isColour(signal.dtype);
  const decode = isReal ? createDecoder(bytes.buffer, signal.dtype) : null;
  const scratch = new Float64Array(isReal ? Math.min(unit, stepOf(features)) * features : 0);
  let held = -1;
  const hold = (u: number): void => {
    if (u === held) return;
    const isSlow = (axis: number): boolean => axis === 0 && navigation > 0;
    const start = signal.shape.map((_, axis) => (isSlow(axis) ? u * slowPerUnit : 0));
    const count = signal.shape.map((size, axis) =>
      isSlow(axis) ? Math.min(slowPerUnit, slow - u * slowPerUnit) : size,
    );
    pixels.readInto(bytes.subarray(0, elementCount(count) * itemSize(signal.dtype)), start, count);
    held = u;
  };
  return {
    samples,
    features,
    band,
    step: stepOf(features),
    unit,
    read(start, end) {
      hold(Math.floor(start / unit));
      const first = start - held * unit;
      if (end > (held + 1) * unit) throw new RangeError('Rows of two units were asked for at once.');
      if (decode === null)
        return shownValues(elements.subarray(first * perRow, (first + end - start) * perRow), signal.dtype);
      const count = (end - start) * features;
      decode(first * features, count, scratch, 0);
      return scratch.subarray(0, count);
    },
    close: () => pixels.close(),
  };
}

/** Whole of X in runs of rows that fit memory, in the order of the bands given. */
export function* rowRuns(
  reader: RowReader,
  bands: Iterable<number>,
): Generator<{ band: number; start: number; end: number }> {
  for (const band of bands) {
    const last = Math.min((band + 1) * reader.band, reader.samples);
    let start = band * reader.band;
    while (start < last) {
      const end = Math.min(start + reader.step, last, (Math.floor(start / reader.unit) + 1) * reader.unit);
      yield { band, start, end };
      start = end;
    }
  }
}
