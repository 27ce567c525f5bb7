import { randomUUID } from 'node:crypto';
import { rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createControlBlock } from '../../workers/control.ts';
import { elementCount, isColour, isComplex, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { sizeText } from './memory.ts';
import type { Pool } from './pool.ts';

/** Room for unpacked chunks in each thread: from one small tile to what a machine with much memory may hold. */
const leastCache = 2 ** 20;
const mostCache = 256 * 2 ** 20;
const mostBuffer = 256 * 2 ** 20;

/** Bytes of all values of a signal. */
export const bytesOf = (signal: { shape: readonly number[]; dtype: SignalHeader['dtype'] }): number =>
  elementCount(signal.shape) * itemSize(signal.dtype);

/** Refuses to fill a drive: at the start, not after an hour. */
export async function requireDisk(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  throw new EigenscopeError(
    'disk-full',
    `${what} takes ${sizeText(bytes)} in ${folder}, where ${sizeText(free)} are free. Free some space, or allow more memory.`,
    { folder, bytes, free },
  );
}

export interface StreamOptions {
  /** memory that chunks and buffers may take, all threads together */
  room: number;
  threads: number;
  /** a folder for rows that have to be put in order first; whoever gives it removes it */
  scratch(): Promise<string>;
  control?: Int32Array<SharedArrayBuffer>;
  /** told when rows begin to be put in order, and what tells how far that is and ends it */
  onStage?(text: string, control: Int32Array<SharedArrayBuffer>): void;
}

type Room = Pick<StreamOptions, 'room' | 'threads'>;

/**
 * The rows of a signal where they lie, or null when they have to be put in order first: they do not lie together in
 * their file, or their chunks are too large to be kept.
 * @throws EigenscopeError `out-of-memory` for data that are unpacked in memory or are no real numbers
 */
async function rowsInPlace(pool: Pool, signal: SignalHeader, { room, threads }: Room): Promise<RowSource | null> {
  const bytes = bytesOf(signal);
  const refuse = (why: string, help: string): EigenscopeError =>
    new EigenscopeError(
      'out-of-memory',
      `“${signal.title}” takes ${sizeText(bytes)}, more than fits beside the run (${sizeText(room)}), and ${why}. ${help}`,
      { bytes, room },
    );
  if (isComplex(signal.dtype) || isColour(signal.dtype)) {
    throw refuse(
      `${signal.dtype} cannot be read piece by piece`,
      'Allow more memory, or convert the data to real numbers.',
    );
  }
  if (signal.layout.kind === 'bytes') {
    throw refuse(
      'is packed into its file as a whole',
      'Save it unpacked, as .npy or with np.savez instead of np.savez_compressed, or allow more memory.',
    );
  }
  const { source, workingBytes } = await pool.run('locate', signal);
  if (source !== null && source.kind !== 'hdf5') return source;
  const mayKeep = Math.min(mostCache, Math.max(leastCache, room / (4 * threads)));
  const cacheBytes = 1.1 * workingBytes;
  if (source !== null && cacheBytes <= mayKeep) return { ...source, cacheBytes: Math.max(leastCache, cacheBytes) };
  return null;
}

/**
 * Bytes that `streamRows` would write to a scratch file; 0 when the rows are read where they lie.
 * @throws EigenscopeError as `streamRows`, but for the drive
 */
export const scratchBytesOf = async (pool: Pool, signal: SignalHeader, room: Room): Promise<number> =>
  (await rowsInPlace(pool, signal, room)) === null ? bytesOf(signal) : 0;

/**
 * The rows of a signal, to be read from disk whenever they are needed. Rows that do not lie together in their file, or
 * whose chunks are too large to be kept, are written in order into a scratch file once.
 * @throws EigenscopeError `out-of-memory` for data that are unpacked in memory or are no real numbers, `disk-full`, errors
 *   of the file
 */
export async function streamRows(pool: Pool, signal: SignalHeader, options: StreamOptions): Promise<RowSource> {
  const there = await rowsInPlace(pool, signal, options);
  if (there !== null) return there;
  const bytes = bytesOf(signal);
  const folder = await options.scratch();
  await requireDisk(folder, bytes, `“${signal.title}” has to be put in order first, which`);
  const control = options.control ?? createControlBlock();
  options.onStage?.(`writing ${sizeText(bytes)} in order to a scratch file`, control);
  const path = join(folder, `rows-${randomUUID()}.raw`);
  const bufferBytes = Math.min(mostBuffer, Math.max(leastCache, options.room / 4));
  try {
    return await pool.run('putInOrder', { signal, path, bufferBytes, control });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Refuses a result whose data were written again while they were read.
 * @throws EigenscopeError `file-changed`
 */
export async function requireUnchanged(source: RowSource): Promise<void> {
  if (source.kind === 'shared' || source.stamp === undefined) return;
  const { path, stamp } = source;
  const now = await stat(path).catch(() => null);
  if (now !== null && now.size === stamp.size && now.mtimeMs === stamp.mtimeMs) return;
  throw new EigenscopeError(
    'file-changed',
    `${path} was ${now === null ? 'removed' : 'written again'} while it was being used. Open it again and repeat the run.`,
    { path },
  );
}
