import { elementCount, itemSize } from '../../model/dtype.ts';
import type { FileStamp, Metadata, SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { openHdf5Pixels } from '../hdf5-pixels.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock } from '../read-block.ts';
import { addEvents, addPart, type Counts, type LinePart } from './stream-events.ts';
import { createWordReader, indexStream, type StreamIndex, type WordReader } from './stream-index.ts';

/** A stream of events of one detector, as it is stored. */
export interface StoredStream {
  dataset: string;
  /** number of words */
  words: number;
  wordBytes: 1 | 2 | 4;
  /** axes of the stored array: [words] or [words, 1] */
  rank: number;
}

/** A recording of one or several detectors over the same scan. */
export interface StreamScan {
  streams: readonly StoredStream[];
  height: number;
  width: number;
  channels: number;
  /** frames to read, the end exclusive; null: to the last one */
  first: number;
  end: number | null;
  /** frames are added up, else they are the slowest axis */
  sumFrames: boolean;
}

/** Words are kept in memory if they are few beside the counts, and never more than this. */
const mostKeptBytes = 2 ** 30;
const fewKeptBytes = 64 * 2 ** 20;

const wordTypes = { 1: 'uint8', 2: 'uint16', 4: 'uint32' } as const;

/** Opens the words of a stream for reading. */
export async function openWords(
  path: string,
  stamp: FileStamp,
  stream: StoredStream,
  keep: boolean,
): Promise<WordReader> {
  const shape = stream.rank === 1 ? [stream.words] : [stream.words, 1];
  const dtype = wordTypes[stream.wordBytes];
  const source = await openHdf5Pixels(
    { kind: 'hdf5', path, dataset: stream.dataset, storedShape: shape, stamp },
    { shape, dtype },
  );
  return createWordReader(source, stream.rank, stream.words, stream.wordBytes, keep);
}

/** Indices of files that were looked through already, in this thread. */
const known = new Map<string, StreamIndex>();
const mostKnownEntries = 4 * 2 ** 20;

function remembered(key: string, find: () => StreamIndex): StreamIndex {
  let index = known.get(key);
  if (index === undefined) {
    index = find();
    known.set(key, index);
    let entries = 0;
    for (const [old, { lines }] of [...known].reverse()) {
      entries += lines.length;
      if (entries > mostKnownEntries && old !== key) known.delete(old);
    }
  }
  return index;
}

/** Where lines and frames begin in a stream; looked up if it was looked through before. */
export function indexOf(
  path: string,
  stamp: FileStamp,
  stream: StoredStream,
  reader: WordReader,
  width: number,
  height: number,
): StreamIndex {
  const key = [path, stamp.size, stamp.mtimeMs, stream.dataset, stream.words, width, height].join('|');
  return remembered(key, () => indexStream(reader, width, height));
}

export const scanToJson = (scan: StreamScan): Metadata => ({
  streams: scan.streams.map((stream) => ({ ...stream })),
  height: scan.height,
  width: scan.width,
  channels: scan.channels,
  first: scan.first,
  end: scan.end,
  sumFrames: scan.sumFrames,
});

/** Opens a recording of X-ray events as counts: [height, width, channels], or with the frames before these. */
export async function openVeloxStream(layout: CodedLayout, signal: SignalHeader): Promise<PixelSource> {
  const scan = layout.about as unknown as StreamScan;
  const { path, stamp } = layout;
  const { height, width, channels, sumFrames } = scan;
  const size = itemSize(signal.dtype);
  const wordsBytes = scan.streams.reduce((sum, stream) => sum + stream.words * stream.wordBytes, 0);
  const keep = wordsBytes <= Math.min(mostKeptBytes, Math.max(fewKeptBytes, (elementCount(signal.shape) * size) / 4));
  const readers: WordReader[] = [];
  const close = (): void => readers.forEach((reader) => reader.close());
  const indices: StreamIndex[] = [];
  try {
    for (const stream of scan.streams) {
      const reader = await openWords(path, stamp, stream, keep);
      readers.push(reader);
      indices.push(indexOf(path, stamp, stream, reader, width, height));
    }
  } catch (error) {
    close();
    throw error;
  }
  const frames = Math.max(...indices.map((index) => index.frames));
  const end = Math.min(scan.end ?? frames, frames);

  /** Adds line y of a frame, or a part of it, to counts [pixels × channels]. */
  const addLine = (frame: number, y: number, counts: Counts, part: LinePart | null): void => {
    const line = frame * height + y;
    for (let i = 0; i < readers.length; i++) {
      const { lines } = indices[i]!;
      if (line + 1 >= lines.length) continue;
      const reader = readers[i]!;
      const words = reader.read(lines[line]!, lines[line + 1]!);
      if (part === null) addEvents(words, reader.end, counts, channels);
      else addPart(words, reader.end, counts, part);
    }
  };

  const countInto = (counts: Counts, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    counts.fill(0);
    if (counts.length === 0) return;
    const [y = 0, x = 0, channel = 0] = sumFrames ? start : start.slice(1);
    const [rows = 0, pixels = 0, deep = 0] = sumFrames ? count : count.slice(1);
    const part = pixels === width && deep === channels ? null : { x, width: pixels, channel, channels: deep };
    const each = pixels * deep;
    // line by line, all frames of one before the next: the counts of a line stay in the processor's cache
    const lines = sumFrames ? rows : count[0]! * rows;
    for (let i = 0; i < lines; i++) {
      const target = counts.subarray(i * each, (i + 1) * each);
      const line = y + (i % rows);
      if (sumFrames) for (let frame = scan.first; frame < end; frame++) addLine(frame, line, target, part);
      else addLine(scan.first + start[0]! + Math.floor(i / rows), line, target, part);
    }
  };

  const create = (length: number): Counts => (size === 2 ? new Uint16Array(length) : new Uint32Array(length));
  return {
    readInto(target, start, count) {
      if (target.byteOffset % size !== 0) {
        const counts = create(elementCount(count));
        countInto(counts, start, count);
        target.set(new Uint8Array(counts.buffer));
        return;
      }
      const length = target.length / size;
      const { buffer, byteOffset } = target;
      countInto(
        size === 2 ? new Uint16Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length),
        start,
        count,
      );
    },
    read(start, count) {
      checkBlock(signal, start, count);
      const counts = create(elementCount(count));
      countInto(counts, start, count);
      return counts;
    },
    close,
  };
}
