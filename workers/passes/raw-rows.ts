import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EigenscopeError } from '../model/errors.ts';
import { itemSize } from '../model/dtype.ts';
import type { RowSource } from '../model/rows.ts';
import { createDecoder } from './decode.ts';

/** Rows of X as float64, whatever holds them. */
export interface RowReader {
  /** Makes rows [first, last) available, of one single row only columns [from, to). At most `loadable` rows. */
  load(first: number, last: number, from: number, to: number): void;
  /** largest number of whole rows that one load may ask for */
  loadable: number;
  /** Copies columns [from, from + count) of a row to `out[offset…]`; of loaded rows; may run on into the next row. */
  decode(row: number, from: number, count: number, out: Float64Array, offset: number): void;
  close(): void;
}

const scratchBytes = 4 * 1024 * 1024;

/** Reverses the bytes of every element in place. */
function swapBytes(bytes: Uint8Array, length: number, size: number): void {
  if (size === 1) return;
  for (let at = 0; at < length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

/** Rows with more than this between them are read one by one. */
const gapBytes = 32 * 1024;

/**
 * Opens rows in a file, contiguous or at equal distances, for reading by block; holds a few MiB, never the whole file.
 * @throws EigenscopeError `file-not-found`, `not-readable`, `truncated-file` (shorter than samples × features need),
 *   `file-changed` (not the file whose header was read)
 */
export function openRawRows(source: Extract<RowSource, { kind: 'raw' }>): RowReader {
  const { path, features, dtype } = source;
  const size = itemSize(dtype);
  const rowBytes = features * size;
  const step = source.rowStep ?? rowBytes;
  const loadable = Math.max(1, Math.floor(scratchBytes / Math.max(1, rowBytes, step)));
  const file = open(path);
  const needed = source.offset + Math.max(0, source.samples - 1) * step + rowBytes;
  const { size: found, mtimeMs } = fstatSync(file);
  if (found < needed) {
    closeSync(file);
    throw new EigenscopeError(
      'truncated-file',
      `${path} is shorter than it was when it was opened (${found} of ${needed} bytes). Was it moved or written again?`,
      { path, expected: needed, found },
    );
  }
  if (source.stamp && (source.stamp.size !== found || source.stamp.mtimeMs !== mtimeMs)) {
    closeSync(file);
    throw new EigenscopeError(
      'file-changed',
      `${path} was written again while it was being used (${source.stamp.size} bytes then, ${found} now). Open it again and repeat the run.`,
      { path, sizeThen: source.stamp.size, sizeNow: found },
    );
  }
  // Only now: the sizes that were announced have been found in the file.
  const scratch = new ArrayBuffer(Math.ceil(Math.max(loadable === 1 ? rowBytes : loadable * step, size) / size) * size);
  const bytes = new Uint8Array(scratch);
  const decoder = createDecoder(scratch, dtype);
  // element index within the file of the first element in the scratch buffer
  let loaded = -1;
  /** Fills the scratch buffer from `at` on with `length` bytes of the file. */
  const fill = (at: number, length: number, position: number): void => {
    for (let done = 0; done < length;) {
      const n = readSync(file, bytes, at + done, length - done, position + done);
      if (n === 0) {
        throw new EigenscopeError(
          'truncated-file',
          `${path} ended while it was being read. Is it still being copied?`,
          {
            path,
          },
        );
      }
      done += n;
    }
  };
  /** Rows at a distance: read with what lies between them, then moved together. */
  const fillApart = (first: number, rows: number): void => {
    const position = source.offset + first * step;
    if (step - rowBytes > gapBytes) {
      for (let i = 0; i < rows; i++) fill(i * rowBytes, rowBytes, position + i * step);
      return;
    }
    fill(0, (rows - 1) * step + rowBytes, position);
    for (let i = 1; i < rows; i++) bytes.copyWithin(i * rowBytes, i * step, i * step + rowBytes);
  };
  return {
    loadable,
    load(first, last, from, to) {
      const isOne = last - first === 1;
      const start = isOne ? first * features + from : first * features;
      const length = (isOne ? to - from : (last - first) * features) * size;
      if (isOne) fill(0, length, source.offset + first * step + from * size);
      else if (step === rowBytes) fill(0, length, source.offset + start * size);
      else fillApart(first, last - first);
      if (!source.littleEndian) swapBytes(bytes, length, size);
      loaded = start;
    },
    decode: (row, from, count, out, offset) => decoder(row * features + from - loaded, count, out, offset),
    close: () => closeSync(file),
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new EigenscopeError(
      missing ? 'file-not-found' : 'not-readable',
      missing
        ? `${path} is no longer there. Put it back or point to where it is now.`
        : `${path} cannot be read. Check its permissions.`,
      { path },
      cause,
    );
  }
}
