import type { Words } from './stream-index.ts';

export type Counts = Uint16Array | Uint32Array;

/**
 * Adds the events of a whole line to counts [width × channels], in place. Counts stop at the largest
 * value of their type. Words beyond the channels that are no end of a pixel are in no spectrum.
 *
 * One loop for each pair of types: the engine compiles each for one kind of memory.
 */
export function addEvents(words: Words, end: number, counts: Counts, channels: number): void {
  if (words instanceof Uint16Array && counts instanceof Uint16Array) addNarrow(words, end, counts, channels);
  else if (words instanceof Uint16Array && counts instanceof Uint32Array) addWide(words, end, counts, channels);
  else addAny(words, end, counts, channels);
}

function addNarrow(words: Uint16Array, end: number, counts: Uint16Array, channels: number): void {
  let base = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word < channels) {
      const count = counts[base + word]!;
      if (count !== 0xffff) counts[base + word] = count + 1;
    } else if (word === end) base += channels;
  }
}

function addWide(words: Uint16Array, end: number, counts: Uint32Array, channels: number): void {
  let base = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word < channels) counts[base + word]!++;
    else if (word === end) base += channels;
  }
}

function addAny(words: Words, end: number, counts: Counts, channels: number): void {
  const most = counts instanceof Uint16Array ? 0xffff : 0xffff_ffff;
  let base = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === end) base += channels;
    else if (word < channels) {
      const count = counts[base + word]!;
      if (count !== most) counts[base + word] = count + 1;
    }
  }
}

/** A part of every line: pixels [x, x + width) and channels [channel, channel + channels). */
export interface LinePart {
  x: number;
  width: number;
  channel: number;
  channels: number;
}

/** Adds the events of one line that fall into a part of it to counts [width × channels]. */
export function addPart(words: Words, end: number, counts: Counts, part: LinePart): void {
  const most = counts instanceof Uint16Array ? 0xffff : 0xffff_ffff;
  const behind = part.x + part.width;
  let x = 0;
  let base = -part.x * part.channels - part.channel;
  for (let i = 0; i < words.length && x < behind; i++) {
    const word = words[i]!;
    if (word === end) {
      x++;
      base += part.channels;
    } else if (x >= part.x && word >= part.channel && word < part.channel + part.channels) {
      const count = counts[base + word]!;
      if (count !== most) counts[base + word] = count + 1;
    }
  }
}
