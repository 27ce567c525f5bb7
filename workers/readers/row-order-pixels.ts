import { elementCount, itemSize } from '../model/dtype.ts';
import type { SignalHeader } from '../model/signal.ts';
import { elementsOver } from './elements.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import { openPixels } from './pixel-blocks.ts';
import type { PixelSource } from './pixel-source.ts';
import { inRowOrder, unfoldedOrder } from './row-source.ts';

/** The signal with its axes in the order of X, navigation axes first; its layout stays that of the file. */
export function rowOrderHeader(signal: SignalHeader): SignalHeader {
  const order = unfoldedOrder(signal);
  if (order.every((axis, i) => axis === i)) return signal;
  return {
    ...signal,
    shape: order.map((axis) => signal.shape[axis]!),
    axes: order.map((axis) => signal.axes[axis]!),
  };
}

/**
 * Opens a signal with its axes in the order of X, navigation axes first, whatever their order in the header: blocks are
 * read where they lie and turned in memory, one block at a time.
 * @returns the signal in that order, and its pixels
 * @throws EigenscopeError as `openPixels`
 */
export async function openRowOrderPixels(given: SignalHeader): Promise<{ signal: SignalHeader; pixels: PixelSource }> {
  const flat = inRowOrder(given);
  const signal = rowOrderHeader(flat);
  const pixels = await openPixels(flat);
  if (signal === flat) return { signal, pixels };
  const order = unfoldedOrder(flat);
  const size = itemSize(flat.dtype);
  const inFile = (values: readonly number[]): number[] => {
    const out = new Array<number>(order.length).fill(0);
    order.forEach((axis, i) => (out[axis] = values[i]!));
    return out;
  };
  let block = new Uint8Array(0);
  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    const length = elementCount(count) * size;
    if (block.length < length) block = new Uint8Array(length);
    const stored = inFile(count);
    const bytes = block.subarray(0, length);
    pixels.readInto(bytes, inFile(start), stored);
    const to = inFile(contiguousStrides(count));
    copyStrided(
      size,
      stored,
      { bytes, strides: contiguousStrides(stored), offset: 0 },
      { bytes: target, strides: to, offset: 0 },
    );
  };
  const slowest = order[0]!;
  const band = pixels.chunk?.[slowest] ?? (slowest === 0 ? pixels.band : undefined);
  return {
    signal,
    pixels: {
      read(start, count) {
        const elements = elementCount(count);
        const bytes = new Uint8Array(elements * size);
        readInto(bytes, start, count);
        return elementsOver(bytes.buffer, 0, elements, flat.dtype);
      },
      readInto,
      ...(band === undefined ? {} : { band }),
      close: () => pixels.close(),
    },
  };
}
