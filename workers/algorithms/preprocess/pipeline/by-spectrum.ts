import { elementCount, itemSize } from '../../../model/dtype.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { featureCount } from '../../../model/signal.ts';
import { toFloat64 } from '../../../readers/elements.ts';
import { contiguousStrides, copyStrided } from '../../../readers/permute.ts';
import type { PixelSource } from '../../../readers/pixel-source.ts';
import { writeElements } from './encode.ts';
import type { OpenSignal } from './preparation.ts';

/** Most values of a piece that is computed at once. */
const pieceValues = 2 ** 19;

/**
 * Computes `output` [features of the outcome] from `input` [features of the source], the whole signal of one pixel, flat
 * in C order. Both are good during the call alone; `input` may be changed. `pixel` is the pixel's index in C order.
 */
export type SpectrumStep = (input: Float64Array, output: Float64Array, pixel: number) => void;

/**
 * Opens an outcome whose pixels each follow from the same pixel of the source alone: same navigation shape, any signal
 * shape. Navigation axes come first on both sides.
 */
export function openBySpectrum(
  from: OpenSignal,
  to: SignalHeader,
  step: SpectrumStep,
): Pick<PixelSource, 'readInto' | 'band'> {
  const rank = to.axes.filter(({ navigate }) => navigate).length;
  const inFeatures = featureCount(from.signal.axes);
  const outFeatures = featureCount(to.axes);
  const inSignal = from.signal.shape.slice(rank);
  const outSignal = to.shape.slice(rank);
  const navigationStrides = contiguousStrides(to.shape.slice(0, rank));
  const size = itemSize(to.dtype);
  const outStrides = contiguousStrides(outSignal);
  let output = new Float64Array(0);

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    const navigationCount = count.slice(0, rank);
    const signalCount = count.slice(rank);
    const whole = signalCount.every((n, i) => n === outSignal[i]);
    const pixels = elementCount(navigationCount);
    const perPixel = elementCount(signalCount);
    const offset = start.slice(rank).reduce((sum, i, axis) => sum + i * outStrides[axis]!, 0);
    // runs along the fastest navigation axis, so that pieces stay small whatever the block
    const runLength = rank === 0 ? 1 : navigationCount[rank - 1]!;
    const most = Math.max(1, Math.min(runLength, Math.floor(pieceValues / Math.max(1, inFeatures, outFeatures))));
    if (output.length < most * outFeatures) output = new Float64Array(most * outFeatures);
    const part = whole ? null : new Uint8Array(most * outFeatures * size);
    const index = new Array<number>(Math.max(0, rank - 1)).fill(0);
    for (let done = 0; done < pixels; done += runLength) {
      for (let first = 0; first < runLength; first += most) {
        const length = Math.min(most, runLength - first);
        const at = start.slice(0, rank).map((from0, axis) => from0 + (axis === rank - 1 ? first : index[axis]!));
        const block = from.pixels.read(
          [...at, ...inSignal.map(() => 0)],
          [...at.map((_, axis) => (axis === rank - 1 ? length : 1)), ...inSignal],
        );
        const values = toFloat64(block, from.signal.dtype);
        const firstPixel = at.reduce((sum, i, axis) => sum + i * navigationStrides[axis]!, 0);
        for (let i = 0; i < length; i++) {
          const spectrum = values.subarray(i * inFeatures, (i + 1) * inFeatures);
          step(spectrum, output.subarray(i * outFeatures, (i + 1) * outFeatures), firstPixel + i);
        }
        const made = output.subarray(0, length * outFeatures);
        if (part === null) writeElements(made, to.dtype, target, (done + first) * perPixel);
        else {
          writeElements(made, to.dtype, part);
          copyStrided(
            size,
            [length, ...signalCount],
            { bytes: part, strides: [outFeatures, ...outStrides], offset },
            {
              bytes: target,
              strides: [perPixel, ...contiguousStrides(signalCount)],
              offset: (done + first) * perPixel,
            },
          );
        }
      }
      for (let axis = rank - 2; axis >= 0; axis--) {
        if (++index[axis]! < navigationCount[axis]!) break;
        index[axis] = 0;
      }
    }
  };
  return { readInto, ...(from.pixels.band === undefined ? {} : { band: from.pixels.band }) };
}

/**
 * Goes through the spectra of a signal once, in order: for what a step has to know of all of them beforehand.
 * @param use gets the whole signal of one pixel, good during the call alone
 */
export function forEachSpectrum(
  { signal, pixels }: OpenSignal,
  check: () => void,
  use: (spectrum: Float64Array, pixel: number) => void,
): void {
  const features = featureCount(signal.axes);
  const rank = signal.axes.filter(({ navigate }) => navigate).length;
  const [slow = 1] = rank === 0 ? [] : signal.shape;
  const perSlow = rank === 0 ? 1 : elementCount(signal.shape.slice(1, rank));
  const band = Math.max(1, Math.floor(pieceValues / Math.max(1, perSlow * features)));
  const step = Math.max(band, pixels.band ?? 1);
  for (let first = 0; first < slow; first += step) {
    check();
    const count = signal.shape.map((n, axis) => (axis === 0 && rank > 0 ? Math.min(step, slow - first) : n));
    const start = signal.shape.map((_, axis) => (axis === 0 && rank > 0 ? first : 0));
    const values = toFloat64(pixels.read(start, count), signal.dtype);
    const spectra = values.length / features;
    for (let i = 0; i < spectra; i++) use(values.subarray(i * features, (i + 1) * features), first * perSlow + i);
  }
}
