import type { DType } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { openRecordWalk } from './hypermap-lines.ts';
import { mapHeaderBytes, recordBytes, recordHeaderBytes, u32 } from './hypermap-records.ts';
import type { ByteStream } from './sfs-stream.ts';

/** Where the lines of a map are in its stream, and what its counts need. */
export interface MapIndex {
  height: number;
  width: number;
  /** positions of the lines that are there, and of the end of the last: one more than lines */
  lines: number[];
  /** largest count of a pixel in a channel below `channels`, or a bound on it that needs the same type */
  largest: number;
  /** what is wrong with the stream; null when nothing is */
  damage: string | null;
}

const windowBytes = 1 << 18;

/** A view of a stream that moves on: `at` is a position in `bytes`, which holds what follows, as far as it goes. */
class Window {
  bytes: Uint8Array;
  /** position in the stream of the first byte */
  start: number;
  /** told of the bytes whenever they are other ones */
  onRead: (bytes: Uint8Array) => void = () => {};
  readonly #stream: ByteStream;
  constructor(stream: ByteStream, start: number) {
    this.#stream = stream;
    this.bytes = new Uint8Array(0);
    this.start = start;
  }
  /** Makes `length` bytes from stream position `position` on visible; false when the stream ends before. */
  reach(position: number, length: number): boolean {
    if (position + length > this.#stream.size) return false;
    if (position + length > this.start + this.bytes.length) {
      const size = Math.min(this.#stream.size - position, Math.max(length, windowBytes));
      if (this.bytes.length !== size) {
        freeBytes(this.bytes);
        this.bytes = new Uint8Array(size);
      }
      this.#stream.readInto(this.bytes, position);
      this.start = position;
      this.onRead(this.bytes);
    }
    return true;
  }
}

/**
 * Cubes of fewer values are taken as announced. Beyond, a pixel with counts takes 24 bytes at least, and a map in which
 * only one pixel in hundreds has any is damage (or an attempt to fill the memory), not a measurement.
 */
const smallCube = 2 ** 28;
const valuesPerByte = 20_000;

function checkPlausible(path: string, stream: ByteStream, height: number, width: number, channels: number): void {
  const values = height * width * channels;
  if (height === 0 || width === 0 || (values > smallCube && values > valuesPerByte * stream.size)) {
    throw corrupt(
      path,
      `its map announces ${height} × ${width} pixels of ${channels} channels in ${stream.size} bytes`,
      'more of it was expected to be there',
    );
  }
}

/** The limits of the types that counts are stored in: once one is passed, only the next matters. */
const limits = [0xff, 0xffff, 0xffffffff];

/**
 * Walks once over the headers of all pixels. A spectrum is unpacked only when its largest count could need a larger type
 * than those before: the number of its pulses and the widths of its runs bound it.
 * @throws EigenscopeError `corrupt-file` when not even the size of the map is there
 */
export function indexMap(path: string, stream: ByteStream, channels: number): MapIndex {
  const window = new Window(stream, 0);
  if (!window.reach(0, 8)) throw corrupt(path, 'its map has no size', 'height and width were expected');
  const head = new DataView(window.bytes.buffer, window.bytes.byteOffset);
  const height = head.getUint32(0, true);
  const width = head.getUint32(4, true);
  checkPlausible(path, stream, height, width, channels);
  const index: MapIndex = { height, width, lines: [], largest: 0, damage: null };
  const records = openRecordWalk(channels);
  let limit = 0;
  let position = mapHeaderBytes;
  try {
    window.onRead = records.load;
    records.load(window.bytes);
    for (let line = 0; line < height; line++) {
      index.lines.push(position);
      if (!window.reach(position, 4)) {
        index.lines[line] = Math.min(position, stream.size);
        index.damage = `it ends at line ${line + 1} of ${height}`;
        return index;
      }
      const at = position - window.start;
      const pixels = u32(window.bytes, at);
      position += 4;
      for (let left = pixels; left > 0;) {
        const from = position - window.start;
        const { end, done, largest } = records.walk(from, left, limits[limit]!);
        position += end - from;
        left -= done;
        index.largest = Math.max(index.largest, largest);
        while (index.largest > limits[limit]!) limit++;
        // the next one is not whole in the window, or not at all
        if (done === 0 && nextRecord(window, position, stream.size) === 0) {
          index.lines.push(position);
          index.damage = `it breaks off in line ${line + 1} of ${height}`;
          return index;
        }
      }
    }
    index.lines.push(position);
  } catch (error) {
    // a packed block in the middle that cannot be unpacked: what came before it is there
    if (!(error instanceof EigenscopeError) || error.code !== 'corrupt-file') throw error;
    index.lines.push(position);
    index.damage = 'a part of it cannot be unpacked';
  } finally {
    records.release();
    freeBytes(window.bytes);
  }
  return index;
}

/** Bytes of the record at this position, all of which the window then holds; 0 when it is not whole. */
function nextRecord(window: Window, position: number, streamEnd: number): number {
  if (!window.reach(position, recordHeaderBytes)) return 0;
  const at = position - window.start;
  const length = recordBytes(window.bytes, at, at + streamEnd - position);
  return length > 0 && window.reach(position, length) ? length : 0;
}

/** The smallest unsigned type that holds counts up to this. */
export const countType = (largest: number): DType =>
  largest <= 0xff ? 'uint8' : largest <= 0xffff ? 'uint16' : 'uint32';
