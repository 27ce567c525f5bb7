import type { Axis } from '../model/axes.ts';
import { plainAxis } from '../model/axes.ts';
import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { ReadOptions } from '../model/signal.ts';
import { navigationName } from './hints.ts';
import type { FrameLayout } from './frame-pixels.ts';
import type { ReadHints } from './reader.ts';

export type FrameRun = FrameLayout['runs'][number];

/** Frames one after another and the navigation axes they are laid out on, slowest first. */
export interface FrameSeries {
  axes: Axis[];
  runs: FrameRun[];
  warnings: string[];
  /** what a person may choose: some of the frames of a series */
  options?: ReadOptions;
}

/** Frames [first, first + count) of runs. */
export function sliceRuns(runs: readonly FrameRun[], first: number, count: number): FrameRun[] {
  const sliced: FrameRun[] = [];
  let before = 0;
  for (const run of runs) {
    const from = Math.max(0, first - before);
    const to = Math.min(run.count, first + count - before);
    if (to > from) sliced.push({ ...run, first: run.first + from * run.step, count: to - from });
    before += run.count;
  }
  return sliced;
}

export const frameCount = (runs: readonly FrameRun[]): number => runs.reduce((sum, { count }) => sum + count, 0);

/** Runs of so many frames: what is too much is left away, what is missing is read as 0 or NaN. */
export function fitRuns(runs: readonly FrameRun[], count: number): FrameRun[] {
  const found = frameCount(runs);
  const kept = found > count ? sliceRuns(runs, 0, count) : [...runs];
  return found < count ? [...kept, { file: -1, first: 0, step: 0, count: count - found }] : kept;
}

/**
 * Frames as a person asks for them: some of a series (`frames`), or laid out on other axes (`navigationShape`, which may
 * have room for a few more or fewer frames than were recorded).
 * @param axes navigation axes as the file tells them; none for a single frame
 * @throws EigenscopeError `parameter-out-of-range` for frames that are not there; `shape-mismatch` for a navigation shape
 * that has nothing to do with the number of frames
 */
export function cutFrames(
  name: string,
  axes: readonly Axis[],
  runs: readonly FrameRun[],
  hints: Pick<ReadHints, 'frames' | 'navigationShape'>,
): FrameSeries {
  const found = frameCount(runs);
  const chosen = axes.length === 1 && found > 1 ? { options: { frames: found } } : {};
  let series: FrameSeries = { axes: [...axes], runs: [...runs], warnings: [], ...chosen };
  if (hints.frames !== undefined) {
    const [first, end] = hints.frames;
    if (end > found) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `${name} has ${found} frames; frames ${first} to ${end} were asked for. The end can be ${found} at most.`,
      );
    }
    const [own] = axes;
    const axis =
      axes.length === 1 && own!.values === undefined
        ? { ...own!, size: end - first, offset: own!.offset + own!.scale * first }
        : plainAxis(navigationName(0), end - first, true);
    series = { axes: [axis], runs: sliceRuns(runs, first, end - first), warnings: [], ...chosen };
  }
  const { navigationShape } = hints;
  if (navigationShape === undefined) return series;
  const wanted = elementCount(navigationShape);
  const there = frameCount(series.runs);
  if (wanted > 2 * there || wanted * 2 < there) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${name} has ${there} frames; a navigation shape of ${navigationShape.join(' × ')} takes ${wanted}. Give one whose product is ${there}.`,
    );
  }
  return {
    axes: navigationShape.map((size, i) => plainAxis(navigationName(navigationShape.length - 1 - i), size, true)),
    runs: fitRuns(series.runs, wanted),
    ...chosen,
    warnings:
      wanted === there
        ? []
        : [
            wanted > there
              ? `${there} of ${wanted} frames are there; the others are read as missing.`
              : `The last ${there - wanted} of ${there} frames are left out by the navigation shape.`,
          ],
  };
}
