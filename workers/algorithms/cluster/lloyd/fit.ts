import type { Job } from '../../../job.ts';
import { shareIndices } from '../../../passes/share.ts';
import { refine, type Fit } from './refine.ts';
import type { Space } from './space.ts';
import { startsPass, type StartResult, type StartsShared, type StartTask } from './starts-pass.ts';
import { runTasks } from './task-pass.ts';

export interface KMeansOptions {
  init: 'k-means++' | 'random';
  nInit: number;
  maxIter: number;
  tol: number;
}

/**
 * k-means with several random starts for each of several numbers of clusters; the partition of the lowest inertia is
 * kept for each. In narrow data every start runs to its end in one thread, and the best goes on until no point changes.
 * Wide data start on their strongest directions, and what the starts lead to, each optimum once, goes on with all
 * columns.
 * @param phases of the starts and of the refinement
 */
export async function fitKmeans(
  space: Space,
  ks: readonly number[],
  options: KMeansOptions,
  job: Job,
  phases: { start: number; refine: number },
): Promise<Fit[]> {
  const [fits] = await fitSets([space], ks, options, job, phases);
  return fits!;
}

/** The same for several sets of rows, with all starts of all of them spread over the threads. */
export async function fitSets(
  spaces: readonly Space[],
  ks: readonly number[],
  { init, nInit, maxIter, tol }: KMeansOptions,
  job: Job,
  phases: { start: number; refine: number },
): Promise<Fit[][]> {
  const isWhole = spaces.every((space) => space.isWhole);
  const starts = Math.max(1, nInit);
  // large k beside small k: parts take about equally long
  const tasks: StartTask[] = spaces.flatMap((_, set) =>
    Array.from({ length: starts }, (_none, start) =>
      ks.filter((k) => k > 1 || start === 0).map((k) => ({ set, k, start })),
    ).flat(),
  );
  const sets = spaces.map(({ compact, n, width, isWhole: whole }) => ({
    data: compact,
    n,
    cols: width,
    // on the strongest directions to the very end: runs that lead to the same optimum are then known by it
    tol: whole ? tol : 0,
  }));
  const common = { sets, init, maxIter, seed: job.seed };
  const keep = isWhole ? ('best' as const) : ('all' as const);
  const results = await runTasks(startsPass, tasks.length, { ...common, tasks, keep }, job, phases.start);
  const of = (set: number, k: number): StartResult[] =>
    results.filter(({ task }) => tasks[task]!.set === set && tasks[task]!.k === k);
  if (isWhole) {
    const bests = spaces.map((_, set) => ks.map((k) => best(of(set, k))));
    return finishNarrow(bests, ks, common, job, phases.refine);
  }
  const fits: Fit[][] = [];
  for (const [set, space] of spaces.entries()) {
    const ofSet: Fit[] = [];
    for (const k of ks) {
      const runs = distinct(of(set, k));
      const labels = runs.map((run) => run.labels);
      const fit = await refine(space, labels, { k, maxIter, tol, phase: phases.refine }, job);
      ofSet.push({ ...fit, iterations: fit.iterations + runs[0]!.iterations });
    }
    fits.push(ofSet);
  }
  return fits;
}

/** Carries the best starts on until no point changes its cluster. */
async function finishNarrow(
  bests: readonly (readonly StartResult[])[],
  ks: readonly number[],
  common: Omit<StartsShared, 'tasks' | 'keep'>,
  job: Job,
  phase: number,
): Promise<Fit[][]> {
  const tasks = bests.flatMap((ofSet, set) =>
    ofSet.map(({ centres, iterations }, i): StartTask => {
      const maxIter = Math.max(1, common.maxIter - iterations);
      return { set, k: ks[i]!, start: 0, from: { centres, maxIter } };
    }),
  );
  const ended = await runTasks(startsPass, tasks.length, { ...common, tasks, keep: 'all' }, job, phase);
  return bests.map((ofSet, set) =>
    ofSet.map((before, i) => {
      const last = ended.find(({ task }) => task === set * ks.length + i)!;
      const { labels, inertia } = last;
      const iterations = before.iterations + last.iterations - 1;
      return { labels: shareIndices(labels), inertia, iterations, converged: last.converged || before.converged };
    }),
  );
}

const best = (results: readonly StartResult[]): StartResult =>
  [...results].sort((a, b) => a.inertia - b.inertia || a.task - b.task)[0]!;

/** One run of each optimum, by its inertia: the rest would end where these do. */
function distinct(results: readonly StartResult[]): StartResult[] {
  const found: StartResult[] = [];
  for (const result of [...results].sort((a, b) => a.inertia - b.inertia || a.task - b.task)) {
    const last = found.at(-1);
    if (!last || result.inertia - last.inertia > 1e-9 * Math.abs(last.inertia)) found.push(result);
  }
  return found;
}
