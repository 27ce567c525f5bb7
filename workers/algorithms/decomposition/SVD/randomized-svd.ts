import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { columns, createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { normalProductPass, type NormalProduct } from '../../../passes/normal-product.ts';
import { projectBasisPass, type ProjectBasisShared } from '../../../passes/project-basis.ts';
import { shareFloats } from '../../../passes/share.ts';
import { sketchPass } from '../../../passes/sketch.ts';
import { storedRows } from '../../../passes/stored-rows.ts';
import { targetView, type LeftTarget, type SolveTask, type TallSvd } from './tall-svd.ts';
import { writeLeft } from './write-left.ts';

/** Random directions beyond the k that are wanted. */
const oversampling = 10;
/** Looks at the data while directions are sought. A Krylov space of 4 blocks finds more than 7 rounds of iteration. */
const rounds = 4;
/** All blocks together; beyond, the small eigenproblem would cost more than further looks, and only the last is kept. */
const widestSpace = 512;
/** Up to this many numbers the messages of a pass take longer than its work. */
const fewNumbers = 2 ** 20;
/** Mean squares for which the squares of single precision neither overflow nor vanish. */
const safeMeanSquare = { least: 1e-24, most: 1e24 };

/**
 * Randomized block Krylov method. Starting from k + 10 random directions, AᵀA is applied 4 times; all blocks met on the
 * way span the space in which the best k + 10 directions W are taken (Rayleigh–Ritz), and one last application of AᵀA,
 * which is known without another look at A, sharpens them. The search runs in single precision; A·W, its Gram matrix
 * and all results are double precision.
 *
 * HyperSpy's randomized solver repeats the application 7 times and throws all but the last block away; keeping them
 * reaches smaller errors with fewer looks at the data.
 * @see Musco & Musco, NeurIPS 28 (2015), algorithm 2; Halko, Martinsson & Tropp, SIAM Review 53, 217 (2011)
 */
export async function randomizedSvd(task: SolveTask): Promise<TallSvd> {
  const { view, k, job, phases } = task;
  const { rows, cols } = viewShape(view);
  const width = Math.min(cols, k + oversampling);
  const { directions, energy } = await findDirections(task, width);
  job.control.check();
  const projected: LeftTarget = { out: job.allocate(rows * width), rowCount: rows, k: width };
  const { view: stored, ...factors } = storedRows(view, job);
  const basis = shareFloats(job, directions.data);
  const shared: ProjectBasisShared = { basis, k: width, out: projected.out, ...factors };
  const gram = await job.run(projectBasisPass, stored, shared, phases.write);
  const { vectors } = eigh(createMatrix(width, width, gram));
  const rotation = columns(vectors, k);
  const right = multiply(directions, rotation);
  // of few numbers in this thread: the same parts, so the same bits, without a message for each
  const here = rows * width <= fewNumbers ? createLocalJob(job.seed, job.control) : job;
  const left = await writeLeft({ ...task, job: { ...job, run: here.run }, view: targetView(projected) }, rotation);
  return { singularValues: left.energy.map(Math.sqrt), right, peaks: left.peak, energy };
}

/** An orthonormal basis [cols × width] that holds the leading right singular vectors as well as the search finds them. */
async function findDirections(task: SolveTask, width: number): Promise<{ directions: Matrix; energy: number }> {
  const { view, job, phases } = task;
  const { rows, cols } = viewShape(view);
  const random = createRandom(job.seed);
  const start = createMatrix(cols, width);
  for (let i = 0; i < start.data.length; i++) start.data[i] = random.gaussian();
  const keptBlocks = Math.max(1, Math.min(rounds, Math.floor(Math.min(cols, widestSpace) / width)));
  const space: Matrix[] = [];
  const images: Matrix[] = [];
  let block = qrThin(start).q;
  const { view: stored, ...factors } = storedRows(view, job);
  let isSingle = true;
  let energy = 0;
  // Without room for a whole Krylov space, further rounds of plain iteration take its place.
  const looks = keptBlocks === rounds ? rounds : 2 * rounds;
  for (let look = 0; look < looks; look++) {
    job.control.check();
    const apply = (): Promise<NormalProduct> => {
      const shared = { omega: shareFloats(job, block.data), k: width, wantsEnergy: look === 0 };
      return isSingle
        ? job.run(sketchPass, stored, { ...shared, ...factors }, phases.gather)
        : job.run(normalProductPass, view, shared, phases.gather);
    };
    let found = await apply();
    if (look === 0) {
      if (!isSafe(found.energy / (rows * cols)) || !found.product.every(Number.isFinite)) {
        isSingle = false;
        found = await apply();
      }
      energy = found.energy;
    }
    space.push(block);
    images.push(createMatrix(cols, width, found.product));
    if (space.length > keptBlocks) {
      space.shift();
      images.shift();
    }
    if (look < looks - 1) block = nextBlock(space, images.at(-1)!, keptBlocks > 1);
  }
  const [basis, image] = [sideBySide(space), sideBySide(images)];
  // Without room for a whole Krylov space the blocks kept are not orthogonal to each other.
  if (keptBlocks < rounds) return { directions: qrThin(images.at(-1)!).q, energy };
  const { vectors } = eigh(symmetric(multiply(basis, image, { transposeA: true })), { k: width });
  return { directions: qrThin(multiply(image, vectors)).q, energy };
}

const isSafe = (meanSquare: number): boolean =>
  meanSquare === 0 || (meanSquare > safeMeanSquare.least && meanSquare < safeMeanSquare.most);

/** An orthonormal block for the next look: the image, in a Krylov space without what lies in the space already. */
function nextBlock(space: readonly Matrix[], image: Matrix, isKrylov: boolean): Matrix {
  const block = createMatrix(image.rows, image.cols, image.data.slice());
  // twice: once leaves rounding errors of the size of what was taken away
  for (let turn = 0; isKrylov && turn < 2; turn++) {
    for (const known of space) {
      const shadow = multiply(known, multiply(known, block, { transposeA: true }));
      for (let i = 0; i < block.data.length; i++) block.data[i]! -= shadow.data[i]!;
    }
  }
  return qrThin(block).q;
}

function sideBySide(blocks: readonly Matrix[]): Matrix {
  const [first] = blocks;
  if (blocks.length === 1) return first!;
  const { rows, cols } = first!;
  const whole = createMatrix(rows, cols * blocks.length);
  blocks.forEach(({ data }, b) => {
    for (let i = 0; i < rows; i++) whole.data.set(data.subarray(i * cols, (i + 1) * cols), i * whole.cols + b * cols);
  });
  return whole;
}

/** Rounding in single precision leaves KᵀAᵀAK symmetric to six digits only. */
function symmetric(t: Matrix): Matrix {
  const { rows: n, data } = t;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (data[i * n + j]! + data[j * n + i]!) / 2;
      data[i * n + j] = mean;
      data[j * n + i] = mean;
    }
  }
  return t;
}
