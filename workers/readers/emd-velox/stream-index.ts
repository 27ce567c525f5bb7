import type { Elements, PixelSource } from '../pixel-source.ts';

/*
 * A stream of X-ray events is a list of words: the largest value of its type ends a pixel, any other is the channel of one
 * count. Nothing marks lines or frames: where they begin is found by counting the ends of pixels, once for a file.
 */

export type Words = Uint8Array | Uint16Array | Uint32Array;

/** Words of a stream, read by run. What is returned may be overwritten by the next call. */
export interface WordReader {
  count: number;
  /** the word that ends a pixel */
  end: number;
  read(from: number, to: number): Words;
  close(): void;
}

/** At so many words at a time a stream is looked through. */
const pieceWords = 2 ** 21;

const isWords = (elements: Elements): elements is Words =>
  elements instanceof Uint8Array || elements instanceof Uint16Array || elements instanceof Uint32Array;

/**
 * Words of an open source of shape [words] or [words, 1].
 * @param keep all words are kept in memory once they were read: for streams that are small beside what they decode to
 */
export function createWordReader(
  source: PixelSource,
  rank: number,
  count: number,
  wordBytes: 1 | 2 | 4,
  keep: boolean,
): WordReader {
  const end = 2 ** (8 * wordBytes) - 1;
  const block = (from: number, to: number): Words => {
    const elements = rank === 1 ? source.read([from], [to - from]) : source.read([from, 0], [to - from, 1]);
    if (!isWords(elements)) throw new TypeError('a stream of events is not of unsigned words');
    return elements;
  };
  let kept: Words | null = null;
  const readAll = (): Words => {
    const all =
      wordBytes === 1 ? new Uint8Array(count) : wordBytes === 2 ? new Uint16Array(count) : new Uint32Array(count);
    const bytes = new Uint8Array(all.buffer);
    for (let from = 0; from < count; from += pieceWords) {
      const length = Math.min(pieceWords, count - from);
      const part = bytes.subarray(from * wordBytes, (from + length) * wordBytes);
      source.readInto(part, rank === 1 ? [from] : [from, 0], rank === 1 ? [length] : [length, 1]);
    }
    return all;
  };
  return {
    count,
    end,
    read(from, to) {
      if (keep) kept ??= readAll();
      return kept === null ? block(from, to) : kept.subarray(from, to);
    },
    close() {
      kept = null;
      source.close();
    },
  };
}

/** Where the lines of a scan begin in a stream. */
export interface StreamIndex {
  /** word at which line i of the recording begins (lines of all frames one after another); the last entry is the end */
  lines: Float64Array;
  /** frames that were at least begun */
  frames: number;
}

/** Positions behind the last pixel of every line; `x` is the pixel of the line at which the words begin. */
function markLines(words: Words, end: number, width: number, x: number, put: (behind: number) => void): number {
  for (let i = 0; i < words.length; i++) {
    if (words[i] === end && ++x === width) {
      x = 0;
      put(i + 1);
    }
  }
  return x;
}

/**
 * Looks through a stream once. Memory: 8 bytes for each line, of which there are no more than words / width.
 * What follows the last pixel of a whole frame without an end of its own belongs to no pixel and is left out.
 * @param check called for every piece; throws to stop
 */
export function indexStream(
  reader: WordReader,
  width: number,
  height: number,
  check: () => void = () => {},
): StreamIndex {
  let lines = new Float64Array(Math.min(Math.floor(reader.count / width) + 2, 4096));
  let found = 1;
  let x = 0;
  const put = (position: number): void => {
    if (found === lines.length) {
      const wider = new Float64Array(2 * found);
      wider.set(lines);
      lines = wider;
    }
    lines[found++] = position;
  };
  for (let from = 0; from < reader.count; from += pieceWords) {
    check();
    const words = reader.read(from, Math.min(from + pieceWords, reader.count));
    x = markLines(words, reader.end, width, x, (behind) => put(from + behind));
  }
  const complete = found - 1;
  const last = lines[found - 1]!;
  const isBetweenFrames = complete > 0 && complete % height === 0 && x === 0;
  // a line that was begun, or all there is of an interrupted recording
  if (last < reader.count && !isBetweenFrames) put(reader.count);
  return { lines: lines.slice(0, found), frames: Math.max(1, Math.ceil((found - 1) / height)) };
}

/** Number of pixels that a stream ends, up to `before`. */
export function countPixels(reader: WordReader, before = reader.count): number {
  let pixels = 0;
  for (let from = 0; from < before; from += pieceWords) {
    const words = reader.read(from, Math.min(from + pieceWords, before));
    for (let i = 0; i < words.length; i++) if (words[i] === reader.end) pixels++;
  }
  return pixels;
}
