import type { InputArray, Job, RunInput } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Selection } from '../pipeline/masks.ts';
import { nndsvd, randomStart, type NonNegativeStart, type SingularTriplets } from '../pipeline/nndsvd.ts';
import type { Prepared } from '../pipeline/prepare.ts';
import { keptRows } from '../pipeline/reproject.ts';
import { denseLimit, solveTall } from '../SVD/solve.ts';

export type Init = 'random' | 'nndsvd' | 'nndsvda' | 'nndsvdar' | 'custom';

type SharedFloats = Float64Array<SharedArrayBuffer>;

/**
 * W [kept pixels × k] and H [kept channels × k] to begin with, in shared memory, in the scale of the prepared data.
 * @param init null: nndsvda
 * @param mean of the prepared data
 * @throws EigenscopeError `shape-mismatch`, `not-finite`, `negative-data` about `init_W` or `init_H`
 */
export async function findStart(
  prepared: Prepared,
  init: Init | null,
  k: number,
  mean: number,
  inputs: RunInput['inputs'],
  job: Job,
  phases: { gather: number; solve: number },
): Promise<{ w: SharedFloats; h: SharedFloats }> {
  const start =
    init === 'custom'
      ? givenStart(prepared, k, inputs)
      : await computedStart(prepared.view, init ?? 'nndsvda', k, mean, job, phases);
  return { w: shareFloats(job, start.w), h: shareFloats(job, start.h) };
}

async function computedStart(
  view: MatrixView,
  init: Exclude<Init, 'custom'>,
  k: number,
  mean: number,
  job: Job,
  phases: { gather: number; solve: number },
): Promise<NonNegativeStart> {
  const { rows, cols } = viewShape(view);
  const random = createRandom(job.seed).fork('start');
  if (init === 'random') return randomStart(rows, cols, k, mean, random);
  return nndsvd(await findTriplets(view, k, job, phases), init, mean, random);
}

/**
 * The first k singular triplets of A, the same for any seed: exact for small data, by the randomized method otherwise,
 * whose errors are far smaller than what one sweep changes.
 */
async function findTriplets(
  view: MatrixView,
  k: number,
  job: Job,
  phases: { gather: number; solve: number },
): Promise<SingularTriplets> {
  const { rows, cols } = viewShape(view);
  const wide = rows < cols;
  const long = Math.max(rows, cols);
  const tall = wide ? { ...view, transpose: true } : view;
  const target = { out: job.allocate(long * k), rowCount: long, k };
  const method = long <= denseLimit ? 'dense' : 'randomized';
  const task = { view: tall, k, target, job: { ...job, seed: 0 }, phases: { ...phases, write: phases.gather } };
  const { singularValues, right } = await solveTall(task, method);
  const left = new Float64Array(long * k);
  for (let at = 0; at < left.length; at += k) {
    for (let j = 0; j < k; j++) left[at + j] = singularValues[j]! > 0 ? target.out[at + j]! / singularValues[j]! : 0;
  }
  return wide
    ? { k, left: right.data, right: left, values: singularValues }
    : { k, left, right: right.data, values: singularValues };
}

function givenStart({ pixels, channels, poisson }: Prepared, k: number, inputs: RunInput['inputs']): NonNegativeStart {
  const w = rowsOf(inputs['init_W'], 'init_W', pixels, k, 'pixels', false);
  const h = rowsOf(inputs['init_H'], 'init_H', channels, k, 'channels', true);
  return {
    w: keptRows(w, pixels.keptCount, k, pixels.kept, poisson?.pixel).data,
    h: keptRows(h, channels.keptCount, k, channels.kept, poisson?.channel).data,
  };
}

/**
 * A given factor as rows of k values, one for each pixel or channel, left-out ones included.
 * @param lying whether k × size, as scikit-learn has H, is taken first; size × k, as factors are stored, is taken too
 */
function rowsOf(
  given: InputArray | undefined,
  parameter: string,
  side: Selection,
  k: number,
  what: string,
  lying: boolean,
): Float64Array {
  const shape = given?.shape ?? [];
  const isOf = (rows: number, cols: number): boolean =>
    given !== undefined && given.data.length === rows * cols && (cols === 1 || shape.at(-1) === cols);
  const isLying = lying && isOf(k, side.size);
  if (!given || (!isLying && !isOf(side.size, k))) {
    const wanted = lying ? `(${k}, ${side.size}) or (${side.size}, ${k})` : `(${side.size}, ${k})`;
    throw new EigenscopeError(
      'shape-mismatch',
      `${parameter} has shape (${shape.join(', ')}); ${wanted} is needed, for ${side.size} ${what} and ${k} components.`,
      { parameter, found: shape.join(' × '), expected: `${side.size} × ${k}` },
    );
  }
  checkValues(given.data, parameter);
  if (!isLying) return given.data;
  const rows = new Float64Array(given.data.length);
  for (let j = 0; j < k; j++) for (let i = 0; i < side.size; i++) rows[i * k + j] = given.data[j * side.size + i]!;
  return rows;
}

function checkValues(values: Float64Array, parameter: string): void {
  const bad = values.find((value) => !(value >= 0 && value < Infinity));
  if (bad === undefined) return;
  throw new EigenscopeError(
    bad < 0 ? 'negative-data' : 'not-finite',
    `${parameter} must hold finite numbers of 0 or more; it holds ${bad}. Replace such values by 0.`,
    { parameter, value: String(bad) },
  );
}
