import type { FileHandle } from 'node:fs/promises';

/** Below 2 GiB, the most that one call of the operating system takes. */
const largestWrite = 2 ** 30;

/** The bytes of any typed array, in shared memory or not, without a copy. */
export const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Writes all bytes at a position (or where the file stands when null), in as many calls as it takes. */
export async function writeFully(
  file: FileHandle,
  data: ArrayBufferView,
  position: number | null = null,
): Promise<void> {
  const bytes = bytesOf(data);
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(largestWrite, bytes.length - done);
    const at = position === null ? null : position + done;
    done += (await file.write(bytes, done, length, at)).bytesWritten;
  }
}
