import type { RowReader } from './row-reader.ts';

/** What the spectra of some pixels have in common. */
export interface PixelsSpectrum {
  /** [features], NaN left out */
  mean: Float64Array;
  /** sample standard deviation (n − 1) of every feature [features]; NaN for one pixel */
  spread: Float64Array;
}

/**
 * Mean and standard deviation of the spectra of some pixels; only their rows are read.
 * Sums are taken about the first spectrum, so that a small spread on a large signal is not lost to rounding
 * (Chan, Golub & LeVeque, Am. Stat. 37, 242 (1983), eq. 1.7 with a shift).
 * @param runs first sample and end (exclusive) by turns, rising
 */
export function computePixelsSpectrum(reader: RowReader, runs: readonly number[]): PixelsSpectrum {
  const { features } = reader;
  const shift = new Float64Array(features).fill(Number.NaN);
  const sums = new Float64Array(features);
  const squares = new Float64Array(features);
  const counts = new Float64Array(features);
  for (let run = 0; run + 1 < runs.length; run += 2) {
    const last = runs[run + 1]!;
    for (let start = runs[run]!; start < last;) {
      const end = Math.min(start + reader.step, last, (Math.floor(start / reader.unit) + 1) * reader.unit);
      const rows = reader.read(start, end);
      for (let at = 0, j = 0; at < rows.length; at++, j = j + 1 === features ? 0 : j + 1) {
        const value = rows[at]!;
        if (value !== value) continue;
        if (counts[j] === 0) shift[j] = value;
        const left = value - shift[j]!;
        sums[j]! += left;
        squares[j]! += left * left;
        counts[j]! += 1;
      }
      start = end;
    }
  }
  return {
    mean: sums.map((sum, j) => shift[j]! + sum / counts[j]!),
    spread: squares.map((square, j) => {
      const n = counts[j]!;
      return n < 2 ? Number.NaN : Math.sqrt(Math.max(0, square - sums[j]! ** 2 / n) / (n - 1));
    }),
  };
}
