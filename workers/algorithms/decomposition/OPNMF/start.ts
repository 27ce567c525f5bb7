import type { InputArray, Job } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { nndsvd, randomStart, type SingularTriplets } from '../pipeline/nndsvd.ts';
import type { Selection } from '../pipeline/masks.ts';
import type { Prepared } from '../pipeline/prepare.ts';
import { keptRows } from '../pipeline/reproject.ts';
import { requireMethod, solveTall } from '../SVD/solve.ts';

export type Init = 'nndsvd' | 'nndsvda' | 'nndsvdar' | 'random' | 'custom';

export interface StartOptions {
  k: number;
  transpose: boolean;
  init: Init;
  /** of all kept, scaled values */
  mean: number;
}

type SharedFloats = Float64Array<SharedArrayBuffer>;

/**
 * The W [kept rows of A × k] to begin with, in shared memory.
 * @param given `init_W`, for the custom start: a row for each pixel (channel with transpose), left-out ones included, in
 *   the units of the loadings (factors); the scaling for Poisson noise is applied to it
 * @throws EigenscopeError `shape-mismatch`, `not-finite`, `negative-data` about `init_W`
 */
export async function startValues(
  prepared: Prepared,
  { k, transpose, init, mean }: StartOptions,
  given: InputArray | undefined,
  job: Job,
  phase: number,
): Promise<SharedFloats> {
  const { pixels, channels, poisson } = prepared;
  const side = transpose ? channels : pixels;
  if (init === 'custom') {
    const values = checkGiven(given, side, k, transpose);
    const scale = poisson ? (transpose ? poisson.channel : poisson.pixel) : undefined;
    return shareFloats(job, keptRows(values, side.keptCount, k, side.kept, scale).data);
  }
  const view = transpose ? { ...prepared.view, transpose: true } : prepared.view;
  return startOf(view, k, init, mean, job, phase);
}

function checkGiven(given: InputArray | undefined, side: Selection, k: number, transpose: boolean): Float64Array {
  const what = transpose ? 'channels' : 'pixels';
  if (!given || given.data.length !== side.size * k || (given.shape.at(-1) !== k && k > 1)) {
    throw new EigenscopeError(
      'shape-mismatch',
      `init_W has shape (${given?.shape.join(', ') ?? ''}); (${side.size}, ${k}) is needed: ` +
        `a row for each of the ${side.size} ${what} and a column for each of the ${k} components.`,
      { parameter: 'init_W', found: given?.shape.join(' × ') ?? '', expected: `${side.size} × ${k}` },
    );
  }
  const bad = given.data.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bad < 0) return given.data;
  const value = given.data[bad]!;
  throw new EigenscopeError(
    value < 0 ? 'negative-data' : 'not-finite',
    `init_W must hold finite numbers that are not negative; row ${Math.floor(bad / k)}, column ${bad % k} is ${value}.`,
    { parameter: 'init_W', value: String(value) },
  );
}

/** W [rows × k] to begin with, of a matrix A with this mean, from its singular vectors or from the seed. */
export async function startOf(
  view: MatrixView,
  k: number,
  init: Exclude<Init, 'custom'>,
  mean: number,
  job: Job,
  phase: number,
): Promise<SharedFloats> {
  const { rows, cols } = viewShape(view);
  const random = createRandom(job.seed);
  if (init === 'random') return shareFloats(job, randomStart(rows, cols, k, mean, random).w);
  return shareFloats(job, nndsvd(await findTriplets(view, k, job, phase), init, mean, random).w);
}

/** The first k singular triplets of A; the same for any seed. */
async function findTriplets(view: MatrixView, k: number, job: Job, phase: number): Promise<SingularTriplets> {
  const { rows, cols } = viewShape(view);
  const wide = rows < cols;
  const [long, short] = wide ? [cols, rows] : [rows, cols];
  const tall = wide ? { ...view, transpose: !view.transpose } : view;
  const target = { out: job.allocate(long * k), rowCount: long, k };
  const phases = { gather: phase, solve: phase, write: phase };
  const task = { view: tall, k, target, job: { ...job, seed: 0 }, phases };
  const { singularValues, right } = await solveTall(task, requireMethod('auto', long, short, k));
  const left = target.out.map((value, at) => {
    const s = singularValues[at % k]!;
    return s > 0 ? value / s : 0;
  });
  return wide
    ? { k, left: right.data, right: left, values: singularValues }
    : { k, left, right: right.data, values: singularValues };
}
