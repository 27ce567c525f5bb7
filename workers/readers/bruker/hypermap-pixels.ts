import { elementCount, itemSize } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { elementsOver } from '../elements.ts';
import { checkUnchanged, corrupt, openFile } from '../file-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock } from '../raw-pixels.ts';
import type { Counts } from './hypermap-records.ts';
import { addRecord, recordBytes, u32 } from './hypermap-records.ts';
import { findItem, readSfs } from './sfs.ts';
import { openStream } from './sfs-stream.ts';

/** Lines are read together up to this many bytes. */
const linesTogether = 1 << 20;

/** What the header found out and the pixels need: the file in the container and where each of its lines begins. */
export interface MapAbout {
  item: string;
  lines: number[];
}

/**
 * Blocks of a Bruker map: only the lines that are asked for are read and unpacked.
 * @throws EigenscopeError `file-changed`, `truncated-file`, `corrupt-file`, `file-not-found`, `not-readable`
 */
export function openMapPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { item: name, lines } = layout.about as unknown as MapAbout;
  const file = openFile(layout.path);
  const size = itemSize(signal.dtype);
  const source = (() => {
    try {
      checkUnchanged(file, layout.stamp, 0);
      const container = readSfs(file);
      const item = findItem(container, 'EDSDatabase', name);
      if (item === undefined) throw corrupt(file.path, `${name} is not in it any more`, 'a map was expected');
      return openStream(file, container, item);
    } catch (error) {
      file.close();
      throw error;
    }
  })();

  let buffer = new Uint8Array(0);
  /** Bytes [from, to) of the stream: a view that is good until the next call. */
  const bytesOf = (from: number, to: number): Uint8Array => {
    const length = to - from;
    if (buffer.length < length) buffer = new Uint8Array(Math.max(length, linesTogether));
    const bytes = buffer.subarray(0, length);
    source.readInto(bytes, from);
    return bytes;
  };

  /**
   * Sets the pixels of a line, which lies whole in `bytes`. Records that are not whole end it. Every pixel is cleared just
   * before its counts are added, while it is on its way through the cache: clearing all of a cube first takes longer than
   * unpacking it.
   */
  const setLine = (
    bytes: Uint8Array,
    from: number,
    end: number,
    counts: Counts,
    offset: number,
    [firstX, firstChannel]: readonly [number, number],
    [pixels, channels]: readonly [number, number],
  ): void => {
    let at = from + 4;
    let cleared = 0;
    for (let left = at <= end ? u32(bytes, from) : 0; left > 0; left--) {
      const length = recordBytes(bytes, at, end);
      if (length === 0) break;
      const pixel = u32(bytes, at) - firstX;
      if (pixel >= 0 && pixel < pixels) {
        if (pixel >= cleared) {
          counts.fill(0, offset + cleared * channels, offset + (pixel + 1) * channels);
          cleared = pixel + 1;
        }
        addRecord(bytes, at, counts, offset + pixel * channels, firstChannel, channels);
      }
      at += length;
    }
    counts.fill(0, offset + cleared * channels, offset + pixels * channels);
  };

  const fill = (counts: Counts, start: readonly number[], count: readonly number[]): void => {
    const [firstLine = 0, firstX = 0, firstChannel = 0] = start;
    const [lineCount = 0, pixels = 0, channels = 0] = count;
    if (counts.length === 0) return;
    // lines behind a break are not there: they are zero
    const end = Math.max(firstLine, Math.min(firstLine + lineCount, lines.length - 1));
    counts.fill(0, (end - firstLine) * pixels * channels);
    for (let line = firstLine; line < end;) {
      let next = line + 1;
      while (next < end && lines[next + 1]! - lines[line]! <= linesTogether) next++;
      const from = lines[line]!;
      const bytes = bytesOf(from, lines[next]!);
      for (; line < next; line++) {
        setLine(
          bytes,
          lines[line]! - from,
          lines[line + 1]! - from,
          counts,
          (line - firstLine) * pixels * channels,
          [firstX, firstChannel],
          [pixels, channels],
        );
      }
    }
  };

  const read = (start: readonly number[], count: readonly number[]): Counts => {
    checkBlock(signal, start, count);
    const elements = elementCount(count);
    const counts = elementsOver(new ArrayBuffer(elements * size), 0, elements, signal.dtype) as Counts;
    fill(counts, start, count);
    return counts;
  };

  return {
    read,
    readInto(target, start, count) {
      checkBlock(signal, start, count);
      if (target.byteOffset % size === 0) {
        fill(
          elementsOver(target.buffer, target.byteOffset, target.length / size, signal.dtype) as Counts,
          start,
          count,
        );
      } else {
        const counts = read(start, count);
        target.set(new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength));
      }
    },
    close: () => file.close(),
  };
}
