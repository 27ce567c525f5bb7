import type { Job, Run, RunInput } from '../../../job.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { centredView, findMean } from '../../decomposition/pipeline/centre.ts';
import { prepareDecomposition, type Prepared } from '../../decomposition/pipeline/prepare.ts';
import { crossValidation, hardThresholding, noiseEdges, parallel } from './noise-criteria.ts';
import { findNoise } from './noise.ts';
import { brokenSticks, cumulativeShare, knee } from './share-criteria.ts';
import type { estimateNumberOfComponents } from './spec.ts';
import { findSpectrum } from './spectrum.ts';
import { addSuggestion, curveOf } from './suggest.ts';

export type Values = ValuesOf<typeof estimateNumberOfComponents.params>;

const phases = { read: 0, gather: 1, solve: 2, simulate: 3, predict: 4 };

/** How many components stand out of the noise, by every criterion that is asked for; see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const mean = values.centre ? await findMean(prepared, values.centre, job, phases.gather) : null;
  const view = centredView(prepared.view, mean);
  const spectrum = await findSpectrum(view, values.cross_validation ? values.folds : 1, job, phases);
  const { squares, energy } = spectrum;
  const share = energy > 0 ? 1 / energy : 0;
  const ratio = squares.map((square) => square * share);
  const output: AlgorithmOutput = {
    arrays: {
      explained_variance: curveOf(squares.map((square) => square / prepared.pixels.keptCount)),
      explained_variance_ratio: curveOf(ratio),
    },
    scalars: { numerical_rank: squares.reduce((count, square) => count + (square > 0 ? 1 : 0), 0) },
    notes: [...prepared.notes, ...parentNotes(input, values)],
  };
  if (values.marchenko_pastur || values.hard_threshold) {
    const noise = await findNoise(prepared, spectrum, values.noise_level, job, phases.gather);
    output.scalars['noise_level'] = Math.sqrt(noise.variance);
    output.scalars['noise_source'] = noise.source;
    output.notes.push(...noiseNotes(prepared, noise.source));
    if (values.marchenko_pastur) output.notes.push(...thinNotes(prepared));
    if (values.marchenko_pastur) addSuggestion(output, noiseEdges(squares, noise, share));
    if (values.hard_threshold) addSuggestion(output, hardThresholding(squares, noise, share));
  }
  if (values.parallel_analysis) addSuggestion(output, parallel(spectrum, values, share, job, phases.simulate));
  if (values.cross_validation) addSuggestion(output, crossValidation(spectrum, values, job, phases.predict));
  if (values.elbow) addSuggestion(output, knee(ratio));
  if (values.broken_stick) addSuggestion(output, brokenSticks(ratio));
  if (values.cumulative) addSuggestion(output, cumulativeShare(ratio, values.cumulative_threshold));
  finishProgress(job);
  return output;
};

const finishProgress = (job: Job): void => job.control.progress(phases.predict, 1, 1);

function noiseNotes({ poisson }: Prepared, source: string): string[] {
  if (source !== 'median' || poisson) return [];
  return [
    'The noise was estimated from the median singular value, which takes it to be equal in all values. ' +
      'For counts, scale for Poisson noise: the counts then tell their noise.',
  ];
}

/** Fewer counts than this in a pixel or channel: one count more or less is then much of it. */
const thin = 20;

/** The edge holds for many small contributions; a few counts alone in a pixel or channel stand above it. */
function thinNotes({ poisson, pixelSums, sums }: Prepared): string[] {
  if (!poisson) return [];
  const few = (list: Float64Array): number => list.reduce((n, sum) => n + (sum > 0 && sum < thin ? 1 : 0), 0);
  const [pixels, channels] = [few(pixelSums), few(sums.columnSums)];
  if (pixels + channels === 0) return [];
  return [
    `${pixels} pixels and ${channels} channels hold fewer than ${thin} counts; single counts there can stand above the ` +
      'edge of the noise. Leave them out by a mask to trust that criterion.',
  ];
}

/** Says where the decomposition that the number is asked for was made in another way. */
function parentNotes({ parent }: RunInput, values: Values): string[] {
  if (!parent) return [];
  const names = ['normalize_poissonian_noise', 'centre', 'navigation_mask', 'signal_mask'] as const;
  const different = names.filter((name) => name in parent.parameters && parent.parameters[name] !== values[name]);
  if (different.length === 0) return [];
  return [
    `The decomposition was made with another setting of ${different.join(', ')}; these numbers hold for the settings given here.`,
  ];
}
