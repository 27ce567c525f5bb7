import type { Job } from '../../../job.ts';
import { sumsPass } from '../../../passes/sums.ts';
import { maskedView, type Prepared } from '../../decomposition/pipeline/prepare.ts';
import { noiseMedian } from './marchenko-pastur.ts';
import type { Spectrum } from './spectrum.ts';

/** The noise of the matrix whose singular values are looked at. */
export interface Noise {
  /** σ² of one entry, in the (scaled) units of the matrix */
  variance: number;
  source: 'counts' | 'given' | 'median';
  /** longer and shorter side without empty rows and columns, which hold no noise */
  rows: number;
  cols: number;
}

/**
 * How much noise there is. Counts have a variance equal to their mean, so X̃_ij = X_ij/√(a_i b_j) has Var X̃_ij =
 * E X_ij/(a_i b_j), of which X_ij/(a_i b_j) is an unbiased estimate: σ² is its mean over all entries, close to 1/(sum of
 * all counts). Else the median of the singular values tells, as long as most of them are noise.
 */
export async function findNoise(
  prepared: Prepared,
  spectrum: Spectrum,
  given: number | null,
  job: Job,
  phase: number,
): Promise<Noise> {
  const size = sizeWithoutEmpty(prepared, spectrum);
  if (prepared.poisson) {
    const { pixels, channels, source, pixelSums } = prepared;
    const view = {
      ...maskedView(source, pixels, channels),
      rowScale: pixelSums,
      columnScale: prepared.poisson.channel.map((root) => root * root),
    };
    const found = await job.run(sumsPass, view, { rowSums: job.allocate(pixels.keptCount) }, phase);
    const total = found.columnSums.reduce((sum, value) => sum + value, 0);
    return { ...size, variance: total / (size.rows * size.cols), source: 'counts' };
  }
  if (given !== null) return { ...size, variance: given * given, source: 'given' };
  const squares = spectrum.squares.subarray(0, size.cols);
  const middle = (squares.length - 1) / 2;
  const median = (squares[Math.floor(middle)]! + squares[Math.ceil(middle)]!) / 2;
  return { ...size, variance: median / (size.rows * noiseMedian(size.cols / size.rows)), source: 'median' };
}

/** Rows and columns that hold anything. Rows are only looked at where nothing is negative: sums of others may be 0. */
function sizeWithoutEmpty({ sums, pixelSums }: Prepared, spectrum: Spectrum): { rows: number; cols: number } {
  const { gram, wide } = spectrum;
  let cols = 0;
  for (let j = 0; j < gram.cols; j++) if (gram.data[j * gram.cols + j]! > 0) cols++;
  const rowSums = wide ? sums.columnSums : pixelSums;
  const rows = sums.negative === 0 ? rowSums.reduce((count, sum) => count + (sum > 0 ? 1 : 0), 0) : spectrum.rows;
  const [longer, shorter] = rows >= cols ? [rows, cols] : [cols, rows];
  return { rows: Math.max(1, longer), cols: Math.max(1, shorter) };
}
