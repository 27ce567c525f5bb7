import type { FileHandle } from 'node:fs/promises';
import { bytesOf, writeFully } from '../write-fully.ts';

/** The growing end of a file. */
export interface Sink {
  readonly position: number;
  /** Writes behind what is there, at a multiple of eight; returns the address. */
  append(bytes: ArrayBufferView): Promise<number>;
  /** Fills up to a multiple of eight and returns the address that comes next. */
  align(): Promise<number>;
  /** Writes directly behind what is there. */
  continue(bytes: ArrayBufferView): Promise<void>;
  flush(): Promise<void>;
}

const bufferBytes = 2 ** 20;

/** Collects small pieces, so that thousands of object headers are few writes. */
export function createSink(file: FileHandle, start: number): Sink {
  const buffer = new Uint8Array(bufferBytes);
  let written = start;
  let pending = 0;

  const flush = async (): Promise<void> => {
    const bytes = buffer.subarray(0, pending);
    pending = 0;
    await writeFully(file, bytes, written);
    written += bytes.length;
  };

  const put = async (data: ArrayBufferView): Promise<void> => {
    if (pending + data.byteLength > bufferBytes) await flush();
    if (data.byteLength > bufferBytes) {
      await writeFully(file, data, written);
      written += data.byteLength;
    } else {
      buffer.set(bytesOf(data), pending);
      pending += data.byteLength;
    }
  };

  const align = async (): Promise<number> => {
    const gap = (8 - ((written + pending) % 8)) % 8;
    if (gap > 0) await put(new Uint8Array(gap));
    return written + pending;
  };

  return {
    get position() {
      return written + pending;
    },
    align,
    continue: put,
    async append(bytes) {
      const address = await align();
      await put(bytes);
      return address;
    },
    flush,
  };
}
