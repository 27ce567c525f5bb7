import { elementCount, itemSize } from '../model/dtype.ts';
import type { SignalHeader } from '../model/signal.ts';
import { openCodedPixels } from './codecs.ts';
import { openFramePixels } from './frame-pixels.ts';
import { elementsOver } from './elements.ts';
import type { Elements, PixelSource } from './pixel-source.ts';
import { chunkBytes, identityOrder, openBytesPixels, openRawPixels, storedPieces } from './raw-pixels.ts';

/**
 * Opens the pixels of a signal for reading by block; close it after use.
 * @throws EigenscopeError `file-not-found`, `not-readable`, `truncated-file`, `file-changed`, `corrupt-file`
 */
export async function openPixels(signal: SignalHeader): Promise<PixelSource> {
  const { layout } = signal;
  if (layout.kind === 'raw') return openRawPixels(layout, signal);
  if (layout.kind === 'bytes') return openBytesPixels(layout.bytes, signal);
  if (layout.kind === 'frames') return openFramePixels(layout, signal);
  if (layout.kind === 'coded') return openCodedPixels(layout, signal);
  if (layout.kind === 'derived') {
    const { openDerivedPixels } = await import('./derived-pixels.ts');
    return openDerivedPixels(layout, signal);
  }
  // the HDF5 library takes long to load and most files do not need it
  const { openHdf5Pixels } = await import('./hdf5-pixels.ts');
  return openHdf5Pixels(layout, signal);
}

/** Blocks of whole slow indices [from, end), for any kind of layout. */
export function* slowBlocks(
  signal: SignalHeader,
  band: number,
  from = 0,
  end = signal.shape[0] ?? 1,
): Generator<{ start: number[]; count: number[] }> {
  const rest = signal.shape.slice(1);
  const bytesEach = elementCount(rest) * itemSize(signal.dtype);
  const fits = Math.max(1, Math.floor(chunkBytes / Math.max(1, bytesEach)));
  // whole chunks of the file where they fit, so that none is unpacked twice
  const step = fits > band ? Math.floor(fits / band) * band : fits;
  for (let first = from; first < end; first += step) {
    const start = signal.shape.map((_, axis) => (axis === 0 ? first : 0));
    yield { start, count: signal.shape.map((size, axis) => (axis === 0 ? Math.min(step, end - first) : size)) };
  }
}

/**
 * Pieces of a signal one after another, each read once: in the order of the file for flat files, along the slowest axis
 * otherwise. For sums and extremes, where the order does not matter. A piece is good until the next.
 */
export async function* pieces(signal: SignalHeader): AsyncGenerator<Elements> {
  const { layout } = signal;
  const source =
    layout.kind === 'raw'
      ? openRawPixels(
          { ...layout, axisOrder: identityOrder(layout.storedShape.length) },
          { ...signal, shape: layout.storedShape },
        )
      : await openPixels(signal);
  try {
    const blocks =
      layout.kind === 'raw'
        ? storedPieces(layout.storedShape, itemSize(signal.dtype))
        : slowBlocks(signal, source.band ?? 1);
    let bytes = new Uint8Array(0);
    for (const { start, count } of blocks) {
      const elements = elementCount(count);
      const length = elements * itemSize(signal.dtype);
      if (bytes.length < length) bytes = new Uint8Array(length);
      source.readInto(bytes.subarray(0, length), start, count);
      yield elementsOver(bytes.buffer, 0, elements, signal.dtype);
    }
  } finally {
    source.close();
  }
}
