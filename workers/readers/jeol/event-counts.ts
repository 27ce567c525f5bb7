import type { FileBytes } from '../file-bytes.ts';
import type { EventIndex, EventList } from './event-index.ts';
import { across, channelsOfEvents, photon, positionUnits } from './event-index.ts';

/** Integers that counts are gathered in. */
export type Counts = Uint8Array | Uint16Array | Uint32Array;

/** A block of the map: lines × pixels × channels of some sweeps, summed or one after the other. */
export interface EventBlock {
  firstLine: number;
  lines: number;
  firstX: number;
  pixels: number;
  firstChannel: number;
  channels: number;
  firstFrame: number;
  frames: number;
  /** sweeps lie one behind the other in the result; else they are added up */
  separate: boolean;
}

const wordsTogether = 1 << 19;

/** Passes over the lines of a map, by line: `order` lists them line after line, `start[line]` is where one begins. */
export interface PassesByLine {
  order: Uint32Array;
  start: Uint32Array;
}

export function sortPasses(index: EventIndex, height: number): PassesByLine {
  const start = new Uint32Array(height + 1);
  for (let i = 0; i < index.passes; i++) start[index.line[i]! + 1]!++;
  for (let line = 0; line < height; line++) start[line + 1]! += start[line]!;
  const next = start.slice();
  const order = new Uint32Array(index.passes);
  for (let i = 0; i < index.passes; i++) {
    const line = index.line[i]!;
    order[next[line]!] = i;
    next[line]!++;
  }
  return { order, start };
}

/** Passes over the lines of a block in the order of the file. */
function passesOf(index: EventIndex, sorted: PassesByLine, block: EventBlock): number[] {
  const passes: number[] = [];
  const lastFrame = block.firstFrame + block.frames;
  for (let at = sorted.start[block.firstLine]!; at < sorted.start[block.firstLine + block.lines]!; at++) {
    const pass = sorted.order[at]!;
    if (index.frame[pass]! >= block.firstFrame && index.frame[pass]! < lastFrame) passes.push(pass);
  }
  return passes.sort((a, b) => a - b);
}

/**
 * Adds the events of a block to zeros, C order: (sweeps,) lines, pixels, channels. Only the lines that are wanted are read.
 * @throws EigenscopeError `truncated-file`, `not-readable`
 */
export function addEvents(
  file: FileBytes,
  list: EventList,
  index: EventIndex,
  sorted: PassesByLine,
  block: EventBlock,
  counts: Counts,
): void {
  const passes = passesOf(index, sorted, block);
  const { width } = list;
  const { firstX, pixels, firstChannel, channels } = block;
  const lineValues = pixels * channels;
  let buffer = new Uint16Array(0);
  for (let i = 0; i < passes.length;) {
    // lines that follow one another in the file are read together
    const from = index.first[passes[i]!]!;
    let last = i;
    while (
      last + 1 < passes.length &&
      passes[last + 1] === passes[last]! + 1 &&
      index.first[passes[last + 1]! + 1]! - from <= wordsTogether
    ) {
      last++;
    }
    const length = index.first[passes[last]! + 1]! - from;
    if (buffer.length < length) buffer = new Uint16Array(Math.max(length, 1 << 15));
    file.readInto(new Uint8Array(buffer.buffer, 0, 2 * length), list.offset + 2 * from);
    for (; i <= last; i++) {
      const pass = passes[i]!;
      const plane = block.separate ? index.frame[pass]! - block.firstFrame : 0;
      const base = (plane * block.lines + index.line[pass]! - block.firstLine) * lineValues;
      const end = index.first[pass + 1]! - from;
      let x = Math.floor((index.x[pass]! * width) / positionUnits) - firstX;
      for (let at = index.first[pass]! - from; at < end; at++) {
        const word = buffer[at]!;
        const kind = word >> 12;
        if (kind === photon) {
          const channel = (word & 0xfff) - firstChannel;
          if (channel >= 0 && channel < channels && x >= 0 && x < pixels) counts[base + x * channels + channel]!++;
        } else if (kind === across) x = Math.floor(((word & 0xfff) * width) / positionUnits) - firstX;
      }
    }
  }
}

/** What the types that counts are stored in hold: once one is passed, only the next matters. */
const limits = [0xff, 0xffff, Infinity];

/**
 * The largest count of a pixel in a channel, or a bound on it that needs the same type. No count is larger than the events
 * of its pixel: only pixels with more of them than the type holds are looked at channel by channel.
 */
export function largestCount(
  file: FileBytes,
  list: EventList,
  index: EventIndex,
  wanted: { first: number; end: number; separate: boolean },
): number {
  const { width, height } = list;
  const sorted = sortPasses(index, height);
  let spectra = new Uint32Array(0);
  let largest = 0;
  let limit = 0;
  for (let line = 0; line < height; line++) {
    const totals = index.totals.subarray(line * width, (line + 1) * width);
    const step = wanted.separate ? 1 : wanted.end - wanted.first;
    for (let frame = wanted.first; frame < wanted.end; frame += step) {
      if (!totals.some((total) => total > limits[limit]!)) break;
      if (spectra.length === 0) spectra = new Uint32Array(width * channelsOfEvents);
      spectra.fill(0);
      const all = { firstX: 0, pixels: width, firstChannel: 0, channels: channelsOfEvents, separate: false };
      addEvents(
        file,
        list,
        index,
        sorted,
        { ...all, firstLine: line, lines: 1, firstFrame: frame, frames: step },
        spectra,
      );
      for (let i = 0; i < spectra.length; i++) if (spectra[i]! > largest) largest = spectra[i]!;
      while (largest > limits[limit]!) limit++;
    }
  }
  return largest;
}
