import { basename } from 'node:path';
import type { FileBytes } from './file-bytes.ts';
import { truncated } from './file-bytes.ts';

/**
 * A file that lies whole in memory, such as one that was packed into another. Views look at `bytes` themselves.
 * @param path of the file that it came out of, which errors name
 */
export function memoryBytes(path: string, bytes: Uint8Array): FileBytes {
  const size = bytes.length;
  const check = (position: number, length: number): void => {
    if (!(position >= 0 && length >= 0 && position + length <= size)) throw truncated(path, position + length, size);
  };
  return {
    path,
    name: basename(path),
    size,
    mtimeMs: 0,
    view(position, length) {
      check(position, length);
      return new DataView(bytes.buffer, bytes.byteOffset + position, length);
    },
    readInto(target, position) {
      check(position, target.length);
      target.set(bytes.subarray(position, position + target.length));
    },
    stamp: () => ({ size, mtimeMs: 0 }),
    close() {},
  };
}
