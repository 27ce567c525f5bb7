import { kernels } from '../../../kernels/kernels.ts';
import { taskPass } from '../lloyd/task-pass.ts';

interface NeighbourShared {
  /** points n × cols */
  data: Float64Array;
  n: number;
  cols: number;
  /** rows of each task */
  bounds: Int32Array;
  squaredEps: number;
  minSamples: number;
}

interface CoreShared extends NeighbourShared {
  /** 1 where a point is a core point; each task writes its own rows */
  core: Uint8Array;
}

export interface LinkShared extends CoreShared {
  /** written in the rows of the task: for points that are not core, the first core point within reach, else −1 */
  anchors: Int32Array;
}

/** Points beside which one is put in kernel memory at once. */
const together = 512;

/** Squared distances of one row of the task to all, some at a time; `use` says whether to go on. */
function eachRow(
  { data, n, cols, bounds }: NeighbourShared,
  tasks: readonly number[],
  check: () => void,
  wanted: (row: number) => boolean,
  use: (row: number, first: number, squares: Float64Array) => boolean,
): void {
  const kernel = kernels();
  kernel.scope((allocate) => {
    const [allAt, outAt] = [allocate(n * cols * 8), allocate(together * 8)];
    kernel.f64(allAt, n * cols).set(data);
    const squares = kernel.f64(outAt, together);
    for (const task of tasks) {
      for (let row = bounds[task]!; row < bounds[task + 1]!; row++) {
        if (row % 16 === 0) check();
        if (!wanted(row)) continue;
        const point = allAt + row * cols * 8;
        for (let first = 0; first < n; first += together) {
          const count = Math.min(together, n - first);
          kernel.run.squaredDistances(count, cols, 1, allAt + first * cols * 8, point, outAt);
          if (!use(row, first, count === together ? squares : squares.subarray(0, count))) break;
        }
      }
    }
  });
}

/** Which points have enough others within reach; counting ends when they are enough. */
export const corePointsPass = taskPass<CoreShared, null>(
  'dbscan-core',
  () => 8,
  (tasks, shared, check) => {
    const { squaredEps, minSamples, core } = shared;
    let current = -1;
    let found = 0;
    eachRow(
      shared,
      tasks,
      check,
      () => true,
      (row, _first, squares) => {
        if (row !== current) [current, found] = [row, 0];
        for (let i = 0; i < squares.length; i++) if (squares[i]! <= squaredEps) found++;
        if (found < minSamples) return true;
        core[row] = 1;
        return false;
      },
    );
    return [];
  },
);

/**
 * Joins core points within reach of each other.
 * @returns one forest of all points: each points to one that is not behind it, or to itself
 */
export const linkCoresPass = taskPass<CoreShared, Int32Array>(
  'dbscan-link',
  ({ n }) => 4 * n,
  (tasks, shared, check) => {
    const { core, squaredEps, n } = shared;
    const forest = Int32Array.from({ length: n }, (_, i) => i);
    eachRow(
      shared,
      tasks,
      check,
      (row) => core[row] === 1,
      (row, first, squares) => {
        // pairs are seen from both sides: the one behind is enough
        if (first > row) return false;
        for (let i = 0; i < squares.length; i++) {
          if (squares[i]! <= squaredEps && core[first + i] === 1) join(forest, row, first + i);
        }
        return true;
      },
    );
    return [forest];
  },
  (forests) => [forests.reduce(joinForests)],
);

/** Core points within reach of the points that are none: the one of the lowest cluster, by `anchors` as cluster numbers. */
export const borderPass = taskPass<LinkShared & { clusters: Int32Array }, null>(
  'dbscan-border',
  () => 8,
  (tasks, shared, check) => {
    const { core, squaredEps, anchors, clusters } = shared;
    eachRow(
      shared,
      tasks,
      check,
      (row) => core[row] === 0,
      (row, first, squares) => {
        for (let i = 0; i < squares.length; i++) {
          if (squares[i]! > squaredEps || core[first + i] === 0) continue;
          const cluster = clusters[first + i]!;
          if (anchors[row]! < 0 || cluster < anchors[row]!) anchors[row] = cluster;
        }
        return true;
      },
    );
    return [];
  },
);

export function rootOf(forest: Int32Array, point: number): number {
  let root = point;
  while (forest[root] !== root) root = forest[root]!;
  while (forest[point] !== root) [forest[point], point] = [root, forest[point]!];
  return root;
}

/** The lower of the two roots becomes the root of both: the first point of a cluster names it. */
function join(forest: Int32Array, a: number, b: number): void {
  const [x, y] = [rootOf(forest, a), rootOf(forest, b)];
  if (x < y) forest[y] = x;
  else if (y < x) forest[x] = y;
}

export function joinForests(a: Int32Array, b: Int32Array): Int32Array {
  for (let i = 0; i < b.length; i++) if (b[i] !== i) join(a, i, b[i]!);
  return a;
}
