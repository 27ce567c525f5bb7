import { elementCount } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { checkUnchanged, corrupt, openFile } from '../file-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock, readThrough, runsOfBlock } from '../read-block.ts';
import type { SpectrumRun } from './spectrum-runs.ts';

/** What the decoder is told beside the file. */
export interface WdfAbout {
  /** byte of the first spectrum */
  offset: number;
  points: number;
  /** the axis falls in the file and is turned round */
  reversed: boolean;
  runs: readonly SpectrumRun[];
}

/** Spectra closer than this are read together with what lies between the channels that are wanted. */
const windowBytes = 2 ** 20;
/** NaN as a float32, little-endian. */
const nanBytes = [0, 0, 0xc0, 0x7f];

function fillNaN(target: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] = nanBytes[i & 3]!;
}

/** Turns the spectra in `bytes` round, each `length` float32 values long. */
function reverseEach(bytes: Uint8Array, length: number): void {
  if (bytes.byteOffset % 4 === 0) {
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    for (let at = 0; at < values.length; at += length) values.subarray(at, at + length).reverse();
    return;
  }
  const copy = bytes.slice();
  reverseEach(copy, length);
  bytes.set(copy);
}

/**
 * Blocks of the float32 spectra of a WDF file, put where they belong in the map and with rising axis.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`
 */
export function openWdfPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { offset, points, reversed, runs } = layout.about as unknown as WdfAbout;
  const file = openFile(layout.path);
  const outer = signal.shape.slice(0, -1);
  const firsts: number[] = [];
  let total = 0;
  let last = 0;
  for (const [first, step, count] of runs) {
    firsts.push(total);
    total += count;
    last = Math.max(last, first, first + step * (count - 1));
  }
  try {
    if (total !== elementCount(outer))
      throw corrupt(layout.path, `it lists ${total} spectra`, `${elementCount(outer)} were expected`);
    checkUnchanged(file, layout.stamp, offset + (last + 1) * points * 4);
  } catch (error) {
    file.close();
    throw error;
  }

  const runOf = (position: number): number => {
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  let window = new Uint8Array(0);

  /** `count` spectra from `first` on, one after another in the file: channels [channel, channel + channels) of each. */
  const readStored = (target: Uint8Array, first: number, count: number, channel: number, channels: number): void => {
    const stored = reversed ? points - channel - channels : channel;
    if (channels === points) {
      file.readInto(target, offset + first * points * 4);
    } else {
      const atOnce = Math.max(1, Math.floor(windowBytes / (points * 4)));
      for (let done = 0; done < count; done += atOnce) {
        const some = Math.min(atOnce, count - done);
        const bytes = (some - 1) * points * 4 + channels * 4;
        if (window.length < bytes) window = new Uint8Array(bytes);
        file.readInto(window.subarray(0, bytes), offset + ((first + done) * points + stored) * 4);
        for (let i = 0; i < some; i++) {
          const from = i * points * 4;
          target.set(window.subarray(from, from + channels * 4), (done + i) * channels * 4);
        }
      }
    }
    if (reversed) reverseEach(target, channels);
  };

  /** Spectra at `count` positions of the map that follow one another. */
  const readPositions = (
    target: Uint8Array,
    position: number,
    count: number,
    channel: number,
    channels: number,
  ): void => {
    const size = channels * 4;
    for (let done = 0; done < count;) {
      const index = runOf(position + done);
      const [first, step, length] = runs[index]!;
      const skip = position + done - firsts[index]!;
      const some = Math.min(length - skip, count - done);
      const piece = target.subarray(done * size, (done + some) * size);
      if (first < 0) fillNaN(piece);
      else if (step === 1 || some === 1) readStored(piece, first + skip * step, some, channel, channels);
      else {
        for (let i = 0; i < some; i++) {
          readStored(piece.subarray(i * size, (i + 1) * size), first + (skip + i) * step, 1, channel, channels);
        }
      }
      done += some;
    }
  };

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const channel = start.at(-1)!;
    const channels = count.at(-1)!;
    const runs = runsOfBlock(outer, start.slice(0, -1), count.slice(0, -1));
    const bytes = runs.length * channels * 4;
    let done = 0;
    for (const position of runs.firsts) {
      readPositions(target.subarray(done, done + bytes), position, runs.length, channel, channels);
      done += bytes;
    }
  };

  return {
    readInto,
    read: readThrough(signal, readInto),
    close: () => file.close(),
  };
}
