import { presentMeans, type PresentSums } from './present-sums.ts';
import { rowRuns, type RowReader } from './row-reader.ts';
import { createPresentSums } from './sum-present.ts';

/** Sum over the features of every sample, and mean over the samples of every feature. */
export interface Overview {
  /** [samples]; NaN where a sample has no value, or has not been read yet */
  image: Float64Array;
  /** [features]: mean over the samples read, NaN left out */
  spectrum: Float64Array;
  complete: boolean;
}

/** 0 … n−1 from coarse to fine (bit-reversed), so that a picture that is cut short covers the whole area. */
export function* coarseToFine(n: number): Generator<number> {
  const bits = Math.max(0, Math.ceil(Math.log2(n)));
  for (let i = 0; i < 2 ** bits; i++) {
    let reversed = 0;
    for (let b = 0; b < bits; b++) if (i & (1 << b)) reversed |= 1 << (bits - 1 - b);
    if (reversed < n) yield reversed;
  }
}

/** Fills bands of values that were not read with the nearest band that was: a preview without holes. */
export function fillFromNearest(image: Float64Array, band: number, read: readonly boolean[]): void {
  const last = read.length - 1;
  read.forEach((done, b) => {
    if (done) return;
    let distance = 1;
    while (!(read[b - distance] ?? false) && !(read[b + distance] ?? false) && distance <= last) distance++;
    const from = read[b - distance] ? b - distance : b + distance;
    const end = Math.min((b + 1) * band, image.length);
    for (let i = b * band; i < end; i++) image[i] = image[Math.min(from * band + (i - b * band), image.length - 1)]!;
  });
}

/**
 * Overview of a data set, whole or as far as a time budget allows.
 * @param milliseconds budget after which a preview is returned; at least one band is read. Infinity reads all.
 */
export function computeOverview(reader: RowReader, milliseconds: number, now: () => number): Overview {
  const { samples, features, band } = reader;
  const image = new Float64Array(samples).fill(Number.NaN);
  const sums = createPresentSums(features);
  try {
    const bands = Math.ceil(samples / band);
    const read = new Array<boolean>(bands).fill(false);
    const started = now();
    let done = 0;
    for (const b of milliseconds === Infinity ? read.keys() : coarseToFine(bands)) {
      for (const { start, end } of rowRuns(reader, [b])) sums.add(reader.read(start, end), image, start);
      read[b] = true;
      done++;
      if (now() - started > milliseconds) break;
    }
    const complete = done === bands;
    if (!complete) fillFromNearest(image, band, read);
    return { image, spectrum: presentMeans(sums.result()), complete };
  } finally {
    sums.close();
  }
}

/** The part of an overview that samples [first, last) make. */
export interface OverviewPart {
  /** [last − first] */
  image: Float64Array;
  sums: PresentSums;
}

/** @param reader of rows that may be read from anywhere to anywhere */
export function computeOverviewPart(reader: RowReader, first: number, last: number): OverviewPart {
  const image = new Float64Array(last - first);
  const sums = createPresentSums(reader.features);
  try {
    for (let start = first; start < last; start += reader.step) {
      const end = Math.min(start + reader.step, last);
      sums.add(reader.read(start, end), image, start - first);
    }
    return { image, sums: sums.result() };
  } finally {
    sums.close();
  }
}
