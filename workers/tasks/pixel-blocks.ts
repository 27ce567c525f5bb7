import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { elementCount, itemSize } from '../model/dtype.ts';
import type { SignalHeader } from '../model/signal.ts';
import { openPixels } from '../readers/pixels.ts';
import { boxesOfRun } from '../readers/runs-of-boxes.ts';

/** What is told to whoever takes the blocks: bytes of a block in its buffer, or that there are no more. */
export type BlockMessage = { buffer: SharedArrayBuffer; bytes: number } | 'end';

const blockBytes = 8 * 2 ** 20;
const largestBand = 64 * 2 ** 20;

/**
 * The elements of a signal in C order of its shape, block by block into memory that the taker gives back over the port
 * by sending the buffer again; so that a second block is computed while the first one is written, and no more.
 * Ends early when the port is closed.
 * @throws EigenscopeError file errors of `openPixels`
 */
export async function sendPixelBlocks(signal: SignalHeader, port: MessagePort): Promise<void> {
  const { shape } = signal;
  const size = itemSize(signal.dtype);
  const all = elementCount(shape);
  const pixels = await openPixels(signal);
  try {
    const band = (all / Math.max(1, shape[0] ?? 1)) * (pixels.band ?? 1) * size;
    // whole chunks where a band of them is not too much; else runs of elements, whatever the shape
    const bytes = pixels.band !== undefined && band <= largestBand ? Math.max(band, 1) : blockBytes;
    const step = Math.max(1, Math.min(all, Math.floor(bytes / size)));
    const free = [new SharedArrayBuffer(step * size)];
    // one large band at a time is enough
    if (step < all && step * size <= 2 * blockBytes) free.push(new SharedArrayBuffer(step * size));
    let isClosed = false;
    const closed = once(port, 'close').then(() => (isClosed = true));
    port.on('message', (buffer: SharedArrayBuffer) => free.push(buffer));
    for (let first = 0; first < all; first += step) {
      while (free.length === 0 && !isClosed) await Promise.race([once(port, 'message'), closed]);
      if (isClosed) return;
      const buffer = free.pop()!;
      const block = new Uint8Array(buffer);
      let at = 0;
      for (const box of boxesOfRun(shape, first, Math.min(all, first + step))) {
        pixels.readInto(block.subarray(at, at + box.elements * size), box.start, box.count);
        at += box.elements * size;
      }
      port.postMessage({ buffer, bytes: at } satisfies BlockMessage);
    }
    port.postMessage('end' satisfies BlockMessage);
  } finally {
    pixels.close();
    port.close();
  }
}
