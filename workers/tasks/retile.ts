import { closeSync } from 'node:fs';
import { elementCount, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { RowSource } from '../model/rows.ts';
import type { SignalHeader } from '../model/signal.ts';
import { featureCount, sampleCount } from '../model/signal.ts';
import { openToWrite, writeAt } from '../passes/row-target.ts';
import { openRowOrderPixels } from '../readers/row-order-pixels.ts';
import { boxesOfRun } from '../readers/runs-of-boxes.ts';

/** How often a person sees a step of progress, at the least. */
const leastSteps = 64;

/**
 * Writes X [samples × features] of a signal row after row into a new file, in the signal's own dtype: data whose rows do
 * not lie together in their file (energy-slowest spectrum images, chunks across the whole image) are put in order once
 * and then streamed. One pass over the signal with a buffer of at most `bufferBytes` or one row, whichever is more.
 * @throws EigenscopeError file errors of `openPixels`, `disk-full`, `not-writable`; what `check` throws
 */
export async function retile(
  given: SignalHeader,
  path: string,
  bufferBytes: number,
  onProgress: (done: number, total: number) => void,
  check: () => void,
): Promise<Extract<RowSource, { kind: 'raw' }>> {
  const { dtype } = given;
  const samples = sampleCount(given.axes);
  const features = featureCount(given.axes);
  if (elementCount(given.shape) !== samples * features) {
    throw new EigenscopeError('shape-mismatch', `The axes of ${path} do not fit its shape.`);
  }
  const size = itemSize(dtype);
  const rowBytes = features * size;
  const {
    pixels,
    signal: { shape },
  } = await openRowOrderPixels(given);
  try {
    const file = openToWrite(path, 'wx');
    try {
      // whole chunks of the file where they fit
      const band = (pixels.band ?? 1) * Math.max(1, Math.floor(samples / Math.max(1, shape[0] ?? 1)));
      const fits = Math.max(1, Math.floor(Math.min(bufferBytes, (samples * rowBytes) / leastSteps) / rowBytes));
      const step = Math.min(samples, fits > band ? Math.floor(fits / band) * band : fits);
      const buffer = new Uint8Array(step * rowBytes);
      for (let first = 0; first < samples; first += step) {
        check();
        const last = Math.min(samples, first + step);
        let at = 0;
        for (const box of boxesOfRun(shape, first * features, last * features)) {
          pixels.readInto(buffer.subarray(at, at + box.elements * size), box.start, box.count);
          at += box.elements * size;
        }
        writeAt(file, buffer.subarray(0, at), first * rowBytes, path);
        onProgress(last, samples);
      }
    } finally {
      closeSync(file);
    }
  } finally {
    pixels.close();
  }
  return { kind: 'raw', path, offset: 0, littleEndian: true, dtype, samples, features };
}
