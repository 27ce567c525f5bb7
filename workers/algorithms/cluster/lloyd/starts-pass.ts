import { kernels } from '../../../kernels/kernels.ts';
import { createRandom } from '../../../linalg/random.ts';
import { lloyd, type LloydResult } from './bounded-lloyd.ts';
import { taskPass } from './task-pass.ts';

/** One random start of one clustering. */
export interface StartTask {
  /** which of the point sets */
  set: number;
  k: number;
  start: number;
  /** goes on from these centres [k × cols] until no point changes its cluster, for at most so many iterations */
  from?: { centres: Float64Array; maxIter: number };
}

export interface StartsShared {
  /** point sets in shared memory, n × cols each */
  sets: readonly { data: Float64Array; n: number; cols: number; tol: number }[];
  tasks: readonly StartTask[];
  init: 'k-means++' | 'random';
  maxIter: number;
  seed: number;
  /** keep the best start of each set and k, or all */
  keep: 'best' | 'all';
}

export interface StartResult extends LloydResult {
  task: number;
}

/** How often a start computes the distances of all points to all centres, about: the bounds spare most. */
const looks = 12;

/** Lloyd's method from several starts, each in one thread. */
export const startsPass = taskPass<StartsShared, StartResult>(
  'kmeans-starts',
  ({ sets }) => 4 * Math.max(1, ...sets.map(({ n }) => n)),
  (tasks, shared, check) => {
    const kernel = kernels();
    const results: StartResult[] = [];
    let loaded = -1;
    let address = 0;
    try {
      for (const task of tasks) {
        const { set, k, start, from } = shared.tasks[task]!;
        const { data, n, cols, tol } = shared.sets[set]!;
        if (set !== loaded) {
          if (loaded >= 0) kernel.free(address);
          loaded = -1;
          address = kernel.allocate(n * cols * 8);
          loaded = set;
          kernel.f64(address, n * cols).set(data);
        }
        const random = createRandom(shared.seed).fork('kmeans').fork(set).fork(k).fork(start);
        const options = from
          ? { k, init: shared.init, tol: 0, ...from }
          : { k, init: shared.init, maxIter: shared.maxIter, tol };
        results.push({ task, ...lloyd({ n, cols, address }, options, random, check) });
      }
    } finally {
      if (loaded >= 0) kernel.free(address);
    }
    return results;
  },
  (results, { tasks, keep }) => (keep === 'all' ? results : bestOfEach(results, tasks)),
  ({ sets, tasks }) => {
    const each = tasks.map(({ set, k }) => sets[set]!.n * sets[set]!.cols * k * looks);
    return each.reduce((sum, operations) => sum + operations, 0) / tasks.length;
  },
);

/** The start of the lowest inertia for each set and k, the earliest on ties. */
export function bestOfEach(results: readonly StartResult[], tasks: readonly StartTask[]): StartResult[] {
  const best = new Map<string, StartResult>();
  for (const result of [...results].sort((a, b) => a.task - b.task)) {
    const { set, k } = tasks[result.task]!;
    const known = best.get(`${set} ${k}`);
    if (!known || result.inertia < known.inertia) best.set(`${set} ${k}`, result);
  }
  return [...best.values()];
}
