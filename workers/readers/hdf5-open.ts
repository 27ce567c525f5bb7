import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EigenscopeError } from '../model/errors.ts';
import type { FileStamp } from '../model/signal.ts';
import { explainHdf5Failure, noteIdentity } from './hdf5-errors.ts';
import { checkTextHeaps } from './hdf5-heap-check.ts';
import { acquireHdf5Library, type Hdf5Module } from './hdf5-library.ts';

/** An HDF5 file open for reading. `bytes` is the size on disk, `base` where the HDF5 part begins (after a user block). */
export interface Hdf5File {
  path: string;
  id: bigint;
  module: Hdf5Module;
  bytes: number;
  base: number;
  stamp: FileStamp;
  close(): void;
}

export const hdf5Signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** Whether the HDF5 signature stands at this offset of the bytes. */
export const hasHdf5Signature = (bytes: Uint8Array, offset = 0): boolean =>
  bytes.length >= offset + 8 && hdf5Signature.every((byte, i) => bytes[offset + i] === byte);

/** Offsets at which the superblock may stand: 0, 512, 1024, 2048 … */
function* superblockOffsets(end: number): Generator<number> {
  for (let offset = 0; offset + 8 <= end; offset = offset === 0 ? 512 : offset * 2) yield offset;
}

/** Signature within the first bytes of a file, for probes. */
export function findHdf5Signature(head: Uint8Array): boolean {
  for (const offset of superblockOffsets(head.length)) if (hasHdf5Signature(head, offset)) return true;
  return false;
}

function unreadable(path: string, thrown: unknown): EigenscopeError {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new EigenscopeError(
      'file-not-found',
      `${path} is not there. Check the name and the folder.`,
      { path },
      thrown,
    );
  }
  return new EigenscopeError(
    'not-readable',
    `${path} cannot be opened (${code ?? 'unknown reason'}).`,
    { path },
    thrown,
  );
}

async function checkSignature(path: string): Promise<{ stamp: FileStamp; base: number; identity: string }> {
  const info = await stat(path).catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  if (!info.isFile()) throw new EigenscopeError('not-readable', `${path} is not a file.`, { path });
  if (info.size === 0) {
    throw new EigenscopeError('truncated-file', `${path} is empty. It may still be copying; try again.`, { path });
  }
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  try {
    const found = new Uint8Array(8);
    for (const base of superblockOffsets(info.size)) {
      const { bytesRead } = await handle.read(found, 0, 8, base);
      if (bytesRead === 8 && hasHdf5Signature(found))
        return { stamp: { size: info.size, mtimeMs: info.mtimeMs }, base, identity: `${info.dev}:${info.ino}` };
    }
  } finally {
    await handle.close();
  }
  throw new EigenscopeError(
    'unsupported-format',
    `${path} is not an HDF5 file: its first bytes are not those of HDF5. It may have been renamed or damaged.`,
    { path },
  );
}

/**
 * Opens an HDF5 file for reading; the caller closes it.
 * @param seen state of the file in which its header was read here: it was looked through for damage then, maybe by another thread
 * @throws EigenscopeError file-not-found, not-readable, truncated-file, unsupported-format (no HDF5), corrupt-file
 */
export async function openHdf5(path: string, seen?: FileStamp): Promise<Hdf5File> {
  const { stamp, base, identity } = await checkSignature(path);
  const wasSeen = seen?.size === stamp.size && seen.mtimeMs === stamp.mtimeMs;
  if (!wasSeen) await checkTextHeaps(path, stamp.size, `${identity}:${stamp.size}:${stamp.mtimeMs}`);
  const { module, release } = await acquireHdf5Library(identity, stamp.size);
  noteIdentity(path, identity);
  let id: bigint;
  try {
    id = module.open(resolve(path), module.H5F_ACC_RDONLY, false, -1, -1);
    if (id < 0n) throw new Error('the library did not open it');
  } catch (thrown) {
    release();
    throw explainHdf5Failure(path, 'the file', thrown);
  }
  let isOpen = true;
  return {
    path,
    id,
    module,
    bytes: stamp.size,
    base,
    stamp,
    close() {
      if (!isOpen) return;
      isOpen = false;
      try {
        module.close_file(id);
      } catch {
        // After a failure the library may refuse; its instance is retired then and the file closed with it.
      }
      release();
    },
  };
}

/** Runs one reading step on a file opened for it and closed after it. */
export async function withHdf5<T>(path: string, read: (file: Hdf5File) => T | Promise<T>): Promise<T> {
  const file = await openHdf5(path);
  try {
    return await read(file);
  } finally {
    file.close();
  }
}
