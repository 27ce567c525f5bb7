import { EigenscopeError } from '../../model/errors.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';

/*
 * A JEOL event list is 16-bit words. The highest four bits say what the others are: 8 a position across, 9 a position
 * down (both in 4096ths of the map), A a value of the electron image, B a count in a channel. Other words are times.
 * A sweep ends where the position down jumps back.
 */

/** Kinds of words. */
export const across = 0x8;
export const down = 0x9;
export const photon = 0xb;
export const positionUnits = 4096;
export const channelsOfEvents = 4096;

/** The list of one file. */
export interface EventList {
  /** byte offset of the first word, and bytes of all */
  offset: number;
  bytes: number;
  width: number;
  height: number;
}

/** Where every pass over a line begins: arrays of equal length, in the order of the file, which is that of sweeps. */
export interface EventIndex {
  passes: number;
  frame: Uint32Array;
  line: Uint16Array;
  /** word of the first event; one entry more than passes: the end */
  first: Float64Array;
  /** position across that holds until the next is given */
  x: Uint16Array;
  frames: number;
  /** events of every pixel in all sweeps together, line after line */
  totals: Uint32Array;
}

/** A map of 4096 lines and 4096 sweeps has this many; a list with more is made of nothing but positions. */
const mostPasses = 1 << 24;
const wordsAtOnce = 1 << 19;

/** The lists' words, piece by piece, in the machine's order; a piece is good until the next is asked for. */
export function* wordPieces(file: FileBytes, offset: number, bytes: number): Generator<Uint16Array> {
  const buffer = new Uint16Array(Math.min(wordsAtOnce, bytes >> 1));
  for (let done = 0; done < bytes - 1;) {
    const count = Math.min(buffer.length, (bytes - done) >> 1);
    const piece = buffer.subarray(0, count);
    file.readInto(new Uint8Array(piece.buffer, 0, 2 * count), offset + done);
    yield piece;
    done += 2 * count;
  }
}

/**
 * Walks once over all events.
 * @throws EigenscopeError `corrupt-file` when there are more positions than any recording has
 */
export function indexEvents(file: FileBytes, list: EventList): EventIndex {
  let capacity = 4096;
  let frame = new Uint32Array(capacity);
  let line = new Uint16Array(capacity);
  let first = new Float64Array(capacity + 1);
  let xs = new Uint16Array(capacity);
  let passes = 0;
  let frames = 0;
  let lastLine = Infinity;
  let x = 0;
  let word = 0;
  let column = 0;
  let row = 0;
  const { width, height } = list;
  const totals = new Uint32Array(width * height);
  for (const words of wordPieces(file, list.offset, list.bytes)) {
    for (let i = 0; i < words.length; i++, word++) {
      const value = words[i]!;
      const kind = value >> 12;
      if (kind === across) {
        x = value & 0xfff;
        column = Math.floor((x * width) / positionUnits);
      } else if (kind === photon) {
        if (passes > 0) totals[row + column]!++;
      } else if (kind === down) {
        const at = Math.floor(((value & 0xfff) * height) / positionUnits);
        if (at < lastLine) frames++;
        lastLine = at;
        row = at * width;
        if (passes === capacity) {
          capacity *= 2;
          if (capacity > mostPasses) {
            throw corrupt(file.path, `it lists more than ${mostPasses} lines`, 'a map was expected');
          }
          frame = grown(frame, new Uint32Array(capacity));
          line = grown(line, new Uint16Array(capacity));
          first = grown(first, new Float64Array(capacity + 1));
          xs = grown(xs, new Uint16Array(capacity));
        }
        frame[passes] = frames - 1;
        line[passes] = at;
        first[passes] = word + 1;
        xs[passes] = x;
        passes++;
      }
    }
  }
  first[passes] = word;
  return { passes, frame, line, first, x: xs, frames, totals };
}

function grown<T extends Uint32Array | Uint16Array | Float64Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}

/** The last index made: header and pixels are often read by the same thread, and one walk is enough for both. */
let kept: { key: string; index: EventIndex } | null = null;

/** The index of a list, made anew unless it is that of the same unchanged file. */
export function eventIndexOf(file: FileBytes, list: EventList): EventIndex {
  const key = [file.path, file.size, file.mtimeMs, list.offset, list.bytes, list.height].join('\0');
  if (kept?.key !== key) kept = { key, index: indexEvents(file, list) };
  return kept.index;
}

/** Sweeps that went on to the last line: one that did not would leave some lines of a sum with more time than others. */
export const wholeFrames = ({ frames, passes, line }: EventIndex, height: number): number =>
  passes > 0 && line[passes - 1]! < height - 1 ? frames - 1 : frames;

/** The range of sweeps that is wanted, within those that there are. */
export function chooseFrames(name: string, frames: number, wanted: readonly [number, number]): [number, number] {
  // a list without any event is an empty frame
  const there = Math.max(1, frames);
  if (wanted[0] < there && wanted[1] <= there) return [wanted[0], wanted[1]];
  throw new EigenscopeError(
    'parameter-out-of-range',
    `${name} has ${frames} frames, numbered from 0; frames ${wanted[0]} to ${wanted[1] - 1} are not all there.`,
    { frames },
  );
}
