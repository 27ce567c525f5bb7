import type { Job } from '../../../job.ts';
import { countAbove } from './broken-stick.ts';
import { bestCount, crossValidate } from './cross-validation.ts';
import { hardThreshold, noiseEdge } from './marchenko-pastur.ts';
import type { Noise } from './noise.ts';
import { parallelAnalysis } from './parallel-analysis.ts';
import { capital } from './share-criteria.ts';
import { leadingPairs, type Spectrum } from './spectrum.ts';
import { components, percent, verb, type Suggestion } from './suggest.ts';

/* Criteria that compare the singular values with noise. Squares s² times `share` are shares of the total. */

const known: Readonly<Record<Noise['source'], string>> = {
  counts: 'known from the counts',
  given: 'as given',
  median: 'estimated from the median',
};

/** Components above what noise alone reaches in 95 of 100 cases. */
export function noiseEdges(squares: Float64Array, noise: Noise, share: number): Suggestion {
  const edge = noiseEdge(noise.rows, noise.cols, noise.variance);
  const count = countAbove(squares, [edge]);
  return {
    criterion: 'marchenko_pastur',
    count,
    reason:
      `${capital(components(count))} ${verb(count, 'is', 'are')} above ${percent(edge * share)} of the total, which noise ` +
      `alone (${known[noise.source]}) stays below in 95 of 100 cases.`,
    curves: { marchenko_pastur_edge: Float64Array.of(edge * share) },
  };
}

/** Components that lower the error of a model, by the optimal hard threshold. */
export function hardThresholding(squares: Float64Array, noise: Noise, share: number): Suggestion {
  const threshold = hardThreshold(noise.cols / noise.rows) ** 2 * noise.rows * noise.variance;
  const count = countAbove(squares, [threshold]);
  return {
    criterion: 'hard_threshold',
    count,
    reason:
      `${capital(components(count))} ${verb(count, 'is', 'are')} above ${percent(threshold * share)} of the total, from ` +
      `where on a component brings a model more signal than noise (${known[noise.source]}).`,
    curves: { hard_threshold: Float64Array.of(threshold * share) },
  };
}

interface ParallelValues {
  max_components: number;
  repetitions: number;
  quantile: number;
}

/** Components larger than those of simulated noise. */
export function parallel(
  spectrum: Spectrum,
  values: ParallelValues,
  share: number,
  job: Job,
  phase: number,
): Suggestion {
  const check = (): void => job.control.check();
  const most = Math.min(values.max_components, spectrum.cols);
  const pairs = leadingPairs(spectrum, most, check);
  const { count, thresholds } = parallelAnalysis({
    gram: spectrum.gram,
    rows: spectrum.rows,
    values: spectrum.squares.slice(0, most),
    vectors: pairs.vectors,
    repetitions: values.repetitions,
    quantile: values.quantile,
    seed: job.seed,
    check,
    progress: (done, total) => job.control.progress(phase, done, total),
  });
  return {
    criterion: 'parallel_analysis',
    count,
    reason:
      count === most && most < spectrum.cols
        ? `All ${most} components that were looked at are larger than those of simulated noise; raise max_components.`
        : `${capital(components(count))} ${verb(count, 'is', 'are')} larger than in ${percent(values.quantile)} of ` +
          `${values.repetitions} simulated noises with the variances of the data.`,
    curves: { parallel_analysis_threshold: thresholds.map((threshold) => threshold * share) },
  };
}

/** The number that predicts left-out blocks best. */
export function crossValidation(
  spectrum: Spectrum,
  values: { max_components: number },
  job: Job,
  phase: number,
): Suggestion {
  const { folds, rows } = spectrum;
  const largestFold = Math.ceil(rows / Math.max(1, folds.length));
  const errors =
    folds.length < 2
      ? Float64Array.of(spectrum.energy > 0 ? 1 : 0)
      : crossValidate({
          folds,
          fittedRows: rows - largestFold,
          most: values.max_components,
          seed: job.seed,
          check: () => job.control.check(),
          progress: (done, total) => job.control.progress(phase, done, total),
        });
  const count = bestCount(errors);
  const last = count === errors.length - 1 && errors.length - 1 === values.max_components;
  return {
    criterion: 'cross_validation',
    count,
    reason:
      `Left-out values are predicted best with ${components(count)}: ${percent(errors[count]!)} of their squares ` +
      `remain unexplained${last ? '; more than max_components might do better' : ''}.`,
    curves: { cross_validation_error: errors },
  };
}
