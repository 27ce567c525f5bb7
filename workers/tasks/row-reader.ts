import { isColour, isComplex, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { RowSource } from '../model/rows.ts';
import type { SignalHeader } from '../model/signal.ts';
import { featureCount, sampleCount } from '../model/signal.ts';
import { openView } from '../matrix-view.ts';
import { elementsOver } from '../readers/elements.ts';
import { openPixels, rowSourceOf } from '../readers/pixels.ts';
import { shownValues } from './shown-values.ts';

/** Rows of X as float64, whatever the place they come from. */
export interface RowReader {
  samples: number;
  features: number;
  /** rows that are read together at no extra cost */
  band: number;
  /** rows [start, end) of X, row-major; valid until the next call */
  read(start: number, end: number): Float64Array;
  close(): void;
}

const bandBytes = 4 * 2 ** 20;

/** Complex numbers and colours, which algorithms refuse, as the one number that is shown of each. */
function readShown(source: Extract<RowSource, { kind: 'shared' }>): RowReader {
  const { buffer, dtype, samples, features } = source;
  const rowBytes = features * itemSize(dtype);
  return {
    samples,
    features,
    band: Math.max(1, Math.floor(bandBytes / (8 * features))),
    read: (start, end) => shownValues(elementsOver(buffer, start * rowBytes, (end - start) * features, dtype), dtype),
    close() {},
  };
}

/** Reads rows from shared memory or from contiguous rows of a file. */
export function readSource(source: RowSource): RowReader {
  if (source.kind === 'shared' && (isComplex(source.dtype) || isColour(source.dtype))) return readShown(source);
  const view = openView({ source });
  let scratch = new Float64Array(0);
  return {
    samples: source.samples,
    features: source.features,
    band: Math.max(1, Math.floor(bandBytes / (8 * source.features))),
    read(start, end) {
      const needed = (end - start) * source.features;
      if (scratch.length < needed) scratch = new Float64Array(needed);
      view.read(start, end, scratch);
      return scratch.subarray(0, needed);
    },
    close() {},
  };
}

/**
 * Reads rows from any signal whose navigation axes come first. Bands follow the slowest navigation axis, the way
 * chunked files are laid out.
 * @throws EigenscopeError `unsupported-format` when a signal axis is slower than a navigation axis: such data must be
 * loaded (and so transposed) first.
 */
export async function readSignal(signal: SignalHeader): Promise<RowReader> {
  const source = rowSourceOf(signal);
  if (source !== null && !isComplex(signal.dtype) && !isColour(signal.dtype)) return readSource(source);
  const navigation = signal.axes.filter((axis) => axis.navigate).length;
  if (signal.axes.slice(0, navigation).some((axis) => !axis.navigate)) {
    throw new EigenscopeError(
      'unsupported-format',
      `“${signal.title}” stores a signal axis before a navigation axis; it has to be loaded into memory to be shown.`,
    );
  }
  const samples = sampleCount(signal.axes);
  const features = featureCount(signal.axes);
  const pixels = await openPixels(signal);
  const slow = navigation === 0 ? 1 : (signal.shape[0] ?? 1);
  const rowsPerSlow = samples / slow;
  // Whole chunks of a compressed file are inflated once; otherwise as much as fits a band.
  const slowPerBand = pixels.band ?? Math.max(1, Math.floor(bandBytes / (8 * features * rowsPerSlow)));
  return {
    samples,
    features,
    band: slowPerBand * rowsPerSlow,
    read(start, end) {
      if (navigation === 0)
        return shownValues(pixels.read([...signal.shape.map(() => 0)], [...signal.shape]), signal.dtype);
      const first = Math.floor(start / rowsPerSlow);
      const last = Math.ceil(end / rowsPerSlow);
      const from = signal.shape.map((_, axis) => (axis === 0 ? first : 0));
      const count = signal.shape.map((size, axis) => (axis === 0 ? last - first : size));
      const values = shownValues(pixels.read(from, count), signal.dtype);
      const skip = (start - first * rowsPerSlow) * features;
      return values.subarray(skip, skip + (end - start) * features);
    },
    close: () => pixels.close(),
  };
}
