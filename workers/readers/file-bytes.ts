import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { EigenscopeError } from '../model/errors.ts';
import type { FileStamp } from '../model/signal.ts';

/** An open file and the size it had on opening: every length found inside is checked against it. */
export interface FileBytes {
  path: string;
  name: string;
  size: number;
  mtimeMs: number;
  /**
   * Bytes [position, position + length): a view that is good until the next call (small reads share a buffer).
   * @throws EigenscopeError `truncated-file` when the file ends before that
   */
  view(position: number, length: number): DataView;
  /**
   * Fills `target` from `position` on.
   * @throws EigenscopeError `truncated-file` when the file ends before that
   */
  readInto(target: Uint8Array, position: number): void;
  stamp(): FileStamp;
  close(): void;
}

const windowBytes = 64 * 1024;

export const truncated = (path: string, expected: number, found: number, what = 'its header says'): EigenscopeError =>
  new EigenscopeError(
    'truncated-file',
    `${basename(path)} is shorter than ${what}: ${found} of ${expected} bytes are there. It may still be copying; wait and open it again, or copy it anew from the microscope.`,
    { path, expected, found },
  );

export const corrupt = (path: string, found: string, expected: string): EigenscopeError =>
  new EigenscopeError(
    'corrupt-file',
    `${basename(path)} is damaged or not what its name says: ${found}, where ${expected}. Copy it anew from where it was recorded, or export it again.`,
    { path },
  );

function describeSystemError(path: string, cause: unknown): EigenscopeError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  const name = basename(path);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new EigenscopeError(
      'file-not-found',
      `${name} is not there. Check its name and folder, and whether its drive is connected.`,
      { path },
      cause,
    );
  }
  const denied = code === 'EACCES' || code === 'EPERM';
  const sentence = denied
    ? `${name} may not be read by this user. Change its permissions or copy it to a folder of your own.`
    : `${name} cannot be read (${code}). Check the drive or the network and try again.`;
  return new EigenscopeError('not-readable', sentence, { path, system: code }, cause);
}

function refuseOther(path: string, info: Stats): void {
  if (info.isFile()) return;
  const name = basename(path);
  const sentence = info.isDirectory()
    ? `${name} is a folder, not a file. Open a file inside it; folders that are Zarr stores (.zspy) hold a file .zgroup, .zarray or zarr.json.`
    : `${name} is a device or a pipe, not a file. Open a file of data instead.`;
  throw new EigenscopeError('not-readable', sentence, { path });
}

/**
 * Opens a file for reading.
 * @throws EigenscopeError `file-not-found`, `not-readable` (permission, folder, device)
 */
export function openFile(path: string): FileBytes {
  let descriptor: number;
  let info: Stats;
  try {
    // looked at before opening: opening a pipe would wait for its other end
    refuseOther(path, statSync(path));
    descriptor = openSync(path, 'r');
    info = fstatSync(descriptor);
  } catch (cause) {
    throw cause instanceof EigenscopeError ? cause : describeSystemError(path, cause);
  }
  const { size, mtimeMs } = info;

  const readInto = (target: Uint8Array, position: number): void => {
    if (!(position >= 0 && position + target.length <= size)) throw truncated(path, position + target.length, size);
    for (let done = 0; done < target.length;) {
      let read: number;
      try {
        read = readSync(descriptor, target, done, target.length - done, position + done);
      } catch (cause) {
        throw describeSystemError(path, cause);
      }
      if (read === 0) throw truncated(path, position + target.length, position + done, 'it was when it was opened');
      done += read;
    }
  };

  let window = new Uint8Array(0);
  let start = 0;
  return {
    path,
    name: basename(path),
    size,
    mtimeMs,
    readInto,
    view(position, length) {
      if (!(position >= 0 && length >= 0 && position + length <= size)) throw truncated(path, position + length, size);
      if (position < start || position + length > start + window.length) {
        const fresh = new Uint8Array(Math.min(size - position, Math.max(length, windowBytes)));
        readInto(fresh, position);
        window = fresh;
        start = position;
      }
      return new DataView(window.buffer, position - start, length);
    },
    stamp: () => ({ size, mtimeMs }),
    close: () => closeSync(descriptor),
  };
}

/** Opens, uses and closes a file, whatever happens in between. */
export function withFile<T>(path: string, use: (file: FileBytes) => T): T {
  const file = openFile(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/**
 * Refuses pixels from a file that was written again since its header was read.
 * @throws EigenscopeError `truncated-file` when it became too short, `file-changed` otherwise
 */
export function checkUnchanged(file: FileBytes, stamp: FileStamp | undefined, needed: number): void {
  if (file.size < needed) throw truncated(file.path, needed, file.size, 'its header says');
  if (stamp === undefined || (stamp.size === file.size && stamp.mtimeMs === file.mtimeMs)) return;
  throw new EigenscopeError(
    'file-changed',
    `${file.name} was written again after it was opened here. Open it again to see what is in it now.`,
    { path: file.path, sizeThen: stamp.size, sizeNow: file.size },
  );
}

/** Opens a file for its pixels, and checks that it is still the one whose header was read. */
export function openUnchanged(path: string, stamp: FileStamp | undefined, needed = 0): FileBytes {
  const file = openFile(path);
  try {
    checkUnchanged(file, stamp, needed);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Latin-1 text of bytes; every byte has a meaning, so it never fails. */
export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** UTF-8 where it is valid, else Latin-1: old programs of microscopes write either. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}
