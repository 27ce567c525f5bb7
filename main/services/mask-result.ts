import { randomUUID } from 'node:crypto';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, sampleCount } from '../../workers/model/signal.ts';
import type { SessionDataset } from '../contract/session.ts';

/**
 * Runs of pixels as they come from the window: first and end (exclusive) by turns.
 * @throws EigenscopeError `parameter-out-of-range` unless they rise, stay inside and hold at least one pixel.
 */
export function checkRuns(runs: readonly number[], samples: number): void {
  const isRising = runs.every((at, i) => i === 0 || at > runs[i - 1]!);
  if (runs.length < 2 || runs.length % 2 !== 0 || !isRising || runs.at(-1)! > samples) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `Pixels are told as first and end by turns, rising, within 0 to ${samples}; got ${runs.slice(0, 8).join(', ')}${runs.length > 8 ? ' …' : ''}.`,
      { samples },
    );
  }
}

export interface MaskResult {
  record: ResultRecord;
  output: AlgorithmOutput;
}

/**
 * A navigation mask as a result of its own, so that it is kept, deleted and taken back like any other.
 * @param leftOut one value per pixel, not 0 = it is left out
 */
export function maskResult(
  dataset: Pick<SessionDataset, 'id' | 'axes'>,
  leftOut: ArrayLike<number>,
  name: string,
  parent: string | null,
  version: string,
): MaskResult {
  const data = Uint8Array.from(leftOut, (v) => (v !== 0 ? 1 : 0));
  const shape = navigationAxes(dataset.axes).map((axis) => axis.size);
  const scalars = { masked_pixels: data.reduce((n, v) => n + v, 0) };
  return {
    record: {
      id: `result-${randomUUID().slice(0, 8)}`,
      kind: 'mask',
      operation: 'navigation_mask',
      name,
      dataset: dataset.id,
      parent,
      algorithm: null,
      parameters: {},
      seed: 0,
      version,
      made: new Date().toISOString(),
      seconds: 0,
      scalars,
      arrays: { navigation_mask: { dtype: 'bool', shape } },
      notes: [],
      axes: dataset.axes,
      starred: false,
    },
    output: { arrays: { navigation_mask: { dtype: 'bool', shape, data } }, scalars, notes: [] },
  };
}

/**
 * A mask of the pixels that a person chose.
 * @param runs pixels that are left out
 * @throws EigenscopeError `parameter-out-of-range` when they are no runs, or leave no pixel
 */
export function makeMask(
  dataset: Pick<SessionDataset, 'id' | 'axes'>,
  runs: readonly number[],
  name: string,
  parent: string | null,
  version: string,
): MaskResult {
  const samples = sampleCount(dataset.axes);
  checkRuns(runs, samples);
  const leftOut = new Uint8Array(samples);
  for (let i = 0; i < runs.length; i += 2) leftOut.fill(1, runs[i], runs[i + 1]);
  if (!leftOut.includes(0)) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `The mask leaves out all ${samples} pixels, so nothing would be left to work on. Select fewer.`,
      { samples },
    );
  }
  return maskResult(dataset, leftOut, name, parent, version);
}
