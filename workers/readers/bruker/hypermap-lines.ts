import { kernels } from '../../kernels/kernels.ts';

/* Counts of pixels from the records of lines, by the compiled functions (kernels/assembly/bruker.ts). */

/** Integers that counts are gathered in. */
export type Counts = Uint8Array | Uint16Array | Uint32Array;

/** Pixels and channels that are wanted of every line. */
export interface LineBlock {
  firstPixel: number;
  pixels: number;
  firstChannel: number;
  channels: number;
}

/** Counts in the memory of the kernels: they should stay in the cache until they are copied. */
const countsTogether = 2 ** 18;

/**
 * Sets the pixels of neighbouring lines. Records that are not whole end their line; pixels that are not in it are 0.
 * @param bytes all bytes of the lines
 * @param ends where each line begins in them, and where the last ends: one more than lines
 * @param target counts in the order line, pixel, channel
 */
export function setLines(bytes: Uint8Array, ends: readonly number[], block: LineBlock, target: Counts): void {
  const { firstPixel, pixels, firstChannel, channels } = block;
  const size = target.BYTES_PER_ELEMENT;
  const together = Math.max(1, Math.min(pixels, Math.floor(countsTogether / (channels * size))));
  const { run, scope, i32 } = kernels();
  scope((allocate) => {
    const packed = allocate(bytes.length);
    const counts = allocate(together * channels * size);
    const { buffer } = i32(counts, 0);
    new Uint8Array(buffer).set(bytes, packed);
    for (let line = 0; line + 1 < ends.length; line++) {
      const [from, end] = [packed + ends[line]!, packed + ends[line + 1]!];
      for (let pixel = 0; pixel < pixels; pixel += together) {
        const some = Math.min(together, pixels - pixel);
        run.mapLine(from, end, counts, firstPixel + pixel, some, firstChannel, channels, size);
        const part = new (target.constructor as Uint8ArrayConstructor)(buffer, counts, some * channels);
        target.set(part, (line * pixels + pixel) * channels);
      }
    }
  });
}

/** Records in a window of bytes, walked over without unpacking them unless their counts may be large. */
export interface RecordWalk {
  /** The bytes that are walked over from now on. */
  load(bytes: Uint8Array): void;
  /**
   * Walks over at most `left` records that lie whole in the bytes, until one has a count above `limit` (below 2³²).
   * @returns where the last of them ends, how many there were, and that count; 0 when there was none
   */
  walk(at: number, left: number, limit: number): { end: number; done: number; largest: number };
  release(): void;
}

/** @param channels counts of others do not matter */
export function openRecordWalk(channels: number): RecordWalk {
  const { run, allocate, free, i32 } = kernels();
  const counts = allocate(4 * channels + 16);
  const state = allocate(8);
  let room = 0;
  let length = 0;
  let window = 0;
  return {
    load(bytes) {
      if (bytes.length > room) {
        if (room > 0) free(window);
        room = 0;
        window = allocate(bytes.length);
        room = bytes.length;
      }
      new Uint8Array(i32(counts, 0).buffer).set(bytes, window);
      length = bytes.length;
    },
    walk(at, left, limit) {
      const end = run.walkRecords(window + at, window + length, left, counts, channels, limit, state) >>> 0;
      const [done, largest] = i32(state, 2);
      return { end: end - window, done: done! >>> 0, largest: largest! >>> 0 };
    },
    release() {
      if (room > 0) free(window);
      free(state);
      free(counts);
    },
  };
}
