import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { checkUnchanged, corrupt, openFile } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { readByFilling } from '../read-block.ts';
import type { Counts } from './hypermap-lines.ts';
import { setLines } from './hypermap-lines.ts';
import { findItem, readSfs } from './sfs.ts';
import { openStream } from './sfs-stream.ts';

/** Lines are read together up to this many bytes. */
const linesTogether = 1 << 18;

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
    if (buffer.length < length) {
      freeBytes(buffer);
      buffer = new Uint8Array(Math.max(length, linesTogether));
    }
    const bytes = buffer.subarray(0, length);
    source.readInto(bytes, from);
    return bytes;
  };

  const reading = readByFilling<Counts>(signal, (counts, start, count) => {
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
      const ends = lines.slice(line, next + 1).map((position) => position - from);
      const lineLength = pixels * channels;
      const first = (line - firstLine) * lineLength;
      const block = { firstPixel: firstX, pixels, firstChannel, channels };
      setLines(bytesOf(from, lines[next]!), ends, block, counts.subarray(first, first + (next - line) * lineLength));
      line = next;
    }
  });
  return {
    ...reading,
    close() {
      freeBytes(buffer);
      file.close();
    },
  };
}
