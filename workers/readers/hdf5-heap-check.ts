import { open, type FileHandle } from 'node:fs/promises';
import { EigenscopeError } from '../model/errors.ts';
import { freeBytes } from './free-bytes.ts';

/** "GCOL", version 1, three zeros: how a global heap collection begins. */
const signature = Buffer.from([0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0]);
/** Texts stand near the beginning or the end of a file, before or behind its pixels. */
const windowBytes = 64 * 2 ** 20;
const pieceBytes = 2 ** 20;
const largestCollection = 256 * 2 ** 20;

async function read(
  handle: FileHandle,
  position: number,
  length: number,
  buffer = Buffer.allocUnsafe(length),
): Promise<Buffer> {
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Whether the objects of a collection follow one another to its end (HDF5 file format specification, III.E). */
function isSound(collection: Buffer): boolean {
  for (let at = 16; at + 16 <= collection.length;) {
    const index = collection.readUInt16LE(at);
    const size = collection.readBigUInt64LE(at + 8);
    if (size > BigInt(collection.length)) return false;
    const step = index === 0 ? Number(size) : 16 + Math.ceil(Number(size) / 8) * 8;
    // The library goes on at the same place for ever when nothing is free in the free space.
    if (step < 16 || at + step > collection.length) return false;
    at += step;
  }
  return true;
}

async function checkCollection(handle: FileHandle, path: string, at: number, end: number): Promise<void> {
  const head = await read(handle, at, 16);
  // The library counts in 32 bits and takes the lower ones; wrong sizes of the whole it finds by itself.
  const size = head.length === 16 ? head.readUInt32LE(8) : 0;
  if (size < 16 || size > Math.min(end - at, largestCollection)) return;
  if (isSound(await read(handle, at, size))) return;
  throw new EigenscopeError(
    'corrupt-file',
    `${path} is damaged: its store of texts (at byte ${at}) does not hold together. Copy the file again from its source.`,
    { path, offset: at },
  );
}

/** States of files that were looked through already. */
const sound = new Set<string>();
const mostRemembered = 1024;

/**
 * Looks through the collections of variable-length texts for damage at which the HDF5 library would never return.
 * Reads at most the first and the last 64 MiB, once for each state of a file.
 * @param state of the file: device, number, size and time
 * @throws EigenscopeError corrupt-file
 */
export async function checkTextHeaps(path: string, bytes: number, state: string): Promise<void> {
  if (sound.has(state)) return;
  const handle = await open(path, 'r');
  try {
    const half = Math.min(windowBytes, Math.ceil(bytes / 2));
    const search = async (first: number, last: number): Promise<void> => {
      const buffer = Buffer.allocUnsafe(pieceBytes + signature.length);
      for (let position = first; position < last; position += pieceBytes) {
        // Pieces overlap by what a signature may be cut.
        const piece = await read(handle, position, Math.min(buffer.length, bytes - position), buffer);
        for (let at = piece.indexOf(signature); at >= 0; at = piece.indexOf(signature, at + 1)) {
          await checkCollection(handle, path, position + at, bytes);
        }
      }
      freeBytes(buffer);
    };
    // both at once: reading is more work than searching
    const searches = await Promise.allSettled([search(0, half), search(bytes - half, bytes)]);
    for (const done of searches) if (done.status === 'rejected') throw done.reason;
  } finally {
    await handle.close();
  }
  if (sound.size >= mostRemembered) sound.clear();
  sound.add(state);
}
