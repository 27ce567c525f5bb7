import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EigenscopeError } from '../model/errors.ts';
import type { RowTarget } from '../model/rows.ts';

/** Where the elements of a row file begin: room for the header of a .npy file, one block of a disk. */
export const rowFileOffset = 4096;

/** Writes all bytes at a position. @throws EigenscopeError `disk-full`, `not-writable` */
export function writeAt(file: number, bytes: Uint8Array, position: number, path: string): void {
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, position + done);
  } catch (thrown) {
    throw writeFailure(path, thrown);
  }
}

/** Opens a file for writing. @param flags as in `openSync` @throws EigenscopeError `disk-full`, `not-writable` */
export function openToWrite(path: string, flags: 'r+' | 'wx'): number {
  try {
    return openSync(path, flags);
  } catch (thrown) {
    throw writeFailure(path, thrown);
  }
}

function writeFailure(path: string, thrown: unknown): EigenscopeError {
  const { code } = thrown as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new EigenscopeError(
    full ? 'disk-full' : 'not-writable',
    full
      ? `The drive is full: ${path} was not written. Free some space or choose another drive.`
      : `${path} cannot be written (${code ?? 'unknown reason'}). Choose another place.`,
    { path },
    thrown,
  );
}

/** Writes whole rows of one target from one thread. */
export interface RowWriter {
  /** @param values `rows` rows of `cols` values, the first at `row` */
  write(row: number, values: Float64Array): void;
  close(): void;
}

/** @throws EigenscopeError `disk-full`, `not-writable` */
export function openRowTarget(target: RowTarget, cols: number): RowWriter {
  if (target.kind === 'shared') {
    return { write: (row, values) => target.data.set(values, row * cols), close() {} };
  }
  const { path, offset } = target;
  const file = openToWrite(path, 'r+');
  return {
    write(row, values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      writeAt(file, bytes, offset + row * cols * Float64Array.BYTES_PER_ELEMENT, path);
    },
    close: () => closeSync(file),
  };
}

/** Makes the file of a row target, which threads then fill in any order. */
export function createRowFile(folder: string, name: string): Extract<RowTarget, { kind: 'file' }> {
  const path = join(folder, `${name}-${randomUUID()}.npy`);
  closeSync(openToWrite(path, 'wx'));
  return { kind: 'file', path, offset: rowFileOffset };
}
