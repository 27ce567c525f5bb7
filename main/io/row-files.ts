import { constants } from 'node:fs';
import { copyFile, link, open } from 'node:fs/promises';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { FileArray } from '../../workers/model/result.ts';
import { writeAtomically, type WriteOptions } from './atomic-write.ts';
import { npyHeader } from './npy-format.ts';
import { checkLength } from './npy-writer.ts';
import { writeFully } from './write-fully.ts';

/* Arrays that threads have written to a scratch file because memory would not hold them. */

const blockBytes = 8 * 2 ** 20;

/** Completes the file as .npy: the header goes into the room before the elements. */
export async function sealRowFile({ path, dtype, shape, offset }: FileArray): Promise<void> {
  const file = await open(path, 'r+');
  try {
    checkLength(path, (await file.stat()).size - offset, dtype, shape);
    await writeFully(file, npyHeader(dtype, shape, offset), 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The elements block by block; each block is valid until the next one is asked for. */
export async function* rowFileBlocks({ path, dtype, shape, offset }: FileArray): AsyncGenerator<Uint8Array> {
  const bytes = elementCount(shape) * itemSize(dtype);
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(Math.min(blockBytes, bytes));
    for (let done = 0; done < bytes;) {
      const wanted = Math.min(buffer.length, bytes - done);
      const { bytesRead } = await file.read(buffer, 0, wanted, offset + done);
      // the writer compares the length with the shape
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Gives a sealed file a second name without copying where the drive can do that, else copies it. */
export async function placeRowFile({ path }: FileArray, target: string): Promise<void> {
  await link(path, target).catch(() => copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
}

/** Writes a sealed file as a .npy of its own, whole or not at all. */
export async function copyRowFile(array: FileArray, path: string, options: WriteOptions): Promise<void> {
  await writeAtomically(path, options, async (file) => {
    await writeFully(file, npyHeader(array.dtype, array.shape));
    for await (const block of rowFileBlocks(array)) await writeFully(file, block);
  });
}
