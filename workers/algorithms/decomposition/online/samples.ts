import { openView } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';

/** What arrives one after the other: the channels, each an image, as in HyperSpy, or the pixels, each a spectrum. */
export type Stream = 'channels' | 'pixels';

/** Values read at once: 2 MiB of spectra, which stay near the core. */
const blockValues = 256 * 1024;
/** Channels read at once: from memory as many as there are translations of addresses at hand, one page each. */
const blockChannels = 64;
/** From a file, where every block of channels looks at every pixel, a few wide blocks of 64 MiB are best. */
const fileBlockValues = 8 * 2 ** 20;

function blockSamples(view: MatrixView, rows: number, cols: number): number {
  const file = view.source.kind !== 'shared';
  const inMemory = view.transpose ? blockChannels : Math.floor(blockValues / Math.max(1, cols));
  const step = file && view.transpose ? Math.floor(fileBlockValues / Math.max(1, cols)) : inMemory;
  return Math.max(1, Math.min(rows, step));
}

/** The samples of a stream as rows of a matrix. */
export const sampleView = (view: MatrixView, stream: Stream): MatrixView =>
  stream === 'channels' ? { ...view, transpose: true } : view;

/**
 * Goes through the rows of a view in order, once, in this thread; holds one block of them.
 * @param use gets the index of the sample and its values, which start at `at`; false ends the stream
 */
export function streamSamples(
  view: MatrixView,
  use: (sample: number, values: Float64Array, at: number) => boolean,
): void {
  const open = openView(view);
  try {
    const step = blockSamples(view, open.rows, open.cols);
    const block = new Float64Array(step * open.cols);
    for (let start = 0; start < open.rows; start += step) {
      const end = Math.min(start + step, open.rows);
      open.read(start, end, block);
      for (let sample = start; sample < end; sample++) {
        if (!use(sample, block, (sample - start) * open.cols)) return;
      }
    }
  } finally {
    open.close();
  }
}

/** The first rows of a view, fewer when there are not so many. */
export function readSamples(view: MatrixView, count: number): { rows: number; cols: number; data: Float64Array } {
  const open = openView(view);
  try {
    const rows = Math.min(count, open.rows);
    const data = new Float64Array(rows * open.cols);
    open.read(0, rows, data);
    return { rows, cols: open.cols, data };
  } finally {
    open.close();
  }
}

/**
 * Ends of the batches of a stream: max(⌊samples / size⌋, 1) parts, the first of them longer by one where it does not divide.
 * Without a size every sample is a batch.
 */
export function batchEnds(samples: number, size: number | null): Int32Array {
  const count = size === null ? samples : Math.max(1, Math.floor(samples / size));
  const [length, longer] = [Math.floor(samples / count), samples % count];
  return Int32Array.from({ length: count }, (_, i) => (i + 1) * length + Math.min(i + 1, longer));
}
