import { randomUUID } from 'node:crypto';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, sampleCount } from '../../workers/model/signal.ts';
import type { DatasetSummary } from '../contract/methods.ts';

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

/**
 * A navigation mask as a result of its own, so that it is kept, deleted and taken back like any other.
 * @param runs pixels that are left out
 */
export function makeMask(
  dataset: DatasetSummary,
  runs: readonly number[],
  name: string,
  parent: string | null,
  version: string,
): { record: ResultRecord; output: AlgorithmOutput } {
  const samples = sampleCount(dataset.axes);
  checkRuns(runs, samples);
  const data = new Uint8Array(samples);
  for (let i = 0; i < runs.length; i += 2) data.fill(1, runs[i], runs[i + 1]);
  const count = data.reduce((n, v) => n + v, 0);
  if (count === samples) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `The mask leaves out all ${samples} pixels, so nothing would be left to work on. Select fewer.`,
      { samples },
    );
  }
  const shape = navigationAxes(dataset.axes).map((axis) => axis.size);
  const scalars = { masked_pixels: count };
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
