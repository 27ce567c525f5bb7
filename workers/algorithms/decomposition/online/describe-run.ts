import type { AlgorithmOutput } from '../../../model/result.ts';
import type { KeptComponents } from '../pipeline/captured.ts';
import type { Learned } from './learn.ts';
import type { Stream } from './samples.ts';

/** The subspace has the entries of a sample, the codes one row per sample. */
export function componentsOf({ subspace, codes }: Learned, stream: Stream): KeptComponents {
  const k = subspace.cols;
  return stream === 'channels'
    ? { k, factors: codes.data, loadings: subspace.data }
    : { k, factors: subspace.data, loadings: codes.data };
}

export function scalarsOf(learned: Learned): AlgorithmOutput['scalars'] {
  return {
    iterations: learned.seen,
    objective: learned.objective,
    converged: learned.seen === learned.samples,
    sparse_share: learned.outlierShare,
  };
}

/** Beyond this share the sparse part holds the signal, not outliers. */
const mostOutliers = 0.5;

/** What the user should know about the run. */
export function notesOf(learned: Learned, stream: Stream, parameter: string, value: number): string[] {
  const notes: string[] = [];
  if (learned.seen < learned.samples) {
    notes.push(
      `Stopped after ${learned.seen} of ${learned.samples} ${stream}; the others were fitted with the components learned so far.`,
    );
  }
  if (learned.outlierShare > mostOutliers) {
    notes.push(
      `${Math.round(100 * learned.outlierShare)} % of the values have a sparse part: ${parameter} = ${value} is small beside the noise ` +
        `of these data. Set ${parameter} to about three times the noise, or scale the data to about 1.`,
    );
  }
  return notes;
}
