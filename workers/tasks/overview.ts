import { rowRuns, type RowReader } from './row-reader.ts';

/** Sum over the features of every sample, and mean over the samples of every feature. */
export interface Overview {
  /** [samples]; NaN where a sample has not been read yet */
  image: Float64Array;
  /** [features]: mean over the samples read, NaN left out */
  spectrum: Float64Array;
  complete: boolean;
}

/** Adds a block of rows: per-row sums into `image`, per-column sums and counts of what is not NaN. */
function addRows(
  rows: Float64Array,
  start: number,
  features: number,
  image: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const count = rows.length / features;
  for (let r = 0; r < count; r++) {
    let total = 0;
    for (let j = 0, at = r * features; j < features; j++, at++) {
      const value = rows[at]!;
      if (value === value) {
        total += value;
        sums[j]! += value;
        counts[j]! += 1;
      }
    }
    image[start + r] = total;
  }
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
  const sums = new Float64Array(features);
  const counts = new Float64Array(features);
  const bands = Math.ceil(samples / band);
  const read = new Array<boolean>(bands).fill(false);
  const started = now();
  let done = 0;
  for (const b of milliseconds === Infinity ? read.keys() : coarseToFine(bands)) {
    for (const { start, end } of rowRuns(reader, [b])) {
      addRows(reader.read(start, end), start, features, image, sums, counts);
    }
    read[b] = true;
    done++;
    if (now() - started > milliseconds) break;
  }
  const complete = done === bands;
  if (!complete) fillFromNearest(image, band, read);
  return { image, spectrum: sums.map((sum, j) => sum / counts[j]!), complete };
}
